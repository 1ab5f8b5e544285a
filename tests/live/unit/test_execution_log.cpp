/// What a live day's executions are judged against: opens, closes, quotes, and the round trips they belong to.

#include "sentio/run/execution_log.h"

#include "feed/quote_book.h"
#include "live_day_fixture.h"
#include "sentio/analysis/execution_cost.h"
#include "sentio/store/record_lines.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::day;

const SessionHours kHours = *NyseCalendar::session(day(2025, 7, 3));
const Universe kTwo({{.name = "SQQQ", .half_spread = Bps{3}}, {.name = "TQQQ", .half_spread = Bps{0.5}}});
constexpr SymbolId kSqqq = 0;

class Log : public ::testing::Test {
 protected:
  Log() { log.begin_day(kHours); }
  void bar(int minute, double open) {
    BarsArrived set{.minute = minute, .bars = {}};
    set.bars.resize(kTwo.size());
    set.bars[kSqqq] = Bar{kHours.minute_start(minute), open, open + 1, open - 1, open, 1000};
    log.on_bars(set);
  }
  void gap(int minute) { log.on_bars(BarsArrived{.minute = minute, .bars = {std::nullopt, std::nullopt}}); }
  /// Decided on the set of `minute` at `reference`.
  OrderKey order(int minute, Side side, double reference) {
    const OrderKey key{.session = kHours.date, .minute = static_cast<std::int16_t>(minute), .symbol = kSqqq, .side = side};
    log.on_order(Order{.key = key, .side = side, .symbol = kSqqq, .reference = Price{reference}});
    return key;
  }
  void fill(const OrderKey& key, double qty, double price, TimePoint at) {
    log.on_trade({.ts = at, .order = key, .decided_at = kHours.minute_end(key.minute), .qty = qty, .price = price});
  }
  DayResult finished(std::vector<RoundTrip> trips = {}) {
    DayResult result;
    result.round_trips = std::move(trips);
    log.finish(result);
    return result;
  }
  ExecutionLog log{kTwo};
};

TEST_F(Log, AnOrderMeetsTheNextOpenAndItsRestTheOneOfItsMinute) {
  bar(0, 20.00);
  const OrderKey key = order(0, Side::buy, 20.05);
  bar(1, 20.10);
  bar(2, 20.20);
  fill(key, 100, 20.11, kHours.minute_start(1) + seconds{2});
  fill(key, 50, 20.22, kHours.minute_start(2) + seconds{1});
  const DayResult result = finished();
  EXPECT_TRUE(result.executions_measured);
  ASSERT_EQ(result.executions.size(), 2U);
  const ExecutionPrices &first = result.executions[0], &rest = result.executions[1];
  EXPECT_EQ(first.symbol, "SQQQ");
  EXPECT_EQ(first.order_id, "sen-20250703-0931-SQQQ-B-0");
  EXPECT_EQ(first.decision_close, 20.05);
  EXPECT_EQ(first.next_open, 20.10);
  EXPECT_EQ(first.minute_open, 20.10);
  EXPECT_NEAR(first.half_spread, 20.10 * 3e-4, 1e-12);
  EXPECT_EQ(rest.next_open, 20.10);
  EXPECT_EQ(rest.minute_open, 20.20);
  EXPECT_TRUE(std::isnan(first.bid));
  EXPECT_NEAR(result.spread_cost, 100 * 0.01 + 50 * 0.02, 1e-9);
}

TEST_F(Log, AMinuteWithoutABarHasNoOpen) {
  bar(0, 20.00);
  const OrderKey key = order(0, Side::buy, 20.05);
  gap(1);
  bar(2, 20.20);
  fill(key, 100, 20.11, kHours.minute_start(1) + seconds{2});
  fill(key, 100, 20.21, kHours.minute_start(2) + seconds{2});
  const DayResult result = finished();
  EXPECT_TRUE(std::isnan(result.executions[0].next_open));
  EXPECT_TRUE(std::isnan(result.executions[0].minute_open));
  EXPECT_TRUE(std::isnan(result.executions[0].half_spread));
  EXPECT_EQ(result.executions[1].next_open, 20.20);
  EXPECT_NEAR(result.spread_cost, 100 * 0.01, 1e-9);
}

