#include <gtest/gtest.h>

#include <cmath>

#include "damaged_state.h"
#include "market_data.h"
#include "sentio/data/csv_bars.h"
#include "sentio/market/multi_symbol_data_manager.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;

const SessionHours kDay = *NyseCalendar::session(Date{2025y / 9 / 26});

std::optional<Bar> bar_at(int minute, double close) {
  return Bar{.start = kDay.minute_start(minute), .open = close, .high = close, .low = close, .close = close,
             .volume = 100};
}

TEST(SymbolSynchronizer, FillsFlatAtTheLastCloseWithoutVolume) {
  SymbolSynchronizer s{DataConfig{}};
  s.begin_session();
  EXPECT_TRUE(s.next(kDay.minute_start(0), bar_at(0, 50)).real());
  const SyncBar filled = s.next(kDay.minute_start(1), std::nullopt);
  EXPECT_FALSE(filled.real());
  EXPECT_EQ(filled.bar.open, 50);
  EXPECT_EQ(filled.bar.low, 50);
  EXPECT_EQ(filled.bar.close, 50);
  EXPECT_EQ(filled.bar.volume, 0);
  EXPECT_EQ(filled.bar.start, kDay.minute_start(1));
  EXPECT_EQ(filled.age, 1);
}

TEST(SymbolSynchronizer, GoesStaleAfterFiveFillsAndRecoversWithTheNextBar) {
  SymbolSynchronizer s{DataConfig{}};
  s.begin_session();
  (void)s.next(kDay.minute_start(0), bar_at(0, 50));
  for (int m = 1; m <= 5; ++m) EXPECT_FALSE(s.next(kDay.minute_start(m), std::nullopt).stale) << m;
  EXPECT_TRUE(s.next(kDay.minute_start(6), std::nullopt).stale);
  const SyncBar again = s.next(kDay.minute_start(7), bar_at(7, 51));
  EXPECT_FALSE(again.stale);
  EXPECT_EQ(again.age, 0);
}

TEST(SymbolSynchronizer, HasNoPriceBeforeItsFirstBarEver) {
  SymbolSynchronizer s{DataConfig{}};
  s.begin_session();
  const SyncBar none = s.next(kDay.minute_start(0), std::nullopt);
  EXPECT_FALSE(none.has_price);
  EXPECT_TRUE(none.stale);
}

TEST(SymbolSynchronizer, StartsEachSessionStaleUntilItsFirstBar) {
  SymbolSynchronizer s{DataConfig{}};
  s.begin_session();
  (void)s.next(kDay.minute_start(389), bar_at(389, 50));
  s.begin_session();
  const SyncBar morning = s.next(kDay.minute_start(0) + 72h, std::nullopt);
  EXPECT_TRUE(morning.has_price);
  EXPECT_EQ(morning.bar.close, 50);
  EXPECT_TRUE(morning.stale);
}

TEST(SymbolSynchronizer, TakesAMinuteWithABadCloseForOneWithoutABar) {
  SymbolSynchronizer s{DataConfig{}};
  s.begin_session();
  for (int m = 0; m < 60; ++m) EXPECT_TRUE(s.next(kDay.minute_start(m), bar_at(m, 50)).real());
  const SyncBar held = s.next(kDay.minute_start(60), bar_at(60, 40));
  EXPECT_FALSE(held.real());
  EXPECT_EQ(held.age, 1);
  EXPECT_EQ(held.bar.close, 50);
  EXPECT_EQ(held.bar.volume, 0);
  EXPECT_FALSE(held.stale);
  EXPECT_TRUE(s.next(kDay.minute_start(61), bar_at(61, 50)).real());
  ASSERT_TRUE(s.settled().below);
  EXPECT_EQ(s.settled().below->verdict, PrintVerdict::bad);
  (void)s.next(kDay.minute_start(62), std::nullopt);
  EXPECT_FALSE(s.settled().below) << "told twice";
}

