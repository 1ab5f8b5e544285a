// Recorded bars as a feed: every minute of the session, each bar once, nothing from outside.

#include <gtest/gtest.h>

#include "replay_support.h"
#include "sentio/mock/mock_multi_symbol_feed.h"

namespace sentio::testing {
namespace {

SymbolBars recording(const std::string& symbol, const std::vector<TimePoint>& starts) {
  SymbolBars bars;
  bars.symbol = symbol;
  double price = 100;
  for (const TimePoint start : starts) bars.bars.push_back(flat_bar(start, price++));
  return bars;
}

TEST(MockMultiSymbolFeed, GivesEveryMinuteOnceAndThenEnds) {
  const SessionHours day = full_day();
  const std::vector<SymbolBars> none;
  const Universe universe = universe_of({"AAA", "BBB"});
  MockMultiSymbolFeed feed(universe, none, day);
  for (int minute = 0; minute < 390; ++minute) {
    const auto arrived = feed.next();
    ASSERT_TRUE(arrived);
    EXPECT_EQ(arrived->minute, minute);
    EXPECT_EQ(arrived->bars.size(), 2U);
    EXPECT_FALSE(arrived->bars[0] || arrived->bars[1]);
    EXPECT_FALSE(arrived->observe_only);
  }
  EXPECT_FALSE(feed.next());
  EXPECT_FALSE(feed.next());
}

TEST(MockMultiSymbolFeed, PutsBarsAtTheirSymbolAndMinute) {
  const SessionHours day = full_day();
  const std::vector<SymbolBars> recordings{
      recording("ZZZ", {day.minute_start(0)}),  // not in the universe
      recording("BBB", {day.minute_start(0), day.minute_start(2)}),
      recording("AAA", {day.minute_start(1), day.minute_start(389)}),
  };
  const Universe universe = universe_of({"BBB", "AAA"});
  MockMultiSymbolFeed feed(universe, recordings, day);
  std::vector<std::string> seen;
  while (const auto arrived = feed.next()) {
    for (std::size_t id = 0; id < arrived->bars.size(); ++id) {
      if (!arrived->bars[id]) continue;
      EXPECT_EQ(arrived->bars[id]->start, day.minute_start(arrived->minute));
      seen.push_back(universe[static_cast<SymbolId>(id)].name + std::to_string(arrived->minute));
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"BBB0", "AAA1", "BBB2", "AAA389"}));
}

TEST(MockMultiSymbolFeed, LeavesOtherDaysAndClosingPrintsOut) {
  SessionHours half = full_day();
  half.minutes = kHalfSessionMinutes;
  half.close = half.open + half.minutes * kBarLength;
  const std::vector<SymbolBars> recordings{
      recording("AAA", {half.open - std::chrono::days{1}, half.open - kBarLength, half.minute_start(209),
                        half.close, half.close + std::chrono::days{1}})};
  const Universe universe = universe_of({"AAA"});
  MockMultiSymbolFeed feed(universe, recordings, half);
  int minutes = 0, bars = 0;
  while (const auto arrived = feed.next()) {
    ++minutes;
    if (!arrived->bars[0]) continue;
    ++bars;
    EXPECT_EQ(arrived->minute, 209);
    EXPECT_EQ(arrived->bars[0]->open, 102);
  }
  EXPECT_EQ(minutes, 210);
  EXPECT_EQ(bars, 1);
}

TEST(MockMultiSymbolFeed, PassesOverBarsOffTheMinuteGrid) {
  const SessionHours day = full_day();
  const std::vector<SymbolBars> recordings{recording(
      "AAA", {day.minute_start(0) + std::chrono::seconds{30}, day.minute_start(1), day.minute_start(2)})};
  const Universe universe = universe_of({"AAA"});
  MockMultiSymbolFeed feed(universe, recordings, day);
  EXPECT_FALSE(feed.next()->bars[0]);
  EXPECT_TRUE(feed.next()->bars[0]);
  EXPECT_TRUE(feed.next()->bars[0]);
}

}  // namespace
}  // namespace sentio::testing
