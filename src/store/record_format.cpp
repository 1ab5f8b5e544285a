#include "sentio/store/record_format.h"

#include <cstdio>

#include "sentio/core/bar.h"

namespace sentio {

namespace {

constexpr std::string_view kWholeBook = "*";  // the symbol of lines about all of them
constexpr int kRatioDecimals = 6;
constexpr int kMoneyDecimals = 4;

std::uint64_t symbol_part(std::string_view symbol) { return bar_id(symbol, TimePoint{}); }

}  // namespace

RecordFormatter::RecordFormatter(std::vector<std::string> symbols, std::vector<int> horizons)
    : symbols_(std::move(symbols)), horizons_(std::move(horizons)) {
  for (const auto& s : symbols_) symbol_hashes_.push_back(symbol_part(s));
  symbol_hashes_.push_back(symbol_part(kWholeBook));
  for (const int h : horizons_) {
    prediction_keys_.push_back("pred_" + std::to_string(h));
    sigma_keys_.push_back("sigma_" + std::to_string(h) + "_bps");
  }
}

std::string_view RecordFormatter::stamp(TimePoint ts) {
  if (ts != last_ || last_text_.empty()) {
    last_ = ts;
    last_text_ = format_new_york(ts);
  }
  return last_text_;
}

JsonLine RecordFormatter::head(std::string& out, TimePoint ts, TimePoint bar_start, std::string_view symbol,
                               std::uint64_t hash) {
  JsonLine line(out);
  out += "\"ts\":\"";
  out += stamp(ts);
  out += "\",\"bar_id\":";
  char text[24];
  const auto id = hash | static_cast<std::uint32_t>(epoch_seconds(bar_start) / 60);
  out.append(text, std::to_chars(text, text + sizeof text, id).ptr);
  out += ",\"symbol\":\"";
  out += symbol;
  out += "\"";
  line.continued();
  return line;
}

void RecordFormatter::append(std::string& out, const SignalRecord& r) {
  const SignalOutput& s = r.signal;
  JsonLine line = head(out, r.ts, r.bar_start, symbols_[s.symbol], symbol_hashes_[s.symbol]);
  line.boolean("valid", s.own.valid).integer("age", s.own.age);
  line.number("probability", s.own.probability, kRatioDecimals);
  line.number("confidence", s.own.confidence, kRatioDecimals);
  line.number("strength", s.strength, kRatioDecimals).integer("rank", s.rank);
  for (std::size_t h = 0; h < prediction_keys_.size(); ++h) {
    line.number(prediction_keys_[h], s.own.prediction[h], kRatioDecimals);
    line.number(sigma_keys_[h], 1e4 * s.own.sigma[h], kMoneyDecimals);
  }
  line.number("move_bps", s.move_bps, kMoneyDecimals).number("cost_bps", s.cost_bps, kMoneyDecimals);
  line.boolean("passes", s.passes()).end();
}

void RecordFormatter::append(std::string& out, const DecisionRecord& r) {
  const auto all = symbol_hashes_.size() - 1;
  JsonLine line = head(out, r.ts, r.bar_start, r.for_all ? kWholeBook : std::string_view(symbols_[r.symbol]),
                       symbol_hashes_[r.for_all ? all : r.symbol]);
  line.text("action", to_string(r.kind)).text("reason", to_string(r.reason));
  if (!r.for_all) {
    line.number("qty", r.qty).number("price", r.price);
    if (r.limit_price != 0) line.number("limit_price", r.limit_price);
    line.integer("rank", r.rank);
    line.number("strength", r.strength, kRatioDecimals).number("net_edge_bps", r.net_edge_bps, kMoneyDecimals);
    line.number("move_bps", r.move_bps, kMoneyDecimals).number("cost_bps", r.cost_bps, kMoneyDecimals);
    if (r.kind == DecisionKind::exit) {
      line.number("return_pct", r.return_since_entry, kRatioDecimals).integer("sets_held", r.sets_held);
    }
  }
  line.end();
}

void RecordFormatter::append(std::string& out, const TradeRecord& r) {
  const SymbolId s = r.order.symbol;
  JsonLine line = head(out, r.ts, r.bar_start, symbols_[s], symbol_hashes_[s]);
  line.text("order_id", order_id(r, symbols_[s]));
  line.text("side", to_string(r.order.side)).number("qty", r.qty).number("price", r.price);
  line.number("fees", r.fees, 6).number("spread_cost", r.spread_cost, 6);
  line.text("reason", to_string(r.reason)).number("pnl", r.pnl, 6).number("pnl_pct", r.pnl_pct, 8);
  if (r.last_resort) line.boolean("last_resort", true);
  line.end();
}

void RecordFormatter::append(std::string& out, const ExecutionPrices& r) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(r.ts);
  JsonLine line = head(out, r.ts, minute, r.symbol, symbol_part(r.symbol));
  line.text("order_id", r.order_id).text("side", r.side).number("qty", r.qty).number("price", r.price);
  line.number("decision_close", r.decision_close).number("next_open", r.next_open);
  line.number("minute_open", r.minute_open).number("half_spread", r.half_spread);
  line.number("bid", r.bid).number("ask", r.ask).number("quote_age_s", r.quote_age_s, 3).end();
}

