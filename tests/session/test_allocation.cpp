/// The decision path allocates nothing per bar once it runs.

#include <gtest/gtest.h>

#include "allocation_count.h"
#include "sentio/replay/day_tape.h"
#include "sentio/session/trading_session.h"
#include "synthetic_bars.h"

namespace sentio {
namespace {

Universe four() {
  std::vector<SymbolInfo> symbols;
  for (const char* name : {"AAA", "BBB", "CCC", "DDD"}) symbols.push_back({.name = name, .boost = 1.5, .half_spread = Bps{1}});
  return Universe(std::move(symbols));
}

/// Steps one traded day, filling every order at the next minute's close; returns the allocations of its steps
/// from `from` on.
struct DayRun {
  long allocations = 0;
  int orders = 0;
};

DayRun run_day(TradingSession& session, const DayTape& tape, bool trading, int from) {
  DayRun run;
  const SessionHours& hours = tape.hours();
  (void)session.step(hours.open, SessionOpened{.hours = hours, .trading = trading});
  std::vector<Order> working;
  working.reserve(16);
  std::uint64_t execution = 0;
  Event bars = BarsArrived{};
  for (int i = 0; i < hours.minutes; ++i) {
    auto& minute = std::get<BarsArrived>(bars);
    minute.minute = i;
    tape.minute(i, minute.bars);
    for (std::size_t k = 0; k < working.size(); ++k) {
      const Order order = working[k];
      const Event fill = OrderFilled{{.order = order.key, .qty = order.qty, .price = order.reference,
                                      .at = hours.minute_start(i), .execution = ++execution}};
      const auto before = testing::allocation_count();
      (void)session.step(hours.minute_start(i), fill);
      if (i >= from) run.allocations += testing::allocation_count() - before;
    }
    working.clear();
    const auto before = testing::allocation_count();
    const auto actions = session.step(hours.minute_end(i), bars);
    if (i >= from) run.allocations += testing::allocation_count() - before;
    for (const Action& a : actions) {
      if (const auto* submit = std::get_if<SubmitOrder>(&a)) working.push_back(submit->order.get());
    }
    run.orders += static_cast<int>(working.size());
  }
  (void)session.step(hours.close, SessionClosed{});
  return run;
}

TEST(TradingSession, AllocatesNothingPerBarAfterItsStart) {
  const auto days = NyseCalendar::sessions_before(Date{std::chrono::year{2025} / 8 / 1}, 4);
  const Universe universe = four();
  std::vector<SymbolBars> recordings;
  for (std::size_t s = 0; s < universe.size(); ++s) {
    recordings.push_back(testing::walk_bars(universe[static_cast<SymbolId>(s)].name, days, s + 1, {.missing = .03}));
  }
  const FeeTable fees({{.from = days.front().date, .taf_per_share = 0.000166, .taf_cap = 8.3}});
  TradingSession session({.config = {}, .universe = universe, .fees = fees});
  (void)run_day(session, DayTape(days[0], recordings), false, 0);
  (void)run_day(session, DayTape(days[1], recordings), false, 0);
  (void)run_day(session, DayTape(days[2], recordings), true, 0);  // every path and buffer has been used once
  const DayRun run = run_day(session, DayTape(days[3], recordings), true, 0);
  EXPECT_GT(run.orders, 50);
  EXPECT_EQ(run.allocations, 0);
}

}  // namespace
}  // namespace sentio