TEST(SymbolSynchronizer, CutsABadHighOutOfARealBar) {
  SymbolSynchronizer s{DataConfig{}};
  s.begin_session();
  for (int m = 0; m < 60; ++m) EXPECT_TRUE(s.next(kDay.minute_start(m), bar_at(m, 50)).real());
  auto bad = bar_at(60, 50);
  bad->high = 70;
  const SyncBar seen = s.next(kDay.minute_start(60), bad);
  EXPECT_TRUE(seen.real());
  EXPECT_EQ(seen.bar.high, 50);
  EXPECT_EQ(seen.bar.volume, bad->volume);
}

TEST(MultiSymbolDataManager, CountsAHeldMinuteAsMissingAndTellsWhatBecameOfIt) {
  MultiSymbolDataManager m(DataConfig{}, 2);
  m.begin_session(kDay);
  std::vector<std::optional<Bar>> bars(2);
  for (int i = 0; i < 60; ++i) {
    bars = {bar_at(i, 10), bar_at(i, 20)};
    EXPECT_TRUE(m.step(i, bars).is_complete);
  }
  bars = {bar_at(60, 10), bar_at(60, 30)};
  EXPECT_EQ(m.step(60, bars).missing_symbols, std::vector<SymbolId>{1});
  EXPECT_TRUE(m.prints().empty());
  bars = {bar_at(61, 8), bar_at(61, 20)};
  EXPECT_EQ(m.step(61, bars).missing_symbols, std::vector<SymbolId>{0});
  ASSERT_EQ(m.prints().size(), 1U);
  EXPECT_EQ(m.prints()[0].symbol, 1);
  EXPECT_EQ(m.prints()[0].print.verdict, PrintVerdict::bad);
  m.end_session();
  ASSERT_EQ(m.prints().size(), 1U);
  EXPECT_EQ(m.prints()[0].symbol, 0);
  EXPECT_EQ(m.prints()[0].print.verdict, PrintVerdict::undecided);
}

TEST(MultiSymbolDataManager, EveryMinuteGivesOneSetAlsoAnEmptyOne) {
  MultiSymbolDataManager m(DataConfig{}, 2);
  m.begin_session(kDay);
  const std::vector<std::optional<Bar>> both{bar_at(0, 10), bar_at(0, 20)}, none(2);
  const auto& first = m.step(0, both);
  EXPECT_TRUE(first.is_complete);
  EXPECT_EQ(first.timestamp, kDay.open + 1min);
  const auto& second = m.step(1, none);
  EXPECT_FALSE(second.is_complete);
  EXPECT_EQ(second.missing_symbols, (std::vector<SymbolId>{0, 1}));
  EXPECT_EQ(second.timestamp, kDay.open + 2min);
}

TEST(MultiSymbolDataManager, SkipsASetWithMoreThanFiveSymbolsMissing) {
  MultiSymbolDataManager m(DataConfig{}, 7);
  m.begin_session(kDay);
  std::vector<std::optional<Bar>> bars(7);
  bars[0] = bar_at(0, 10);
  bars[1] = bar_at(0, 10);
  EXPECT_FALSE(m.step(0, bars).skipped);  // five missing
  bars[0] = bar_at(1, 10);
  bars[1].reset();
  EXPECT_TRUE(m.step(1, bars).skipped);  // six missing
}

TEST(MultiSymbolDataManagerDeathTest, RefusesAGapAndAForeignMinute) {
  MultiSymbolDataManager m(DataConfig{}, 1);
  m.begin_session(kDay);
  const std::vector<std::optional<Bar>> none(1), wrong{bar_at(5, 10)};
  EXPECT_DEATH((void)m.step(1, none), "minute == next_minute_");
  EXPECT_DEATH((void)m.step(0, wrong), "bars\\[i\\]->start == start");
}

TEST(MultiSymbolDataManager, ResumesWhereItWasSaved) {
  MultiSymbolDataManager a(DataConfig{}, 2), b(DataConfig{}, 2);
  a.begin_session(kDay);
  const std::vector<std::optional<Bar>> one{bar_at(0, 10), std::nullopt}, none(2);
  (void)a.step(0, one);
  ByteWriter out;
  a.save(out);
  ByteReader in(out.bytes());
  ASSERT_TRUE(b.load(in).has_value());
  EXPECT_TRUE(in.at_end());
  a.begin_session(kDay);
  b.begin_session(kDay);
  EXPECT_EQ(a.step(0, none).bars, b.step(0, none).bars);
}

