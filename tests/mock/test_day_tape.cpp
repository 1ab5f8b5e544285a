// A recorded session minute by minute: each bar at its symbol and minute, nothing from outside.

#include "sentio/mock/day_tape.h"

#include <gtest/gtest.h>

#include "replay_support.h"

namespace sentio::testing {
namespace {

SymbolBars recording(const std::string& symbol, const std::vector<TimePoint>& starts) {
  SymbolBars bars;
  bars.symbol = symbol;
  double price = 100;
  for (const TimePoint start : starts) bars.bars.push_back(flat_bar(start, price++));
  return bars;
}

TEST(DayTape, HoldsEveryMinuteAlsoThoseWithoutATrade) {
  const std::vector<SymbolBars> recordings{recording("AAA", {}), recording("BBB", {})};
  const DayTape tape(full_day(), recordings);
  EXPECT_EQ(tape.real_bars(), 0);
  std::vector<std::optional<Bar>> bars(7);
  for (int minute = 0; minute < 390; ++minute) {
    tape.minute(minute, bars);
    ASSERT_EQ(bars.size(), 2U);
    EXPECT_FALSE(bars[0] || bars[1]);
  }
  EXPECT_EQ(tape.symbol(1).size(), 390U);
  EXPECT_FALSE(tape.open_to_close(0));
}

TEST(DayTape, PutsBarsAtTheirSymbolAndMinute) {
  const SessionHours day = full_day();
  const std::vector<SymbolBars> recordings{recording("BBB", {day.minute_start(0), day.minute_start(2)}),
                                           recording("AAA", {day.minute_start(1), day.minute_start(389)})};
  const DayTape tape(day, recordings);
  std::vector<std::string> seen;
  std::vector<std::optional<Bar>> bars;
  for (int minute = 0; minute < 390; ++minute) {
    tape.minute(minute, bars);
    for (std::size_t id = 0; id < bars.size(); ++id) {
      if (!bars[id]) continue;
      EXPECT_EQ(bars[id]->start, day.minute_start(minute));
      EXPECT_EQ(tape.symbol(static_cast<SymbolId>(id))[static_cast<std::size_t>(minute)]->open, bars[id]->open);
      seen.push_back(recordings[id].symbol + std::to_string(minute));
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"BBB0", "AAA1", "BBB2", "AAA389"}));
  EXPECT_EQ(tape.real_bars(), 4);
  EXPECT_NEAR(*tape.open_to_close(0), 0.01, 1e-12);
}

TEST(DayTape, LeavesOtherDaysAndClosingPrintsOut) {
  SessionHours half = full_day();
  half.minutes = kHalfSessionMinutes;
  half.close = half.open + half.minutes * kBarLength;
  const std::vector<SymbolBars> recordings{
      recording("AAA", {half.open - std::chrono::days{1}, half.open - kBarLength, half.minute_start(209),
                        half.close, half.close + std::chrono::days{1}})};
  const DayTape tape(half, recordings);
  ASSERT_EQ(tape.symbol(0).size(), 210U);
  EXPECT_EQ(tape.real_bars(), 1);
  EXPECT_EQ(tape.symbol(0)[209]->open, 102);
}

}  // namespace
}  // namespace sentio::testing