void RecordFormatter::append(std::string& out, const PositionsRecord& r) {
  out += "{\"ts\":\"";
  out += stamp(r.ts);
  out += "\",";
  out += "\"bar_id\":";
  out += std::to_string(symbol_hashes_.back() | static_cast<std::uint32_t>(epoch_seconds(r.bar_start) / 60));
  JsonLine line = JsonLine::continuing(out);
  line.number("cash", r.cash, kMoneyDecimals).number("equity", r.equity, kMoneyDecimals);
  line.number("mrd", r.mrd, 8);
  if (r.skipped_set) line.boolean("skipped_set", true);
  line.begin_array("positions");
  for (const PositionLine& p : r.positions) {
    line.begin_object_element().text("symbol", symbols_[p.symbol]).number("qty", p.qty);
    line.number("avg_entry", p.avg_entry, kRatioDecimals).number("mark", p.mark);
    line.number("unrealized_pnl", p.unrealized, kMoneyDecimals).integer("sets_held", p.sets_held);
    line.end_object_element();
  }
  line.end_array().end();
}

void RecordFormatter::append_log(std::string& out, const PositionsRecord& r) {
  char text[96];
  const int n = std::snprintf(text, sizeof text, " MRD %+.4f%% equity %.2f cash %.2f", 100 * r.mrd, r.equity, r.cash);
  out += stamp(r.ts);
  out.append(text, static_cast<std::size_t>(n));
  out += r.positions.empty() ? " flat" : " holds";
  for (const PositionLine& p : r.positions) {
    out.push_back(' ');
    out += symbols_[p.symbol];
    out.push_back(':');
    append_number(out, p.qty);
  }
  if (r.skipped_set) out += " skipped set: too many symbols without a bar";
  out.push_back('\n');
}

void RecordFormatter::append_log(std::string& out, const PrintRecord& r) {
  const HeldPrint& p = r.print;
  const auto clock = [](TimePoint t) { return format_new_york(t).substr(11, 5); };
  out += stamp(r.ts);
  out += " " + symbols_[r.symbol] + " " + clock(p.start) + ":";
  const char* comma = " ";
  for (const auto& [held, name] : {std::pair{p.open, "open"}, {p.high, "high"}, {p.low, "low"}, {p.close, "close"}}) {
    if (!held) continue;
    out.append(comma).append(name);
    comma = ", ";
  }
  out.push_back(' ');
  append_number(out, p.price, 4);
  out += " is ";
  append_number(out, p.ranges, 0);
  out += " typical ranges away and ";
  const std::string told = clock(r.ts - kBarLength);
  switch (p.verdict) {
    case PrintVerdict::bad: out += "gone by " + told + ": not used\n"; break;
    case PrintVerdict::real: out += "real: used from " + told + " on\n"; break;
    case PrintVerdict::undecided: out += "no bar came after it: not used\n"; break;
  }
}

}  // namespace sentio
