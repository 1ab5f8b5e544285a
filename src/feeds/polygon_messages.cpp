#include "sentio/feeds/polygon_messages.h"

#include "json_items.h"

namespace sentio {
namespace {

using items::Json;

void read_aggregate(const Json& j, SymbolId symbol, PolygonFrame& frame) {
  const auto start = items::milliseconds(j, "s");
  Bar bar = items::prices(j);
  if (const char* why = items::why_left_out(start.has_value(), bar)) {
    frame.events.emplace_back(FeedNote{std::string("an aggregate that ") + why});
    return;
  }
  bar.start = *start;
  frame.events.emplace_back(FeedBar{.symbol = symbol, .bar = bar});
}

void read_quote(const Json& j, SymbolId symbol, PolygonFrame& frame) {
  const double bid = items::number(j, "bp"), ask = items::number(j, "ap");
  const auto at = items::milliseconds(j, "t");
  // One-sided quotes come with a zero on the empty side.
  if (!at || !(bid > 0) || !(ask > 0) || !std::isfinite(bid) || !std::isfinite(ask)) return;
  frame.events.emplace_back(FeedQuote{symbol, bid, ask, *at});
}

PolygonStatus status(const Json& j) {
  using Kind = PolygonStatus::Kind;
  static constexpr std::pair<std::string_view, Kind> kKinds[]{{"connected", Kind::connected},
                                                              {"auth_success", Kind::auth_success},
                                                              {"auth_failed", Kind::auth_failed},
                                                              {"auth_timeout", Kind::auth_timeout},
                                                              {"success", Kind::success},
                                                              {"max_connections", Kind::max_connections},
                                                              {"error", Kind::error}};
  PolygonStatus s{Kind::other, items::tamed(items::text(j, "message"))};
  const std::string word = items::text(j, "status");
  for (const auto& [name, kind] : kKinds) {
    if (word == name) s.kind = kind;
  }
  return s;
}

}  // namespace

Result<PolygonFrame> parse_polygon_frame(std::string_view text, const Universe& universe) {
  const Json j = items::parse(text);
  if (!j.is_array()) return fail(Errc::malformed, "polygon data", "a frame that is no JSON array");
  PolygonFrame frame;
  for (const Json& item : j) {
    const std::string kind = items::text(item, "ev");
    if (kind == "status") frame.statuses.push_back(status(item));
    if (kind != "AM" && kind != "Q") continue;
    const auto symbol = universe.find(items::text(item, "sym"));
    if (!symbol) continue;
    if (kind == "AM") {
      read_aggregate(item, *symbol, frame);
    } else {
      read_quote(item, *symbol, frame);
    }
  }
  return frame;
}

std::string polygon_auth_message(std::string_view key) {
  return Json{{"action", "auth"}, {"params", key}}.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string polygon_subscribe_message(const Universe& universe, bool quotes) {
  std::string topics;
  for (const std::string_view channel : {"AM.", "Q."}) {
    if (channel == "Q." && !quotes) continue;
    for (const SymbolInfo& symbol : universe) {
      if (!topics.empty()) topics += ',';
      topics += channel;
      topics += symbol.name;
    }
  }
  return Json{{"action", "subscribe"}, {"params", topics}}.dump();
}

}  // namespace sentio