TEST_F(Log, ABrokersClockThatIsBehindMeetsNoEarlierOpen) {
  bar(0, 20.00);
  const OrderKey key = order(0, Side::buy, 20.05);
  bar(1, 20.10);
  fill(key, 100, 20.11, kHours.minute_end(0) - milliseconds{5});
  EXPECT_EQ(finished().executions[0].minute_open, 20.10);
}

TEST_F(Log, NothingAfterTheCloseHasAnOpenAndOrdersNobodyToldHaveNoClose) {
  bar(0, 20.00);
  const OrderKey stranger{.session = kHours.date, .minute = 0, .symbol = kSqqq, .side = Side::sell};
  fill(stranger, 10, 20, kHours.close);
  const DayResult result = finished();
  EXPECT_TRUE(std::isnan(result.executions[0].decision_close));
  EXPECT_TRUE(std::isnan(result.executions[0].minute_open));
}

TEST_F(Log, CostsBelongToTheRoundTripOfTheExecution) {
  bar(0, 20.00);
  for (int i = 1; i < 9; ++i) bar(i, 20.00);
  for (const int start : {0, 4}) {
    fill(order(start, Side::buy, 20), 100, 20.01 + 0.01 * start, kHours.minute_start(start + 1));
    fill(order(start + 2, Side::sell, 20), 100, 19.98, kHours.minute_start(start + 3));
    log.on_flat(kSqqq);
  }
  const DayResult result = finished({RoundTrip{.symbol = "SQQQ"}, RoundTrip{.symbol = "SQQQ"}});
  EXPECT_NEAR(result.round_trips[0].spread_cost, 1 + 2, 1e-9);
  EXPECT_NEAR(result.round_trips[1].spread_cost, 5 + 2, 1e-9);
  EXPECT_NEAR(result.spread_cost, 10, 1e-9);
}

TEST_F(Log, AQuoteBelongsToTheNextExecutionOnly) {
  bar(0, 20.00);
  bar(1, 20.00);
  const OrderKey key = order(0, Side::buy, 20);
  log.on_quote(kSqqq, {19.99, 20.01, 0.5});
  fill(key, 1, 20, kHours.minute_start(1));
  fill(key, 1, 20, kHours.minute_start(1));
  const DayResult result = finished();
  EXPECT_EQ(result.executions[0].bid, 19.99);
  EXPECT_EQ(result.executions[0].quote_age_s, 0.5);
  EXPECT_TRUE(std::isnan(result.executions[1].ask));
}

TEST_F(Log, ADayWhoseBarsNobodyToldIsLeftAlone) {
  fill(order(0, Side::buy, 20), 1, 20, kHours.minute_start(1));
  DayResult result;
  result.spread_cost = 7;
  log.finish(result);
  EXPECT_FALSE(result.executions_measured);
  EXPECT_TRUE(result.executions.empty());
  EXPECT_EQ(result.spread_cost, 7);
}

