/// Events to JSON lines and back.

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "sentio/core/text/json_line.h"
#include "sentio/core/unwrap.h"
#include "sentio/store/journal.h"

namespace sentio {

namespace {

using Json = nlohmann::json;
using Symbols = std::span<const std::string>;

constexpr std::string_view kSeq = "{\"seq\":";

JsonLine numbered_line(std::string& out, TimePoint now, int seq) {
  JsonLine line(out);
  if (seq != 0) line.integer("seq", seq);
  line.text("now", format_utc(now));
  return line;
}

/// The number a line begins with; 0: none.
int seq_of(std::string_view line) {
  int seq = 0;
  if (line.starts_with(kSeq)) std::from_chars(line.data() + kSeq.size(), line.data() + line.size(), seq);
  return seq;
}

/// A number within bounds: conversions to small types would cut the others to some that make sense.
template <class T>
T integer_in(const Json& j, int first, int last) {
  if (!j.is_number_integer() || j < first || j > last) {
    throw std::invalid_argument(j.dump() + " is not between " + std::to_string(first) + " and " + std::to_string(last));
  }
  return static_cast<T>(j.get<int>());
}

std::string order_json(const OrderKey& key, Symbols symbols) {
  std::string out;
  JsonLine line(out);
  line.text("session", format_date(key.session)).integer("minute", key.minute).text("symbol", symbols[key.symbol]);
  line.text("side", to_string(key.side)).integer("attempt", key.attempt).end();
  out.pop_back();  // the newline
  return out;
}

/// Writes each kind of event; the reader below is its mirror.
struct EventWriter {
  std::string& out;
  TimePoint now;
  Symbols symbols;
  int seq;

  [[nodiscard]] JsonLine head(std::string_view event) const {
    JsonLine line = numbered_line(out, now, seq);
    line.text("event", event);
    return line;
  }

