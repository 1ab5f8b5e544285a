#include "sentio/run/execution_log.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "sentio/analysis/execution_cost.h"
#include "sentio/core/text/json_line.h"

namespace sentio {

namespace {

int minute_index(const SessionHours& hours, TimePoint at) {
  return static_cast<int>(std::chrono::floor<std::chrono::minutes>(at - hours.open) / kBarLength);
}

}  // namespace

std::string quote_note(const std::string& symbol, const QuoteBefore& quote) {
  std::string text = symbol;
  for (const double v : {quote.bid, quote.ask, quote.age_s}) {
    text += " ";
    append_number(text, v);
  }
  return text;
}

std::optional<std::pair<std::string, QuoteBefore>> parse_quote_note(std::string_view text) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  std::string symbol;
  QuoteBefore quote;
  if (!(in >> symbol >> quote.bid >> quote.ask >> quote.age_s)) return std::nullopt;
  if (!(quote.bid > 0 && quote.ask >= quote.bid && std::isfinite(quote.ask))) return std::nullopt;
  return std::pair{symbol, quote};
}

void ExecutionLog::begin_day(const SessionHours& hours) {
  hours_ = hours;
  heard_bars_ = false;
  opens_.assign(universe_.size(), std::vector<double>(static_cast<std::size_t>(hours.minutes), NAN));
  references_.clear();
  quotes_.clear();
  trips_over_.clear();
  executed_.clear();
}

void ExecutionLog::on_bars(const BarsArrived& set) {
  heard_bars_ = true;
  if (set.minute < 0 || set.minute >= hours_.minutes) return;
  for (std::size_t i = 0; i < std::min(set.bars.size(), opens_.size()); ++i)
    if (set.bars[i]) opens_[i][static_cast<std::size_t>(set.minute)] = set.bars[i]->open;
}

void ExecutionLog::on_trade(const TradeRecord& r) {
  const SymbolId symbol = r.order.symbol;
  Executed e{.symbol = symbol, .trip = trips_over_[symbol], .decided_at = r.decided_at, .prices = {}};
  const std::string& name = universe_[symbol].name;
  e.prices.ts = r.ts;
  e.prices.symbol = name;
  e.prices.order_id = order_id(r, name);
  e.prices.side = to_string(r.order.side);
  e.prices.qty = r.qty;
  e.prices.price = r.price;
  if (const auto found = references_.find(name_of(r.order)); found != references_.end())
    e.prices.decision_close = found->second;
  if (const auto quote = quotes_.find(symbol); quote != quotes_.end()) {
    e.prices.bid = quote->second.bid;
    e.prices.ask = quote->second.ask;
    e.prices.quote_age_s = quote->second.age_s;
    quotes_.erase(quote);
  }
  executed_.push_back(std::move(e));
}

double ExecutionLog::open_of(SymbolId symbol, int minute) const {
  return minute < 0 || minute >= hours_.minutes ? NAN : opens_[symbol][static_cast<std::size_t>(minute)];
}

double ExecutionLog::first_open(SymbolId symbol, int from, int to) const {
  for (int minute = from; minute <= to; ++minute)
    if (const double open = open_of(symbol, minute); std::isfinite(open)) return open;
  return NAN;
}

ExecutionPrices ExecutionLog::measured(const Executed& executed) const {
  ExecutionPrices e = executed.prices;
  // A broker's clock may be behind ours: nothing happens before it is decided.
  const int decided = minute_index(hours_, executed.decided_at);
  const int minute = std::max(decided, minute_index(hours_, e.ts));
  e.next_open = first_open(executed.symbol, decided, minute);
  e.minute_open = open_of(executed.symbol, minute);
  if (std::isfinite(e.minute_open))
    e.half_spread = half_spread_per_share(universe_[executed.symbol], Price{e.minute_open}).v;
  return e;
}

void ExecutionLog::finish(DayResult& day) const {
  if (!heard_bars_) return;
  day.executions_measured = true;
  day.spread_cost = 0;
  std::map<std::pair<std::string, int>, RoundTrip*> trips;
  std::map<std::string, int> seen;
  for (RoundTrip& trip : day.round_trips) {
    trip.spread_cost = 0;
    trips[{trip.symbol, seen[trip.symbol]++}] = &trip;
  }
  for (const Executed& executed : executed_) {
    const ExecutionPrices& e = day.executions.emplace_back(measured(executed));
    const double cost = cost_of(e, CostPart::trading).value_or(0);
    day.spread_cost += cost;
    if (const auto trip = trips.find({e.symbol, executed.trip}); trip != trips.end()) trip->second->spread_cost += cost;
  }
}

}  // namespace sentio