TEST(QuoteNote, ReadsBackAndDamageIsNoQuote) {
  const auto back = parse_quote_note(quote_note("TQQQ", {99.8, 99.81, 0.25}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->first, "TQQQ");
  EXPECT_EQ(back->second.bid, 99.8);
  EXPECT_EQ(back->second.ask, 99.81);
  EXPECT_EQ(back->second.age_s, 0.25);
  for (const char* text : {"", "TQQQ", "TQQQ 1 2", "TQQQ x 2 0", "TQQQ 0 1 0", "TQQQ 2 1 0", "TQQQ 1 inf 0"})
    EXPECT_FALSE(parse_quote_note(text)) << text;
}

TEST(Quotes, TheLastOneBeforeAMomentCountsForAMinute) {
  QuoteBook book(2);
  const TimePoint t = kHours.open + seconds{10};
  const auto quote = [](double bid, TimePoint at) { return FeedQuote{1, bid, bid + 0.02, at}; };
  EXPECT_FALSE(book.before(1, t));
  book.on(quote(10, t - seconds{2}));
  book.on(quote(11, t - milliseconds{100}));
  book.on(quote(12, t + milliseconds{100}));
  EXPECT_EQ(book.before(1, t + milliseconds{100})->bid, 12);
  EXPECT_EQ(book.before(1, t)->bid, 11);
  EXPECT_EQ(book.before(1, t - seconds{1})->bid, 10);
  EXPECT_FALSE(book.before(0, t));
  EXPECT_EQ(book.before(1, t + seconds{60})->bid, 12);
  EXPECT_FALSE(book.before(1, t + seconds{62}));
  // Where the second's last one is later, that of an earlier second.
  book.on(quote(13, t + milliseconds{900}));
  EXPECT_EQ(book.before(1, t + milliseconds{500})->bid, 11);
}

TEST(Quotes, OneSidedAndCrossedOnesSayNothing) {
  QuoteBook book(1);
  book.on({0, 0, 10, kHours.open});
  book.on({0, 10, 9.99, kHours.open});
  EXPECT_FALSE(book.before(0, kHours.open));
}

class ExecutionsOfALiveDay : public testing::LiveDayTest {};

TEST_F(ExecutionsOfALiveDay, AreInAFileThatARestartMakesAgain) {
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(live->pump(hours().minute_start(i) + seconds{2}));
    send_minute(i);
    // The made-up bars open where the last one closed; where the broker fills, nothing would cost anything.
    for (FeedEvent& event : feed.events) {
      Bar& bar = std::get<FeedBar>(event).bar;
      bar.open += 0.01 * (1 + i % 5);
      bar.high = std::max(bar.high, bar.open);
    }
    ASSERT_TRUE(live->pump(hours().minute_end(i) + milliseconds{300}));
    for (SymbolId s = 0; s < 3; ++s) feed.events.emplace_back(FeedQuote{s, 10, 10.02, hours().minute_end(i)});
    ASSERT_TRUE(live->pump(hours().minute_end(i) + milliseconds{400}));
  }
  ASSERT_TRUE(live->flatten("test"));
  run_minutes(120, hours().minutes);
  run_to_the_end();
  const DayResult result = live->end();
  ASSERT_TRUE(live->log("over"));
  EXPECT_GT(result.executions.size(), 4U);
  EXPECT_NE(result.spread_cost, 0);
  const std::string name = "executions_2025-07-03.jsonl";
  const auto written = read_text_file(folder / name);
  ASSERT_TRUE(written) << written.error().message();
  const auto lines = parse_execution_lines(*written, name);
  ASSERT_TRUE(lines) << lines.error().message();
  ASSERT_EQ(lines->size(), result.executions.size());
  // The broker fills at the close that was decided on.
  EXPECT_EQ(lines->front().decision_close, lines->front().price);
  EXPECT_EQ(cost_of(lines->front(), CostPart::shortfall), 0);
  EXPECT_NE(lines->front().minute_open, 0);
  EXPECT_EQ(journal("quote_before").size(),
            static_cast<std::size_t>(std::ranges::count(*lines, 10.0, &ExecutionPrices::bid)));
  EXPECT_GT(journal("quote_before").size(), 0U);
  ASSERT_GT(result.round_trips.size(), 3U);  // some symbol more than once
  int costly = 0;
  for (const RoundTrip& trip : result.round_trips) {
    double cost = 0;
    for (const ExecutionPrices& e : result.executions)
      if (e.symbol == trip.symbol && trip.opened <= e.ts && e.ts <= trip.closed)
        cost += cost_of(e, CostPart::trading).value_or(0);
    EXPECT_NEAR(trip.spread_cost, cost, 1e-9) << trip.symbol;
    costly += cost != 0;
  }
  EXPECT_GT(costly, 3);

  auto replayed = replay_journal(folder / "journal_2025-07-03.jsonl");
  ASSERT_TRUE(replayed) << replayed.error().message();
  const DayResult again = replayed->recorder->end_day(result.equity_end, result.flat_at_close);
  EXPECT_EQ(replayed->recorder->files().executions, *written);
  EXPECT_EQ(again.spread_cost, result.spread_cost);
}

}  // namespace
}  // namespace sentio
