#include "sentio/feeds/alpaca_messages.h"

#include <cmath>

#include "json_items.h"

namespace sentio {
namespace {

using items::Json;

void read_bar(const Json& j, bool revised, SymbolId symbol, AlpacaFrame& frame) {
  const auto start = parse_timestamp(items::text(j, "t"));
  Bar bar = items::prices(j);
  if (const char* why = items::why_left_out(start.has_value(), bar)) {
    frame.events.emplace_back(FeedNote{std::string("a bar that ") + why});
    return;
  }
  bar.start = *start;
  frame.events.emplace_back(FeedBar{.symbol = symbol, .bar = bar, .revised = revised});
}

void read_status(const Json& j, SymbolId symbol, AlpacaFrame& frame) {
  const std::string code = items::text(j, "sc");
  const auto halted = halt_from_status(code, items::text(j, "z"));
  if (!halted) return;
  frame.events.emplace_back(FeedHalt{symbol, *halted, items::tamed(code), items::tamed(items::text(j, "rc"))});
}

void read_best_prices(const Json& j, SymbolId symbol, AlpacaFrame& frame) {
  const double bid = items::number(j, "bp"), ask = items::number(j, "ap");
  const auto at = parse_timestamp(items::text(j, "t"));
  // One-sided quotes come with a zero on the empty side.
  if (!at || !(bid > 0) || !(ask > 0) || !std::isfinite(bid) || !std::isfinite(ask)) return;
  frame.events.emplace_back(FeedQuote{symbol, bid, ask, *at});
}

void read_data(const Json& j, const std::string& kind, const Universe& universe, AlpacaFrame& frame) {
  if (kind != "b" && kind != "u" && kind != "s" && kind != "q") return;
  const auto symbol = universe.find(items::text(j, "S"));
  if (!symbol) return;
  if (kind == "s") {
    read_status(j, *symbol, frame);
  } else if (kind == "q") {
    read_best_prices(j, *symbol, frame);
  } else {
    read_bar(j, kind == "u", *symbol, frame);
  }
}

void read_control(const Json& j, const std::string& kind, AlpacaFrame& frame) {
  AlpacaControl control;
  if (kind == "success") {
    const std::string message = items::text(j, "msg");
    if (message != "connected" && message != "authenticated") return;
    control.kind =
        message == "connected" ? AlpacaControl::Kind::connected : AlpacaControl::Kind::authenticated;
  } else if (kind == "error") {
    const double code = items::number(j, "code");
    control.code = code >= 0 && code < 1e6 ? static_cast<int>(code) : 0;
    control.message = items::tamed(items::text(j, "msg"));
  } else {
    control.kind = AlpacaControl::Kind::subscription;
    if (const Json* bars = fields::member(j, "bars"); bars != nullptr && bars->is_array()) {
      for (const Json& name : *bars) {
        if (name.is_string()) control.bars.push_back(name.get<std::string>());
      }
    }
  }
  frame.controls.push_back(std::move(control));
}

Json names(const Universe& universe) {
  Json list = Json::array();
  for (const SymbolInfo& symbol : universe) list.push_back(symbol.name);
  return list;
}

}  // namespace

Result<AlpacaFrame> parse_alpaca_frame(std::string_view text, const Universe& universe) {
  const Json j = items::parse(text);
  if (!j.is_array()) return fail(Errc::malformed, "alpaca data", "a frame that is no JSON array");
  AlpacaFrame frame;
  for (const Json& item : j) {
    const std::string kind = items::text(item, "T");
    if (kind == "success" || kind == "error" || kind == "subscription") {
      read_control(item, kind, frame);
    } else {
      read_data(item, kind, universe, frame);
    }
  }
  return frame;
}

std::optional<bool> halt_from_status(std::string_view code, std::string_view tape) {
  if (code.size() != 1) return std::nullopt;
  if (tape == "A" || tape == "B") {
    if (code == "2") return true;
    if (code == "3") return false;
    return std::nullopt;
  }
  if (code == "H" || code == "P") return true;
  if (code == "T") return false;
  return std::nullopt;
}

std::string alpaca_auth_message(std::string_view key, std::string_view secret) {
  return Json{{"action", "auth"}, {"key", key}, {"secret", secret}}.dump(-1, ' ', true,
                                                                         Json::error_handler_t::replace);
}

std::string alpaca_subscribe_message(const Universe& universe, bool quotes) {
  const Json symbols = names(universe);
  Json j{{"action", "subscribe"}, {"bars", symbols}, {"updatedBars", symbols}, {"statuses", symbols}};
  if (quotes) j["quotes"] = symbols;
  return j.dump();
}

std::string alpaca_subscribe_bars_message(const Universe& universe) {
  return Json{{"action", "subscribe"}, {"bars", names(universe)}}.dump();
}

}  // namespace sentio