  void operator()(const SessionOpened& e) const {
    head("session_opened").text("date", format_date(e.hours.date)).boolean("trading", e.trading).end();
  }
  void operator()(const BarsArrived& e) const {
    JsonLine line = head("bars");
    line.integer("minute", e.minute).boolean("observe_only", e.observe_only);
    std::string bars = "{";
    for (std::size_t i = 0; i < e.bars.size(); ++i) {
      if (!e.bars[i]) continue;
      if (bars.size() > 1) bars.push_back(',');
      append_json_string(bars, symbols[i]);
      bars += ":[";
      const Bar& b = *e.bars[i];
      for (const double v : {b.open, b.high, b.low, b.close, b.volume}) {
        append_number(bars, v);
        bars.push_back(',');
      }
      bars.back() = ']';
    }
    bars.push_back('}');
    line.raw("bars", bars).end();
  }
  void operator()(const OrderFilled& e) const {
    const Fill& f = e.fill;
    JsonLine line = head("fill");
    line.raw("order", order_json(f.order, symbols)).number("qty", f.qty.v).number("price", f.price.v);
    line.text("at", format_utc(f.at)).text("execution", std::to_string(f.execution));
    line.boolean("last_resort", f.last_resort).number("spread_cost", f.spread_cost).end();
  }
  void operator()(const OrderCanceled& e) const {
    JsonLine line = head("canceled");
    line.raw("order", order_json(e.order, symbols)).text("reason", to_string(e.reason)).end();
  }
  void operator()(const OrderRejected& e) const {
    JsonLine line = head("rejected");
    line.raw("order", order_json(e.order, symbols)).text("detail", e.detail);
    if (e.scope != RefusalScope::order) line.text("scope", to_string(e.scope));
    line.end();
  }
  void operator()(const PositionAdopted& e) const {
    JsonLine line = head("adopted");
    line.text("symbol", symbols[e.symbol]).number("qty", e.qty.v).number("avg_entry", e.avg_entry.v).end();
  }
  void operator()(const PositionClosedByBroker& e) const {
    JsonLine line = head("closed_by_broker");
    line.text("symbol", symbols[e.symbol]).number("qty", e.qty.v).number("price", e.price.v);
    line.text("at", format_utc(e.at)).end();
  }
  void operator()(const EodTimer&) const { head("eod_timer").end(); }
  void operator()(const SessionClosed&) const { head("session_closed").end(); }
  void operator()(const EntriesSuspended& e) const {
    head("entries_suspended").boolean("on", e.suspended).end();
  }
  void operator()(const MaintenanceMode& e) const { head("maintenance").boolean("on", e.on).end(); }
  void operator()(const SymbolHalted& e) const {
    head("halted").text("symbol", symbols[e.symbol]).boolean("on", e.halted).end();
  }
  void operator()(const BreakerLatched&) const { head("breaker_latched").end(); }
  void operator()(const FlattenRequested&) const { head("flatten").end(); }
};

// The reader throws nlohmann exceptions and std::invalid_argument; parse_event() turns them into one Error.
SymbolId symbol_of(const std::string& name, Symbols symbols) {
  const auto at = std::find(symbols.begin(), symbols.end(), name);
  if (at == symbols.end()) throw std::invalid_argument("unknown symbol " + name);
  return static_cast<SymbolId>(at - symbols.begin());
}

TimePoint time_of(const Json& j) { return unwrap(parse_timestamp(j.get<std::string>())); }

Side side_of(const std::string& side) {
  if (side != "buy" && side != "sell") throw std::invalid_argument("unknown side " + side);
  return side == "buy" ? Side::buy : Side::sell;
}

OrderKey order_of(const Json& j, Symbols symbols) {
  return {.session = unwrap(parse_date(j.at("session").get<std::string>())),
          .minute = integer_in<std::int16_t>(j.at("minute"), 0, kFullSessionMinutes - 1),
          .symbol = symbol_of(j.at("symbol").get<std::string>(), symbols),
          .side = side_of(j.at("side").get<std::string>()),
          .attempt = integer_in<std::uint8_t>(j.at("attempt"), 0, 255)};
}

BarsArrived bars_of(const Json& j, Symbols symbols, const SessionHours& hours) {
  BarsArrived e;
  e.minute = integer_in<int>(j.at("minute"), 0, hours.minutes - 1);
  e.observe_only = j.at("observe_only").get<bool>();
  e.bars.resize(symbols.size());
  for (const auto& [name, v] : j.at("bars").items()) {
    e.bars[symbol_of(name, symbols)] = Bar{.start = hours.minute_start(e.minute),
                                           .open = v.at(0).get<double>(),
                                           .high = v.at(1).get<double>(),
                                           .low = v.at(2).get<double>(),
                                           .close = v.at(3).get<double>(),
                                           .volume = v.at(4).get<double>()};
  }
  return e;
}

OrderFilled fill_of(const Json& j, Symbols symbols) {
  return {Fill{.order = order_of(j.at("order"), symbols),
               .qty = Qty{j.at("qty").get<double>()},
               .price = Price{j.at("price").get<double>()},
               .at = time_of(j.at("at")),
               .execution = std::stoull(j.at("execution").get<std::string>()),
               .last_resort = j.at("last_resort").get<bool>(),
               .spread_cost = j.at("spread_cost").get<double>()}};
}

// Absent in journals of before, and where it says nothing.
RefusalScope scope_of(const Json& j) {
  const std::string text = j.value("scope", "order");
  for (const RefusalScope scope : {RefusalScope::order, RefusalScope::symbol, RefusalScope::account}) {
    if (to_string(scope) == text) return scope;
  }
  throw std::invalid_argument("unknown scope " + text);
}

Reason reason_of(const std::string& text) {
  return text == to_string(Reason::entry_expired) ? Reason::entry_expired : Reason::broker_canceled;
}

Event event_of(const Json& j, Symbols symbols, const SessionHours& hours) {
  const auto kind = j.at("event").get<std::string>();
  if (kind == "bars") return bars_of(j, symbols, hours);
  if (kind == "fill") return fill_of(j, symbols);
  if (kind == "canceled") {
    return OrderCanceled{order_of(j.at("order"), symbols), reason_of(j.at("reason").get<std::string>())};
  }
  if (kind == "rejected") {
    return OrderRejected{order_of(j.at("order"), symbols), j.at("detail").get<std::string>(), scope_of(j)};
  }
  if (kind == "adopted") {
    return PositionAdopted{symbol_of(j.at("symbol").get<std::string>(), symbols), Qty{j.at("qty").get<double>()},
                           Price{j.at("avg_entry").get<double>()}};
  }
  if (kind == "closed_by_broker") {
    return PositionClosedByBroker{symbol_of(j.at("symbol").get<std::string>(), symbols), Qty{j.at("qty").get<double>()},
                                  Price{j.at("price").get<double>()}, time_of(j.at("at"))};
  }
  if (kind == "session_opened") {
    const auto date = unwrap(parse_date(j.at("date").get<std::string>()));
    if (date != hours.date) throw std::invalid_argument("another session's event");
    return SessionOpened{.hours = hours, .trading = j.at("trading").get<bool>()};
  }
  if (kind == "session_closed") return SessionClosed{};
  if (kind == "eod_timer") return EodTimer{};
  if (kind == "entries_suspended") return EntriesSuspended{j.at("on").get<bool>()};
  if (kind == "maintenance") return MaintenanceMode{j.at("on").get<bool>()};
  if (kind == "halted") return SymbolHalted{symbol_of(j.at("symbol").get<std::string>(), symbols), j.at("on").get<bool>()};
  if (kind == "breaker_latched") return BreakerLatched{};
  if (kind == "flatten") return FlattenRequested{};
  throw std::invalid_argument("unknown event \"" + kind + "\"");
}

}  // namespace

void append_event(std::string& out, TimePoint now, const Event& event, Symbols symbols, int seq) {
  std::visit(EventWriter{out, now, symbols, seq}, event);
}

void append_note(std::string& out, TimePoint now, std::string_view note, std::string_view text, int seq) {
  numbered_line(out, now, seq).text("note", note).text("text", text).end();
}

Result<> JournalNumbers::take(std::string_view line, std::string_view where) {
  const int found = seq_of(line);
  if (++line_ == 2) numbered_ = found != 0;
  if (found == (numbered_ ? line_ : 0)) return {};
  const std::string expected = numbered_ ? "\"seq\":" + std::to_string(line_) : "no \"seq\", as in the lines before,";
  return fail(Errc::malformed, std::string(where),
              expected + " expected, found " + (found != 0 ? std::to_string(found) : "none") +
                  ": a line is missing, out of place or there twice");
}

bool is_note(std::string_view line) {
  const auto at = line.find(",\"note\":");
  return at != std::string_view::npos && at < 80;  // right after "now"
}

std::optional<std::string> note_text(std::string_view line, std::string_view kind) {
  if (!is_note(line)) return std::nullopt;
  const Json j = Json::parse(line, nullptr, false);
  if (!j.is_object() || !j.contains("note") || j["note"] != kind) return std::nullopt;
  const auto text = j.find("text");
  return text != j.end() && text->is_string() ? text->get<std::string>() : std::string();
}

Result<TimedEvent> parse_event(std::string_view line, Symbols symbols, const SessionHours& hours, std::string_view where) {
  try {
    const Json j = Json::parse(line);
    return TimedEvent{time_of(j.at("now")), event_of(j, symbols, hours)};
  } catch (const std::exception& e) {
    return fail(Errc::malformed, std::string(where), std::string("not a journal event: ") + e.what());
  }
}

}  // namespace sentio
