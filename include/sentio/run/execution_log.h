#pragma once
/// What a live day's executions are judged against: the closes orders were decided on, the opens they could meet, and
/// the quotes before them.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/config/universe.h"
#include "sentio/core/event.h"

namespace sentio {

/// The last quote before an execution.
struct QuoteBefore {
  double bid = 0, ask = 0, age_s = 0;
};
/// As the journal notes it: "TQQQ 99.8 99.81 0.25". Anything else reads as no quote.
[[nodiscard]] std::string quote_note(const std::string& symbol, const QuoteBefore& quote);
[[nodiscard]] std::optional<std::pair<std::string, QuoteBefore>> parse_quote_note(std::string_view text);

/// Nothing here reads a clock, and everything comes from events, actions and notes of the journal: a restart makes the
/// same file. Threads: one at a time.
class ExecutionLog {
 public:
  explicit ExecutionLog(Universe universe) : universe_(std::move(universe)) {}
  void begin_day(const SessionHours& hours);
  void on_order(const Order& order) { references_[name_of(order.key)] = order.reference.v; }
  void on_bars(const BarsArrived& set);
  /// Belongs to the symbol's next execution.
  void on_quote(SymbolId symbol, const QuoteBefore& quote) { quotes_[symbol] = quote; }
  void on_trade(const TradeRecord& trade);
  /// The symbol's round trip is over; its next execution opens another.
  void on_flat(SymbolId symbol) { ++trips_over_[symbol]; }
  /// Puts executions into the day, and what their trading was measured to cost where spread costs are: its own and
  /// those of its round trips. A day whose bars nobody told (mock) is left as it is.
  void finish(DayResult& day) const;

 private:
  using OrderName = std::tuple<std::int16_t, SymbolId, Side, std::uint8_t>;
  static OrderName name_of(const OrderKey& key) { return {key.minute, key.symbol, key.side, key.attempt}; }
  struct Executed {
    SymbolId symbol = 0;
    int trip = 0;           ///< of its symbol's round trips
    TimePoint decided_at{};
    ExecutionPrices prices;
  };
  [[nodiscard]] ExecutionPrices measured(const Executed& executed) const;
  [[nodiscard]] double open_of(SymbolId symbol, int minute) const;
  [[nodiscard]] double first_open(SymbolId symbol, int from, int to) const;

  const Universe universe_;
  SessionHours hours_;
  bool heard_bars_ = false;
  std::vector<std::vector<double>> opens_;  ///< by SymbolId and minute; NaN = no bar
  std::map<OrderName, double> references_;
  std::map<SymbolId, QuoteBefore> quotes_;
  std::map<SymbolId, int> trips_over_;
  std::vector<Executed> executed_;
};

}  // namespace sentio