// ---- real bars -------------------------------------------------------------------------------

struct DayCount {
  int real = 0, filled = 0, stale = 0;
};

DayCount run_day(const SymbolBars& bars, Date date) {
  const SessionHours hours = *NyseCalendar::session(date);
  SymbolSynchronizer s{DataConfig{}};
  s.begin_session();
  DayCount count;
  auto at = bars.bars.begin();
  while (at != bars.bars.end() && at->start < hours.open) ++at;
  for (int i = 0; i < hours.minutes; ++i) {
    std::optional<Bar> bar;
    if (at != bars.bars.end() && at->start == hours.minute_start(i)) bar = *at++;
    const SyncBar sync = s.next(hours.minute_start(i), bar);
    count.real += sync.real();
    count.filled += sync.has_price && !sync.real();
    count.stale += sync.stale;
  }
  return count;
}

TEST(RealBars, MarchMondayHaltLeavesFourteenMinutesMissingAndNineStale) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto spy = read_bars(testing::market_data() / "spy-sip" / "SPY_1min_sip_exthours_2020.csv.gz",
                             {.first = Date{2020y / 3 / 9}, .last = Date{2020y / 3 / 18}});
  ASSERT_TRUE(spy.has_value()) << spy.error().message();
  for (const Date day : {Date{2020y / 3 / 9}, Date{2020y / 3 / 12}, Date{2020y / 3 / 16}, Date{2020y / 3 / 18}}) {
    const DayCount count = run_day(*spy, day);
    EXPECT_EQ(count.real + count.filled, 390) << format_date(day);
    EXPECT_GE(count.filled, 13) << format_date(day);
    EXPECT_LE(count.filled, 16) << format_date(day);
    EXPECT_EQ(count.stale, count.filled - 5) << format_date(day);
  }
}

TEST(RealBars, HalfDayHas210MinutesAndNoClosingPrint) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto tqqq = read_bars(testing::market_data() / "twelve" / "TQQQ_RTH_NH.csv.gz",
                              {.first = Date{2025y / 7 / 3}, .last = Date{2025y / 7 / 3}});
  ASSERT_TRUE(tqqq.has_value()) << tqqq.error().message();
  const DayCount count = run_day(*tqqq, Date{2025y / 7 / 3});
  EXPECT_EQ(count.real + count.filled, 210);
  EXPECT_EQ(tqqq->bars.size(), static_cast<std::size_t>(count.real));
}

TEST(RealBars, ClockChangeDaysStartAtHalfPastNineNewYork) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto spy = read_bars(testing::market_data() / "spy-sip" / "SPY_1min_sip_exthours_2020.csv.gz");
  ASSERT_TRUE(spy.has_value()) << spy.error().message();
  for (const Date day : {Date{2020y / 3 / 6}, Date{2020y / 3 / 9}, Date{2020y / 10 / 30}, Date{2020y / 11 / 2}}) {
    const DayCount count = run_day(*spy, day);
    EXPECT_EQ(count.real + count.filled, 390) << format_date(day);
    EXPECT_GE(count.real, 374) << format_date(day);
  }
}

TEST(SymbolSynchronizer, DamagedIsRefusedOrFillsForward) {
  SymbolSynchronizer whole{DataConfig{}};
  whole.begin_session();
  const TimePoint start = from_epoch_seconds(1'758'893'400);
  (void)whole.next(start, Bar{.start = start, .open = 50, .high = 51, .low = 49, .close = 50.5, .volume = 100});
  const testing::Bytes bytes = testing::saved(whole);
  const int refused = testing::expect_refused_or_kept(
      SymbolSynchronizer{DataConfig{}}, bytes, [&](SymbolSynchronizer& loaded) {
        const SyncBar bar = loaded.next(start, std::nullopt);
        EXPECT_GT(bar.age, 0);
        EXPECT_TRUE(!bar.has_price || (std::isfinite(bar.bar.close) && bar.bar.close > 0));
      });
  EXPECT_GT(refused, 50);
  const testing::Bytes flag_of_two = testing::with(bytes, bytes.size() - 1, std::uint8_t{2});
  ByteReader in(flag_of_two);
  EXPECT_FALSE(whole.load(in));
}

}  // namespace
}  // namespace sentio
