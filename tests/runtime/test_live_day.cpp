/// The live loop against a feed and a broker that do as they are told.

#include <gtest/gtest.h>

#include "live_day_fixture.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FillingBroker;
using testing::LiveDayTest;
using testing::ToldFeed;

TEST_F(LiveDayTest, ASetIsInTheJournalBeforeItsOrdersGoOut) {
  broker.on_submit = [&](const Order& order) {
    const auto sets = journal("bars");
    ASSERT_FALSE(sets.empty());
    EXPECT_EQ(sets.back()["minute"], order.key.minute);
  };
  run_minutes(0, hours().minutes);
  EXPECT_GT(broker.orders.size(), 10U);
  run_to_the_end();
  EXPECT_TRUE(live->session().flat());
  EXPECT_EQ(journal("session_closed").size(), 1U);
  EXPECT_EQ(journal("bars").size(), 210U);
}

TEST_F(LiveDayTest, FilesGrowWhileTheDayRuns) {
  run_minutes(0, 20);
  const auto count = [&](const char* name) {
    const std::string text = *read_text_file(folder / name);
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(count("positions_2025-07-03.jsonl"), 20);
  EXPECT_EQ(count("signals_2025-07-03.jsonl"), 60);
  run_minutes(20, 21);
  EXPECT_EQ(count("positions_2025-07-03.jsonl"), 21);
}

TEST_F(LiveDayTest, AfterAnOutageBackFilledMinutesAreObservedAndOnlyTheNewestDecided) {
  run_minutes(0, 60);
  feed.events.emplace_back(FeedDown{"cut"});
  for (int i = 60; i < 70; ++i) ASSERT_TRUE(live->pump(hours().minute_end(i) + seconds{10}));
  EXPECT_EQ(journal("bars").size(), 60U);  // minutes wait for the back-fill
  ASSERT_EQ(journal("entries_suspended").size(), 1U);
  EXPECT_EQ(journal("entries_suspended")[0]["on"], true);
  const std::size_t orders = broker.orders.size();
  for (int i = 60; i < 70; ++i) send_minute(i, true);
  feed.events.emplace_back(FeedUp{});
  ASSERT_TRUE(live->pump(hours().minute_end(69) + seconds{12}));
  const auto sets = journal("bars");
  ASSERT_EQ(sets.size(), 70U);
  for (int i = 60; i < 70; ++i) {
    EXPECT_EQ(sets[i]["observe_only"], i < 69) << i;
    EXPECT_EQ(sets[i]["bars"].size(), 3U);
  }
  for (std::size_t i = orders; i < broker.orders.size(); ++i) {
    if (broker.orders[i].side == Side::buy) {
      EXPECT_EQ(broker.orders[i].key.minute, 69);
    }
  }
  EXPECT_EQ(journal("entries_suspended").back()["on"], false);
}

TEST_F(LiveDayTest, WithADeadFeedEverythingIsSoldAtTheEodTime) {
  int held_until = 0;
  for (int i = 0; i < 190 && (held_until < 100 || live->session().ledger().open_positions() == 0); ++i) {
    run_minutes(i, i + 1);
    ASSERT_TRUE(live->pump(hours().minute_end(i) + seconds{1}));
    held_until = i;
  }
  ASSERT_GT(live->session().ledger().open_positions(), 0);
  feed.events.emplace_back(FeedDown{"cut"});
  const std::size_t orders = broker.orders.size();
  run_to_the_end();
  ASSERT_GT(broker.orders.size(), orders);
  for (std::size_t i = orders; i < broker.orders.size(); ++i) EXPECT_EQ(broker.orders[i].side, Side::sell);
  EXPECT_TRUE(live->session().flat());
  // 12:58:05, the EOD time and the 5 s a set may take.
  const auto fills = journal("fill");
  EXPECT_EQ(fills.back()["at"].get<std::string>().substr(0, 19), "2025-07-03T16:58:05");
}

TEST_F(LiveDayTest, LateAndRevisedBarsAreNotedAndNeverStepped) {
  run_minutes(0, 10);
  FeedBar late = bar_of(1, 5);
  late.bar.close += 1;
  late.revised = true;
  feed.events.emplace_back(late);
  feed.events.emplace_back(bar_of(1, 6));  // a repetition is no news
  ASSERT_TRUE(live->pump(hours().minute_end(9) + seconds{20}));
  EXPECT_EQ(journal("bars").size(), 10U);
  const auto notes = journal("late_bar");
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0]["text"].get<std::string>().find("revised"), std::string::npos);
}

TEST_F(LiveDayTest, AMuteFeedIsConnectedAgainAndEntriesWait) {
  run_minutes(0, 10);
  const TimePoint last = hours().minute_end(9) + milliseconds{300};
  while (live->next_deadline() < last + seconds{75}) ASSERT_TRUE(live->pump(live->next_deadline()));
  EXPECT_EQ(feed.reconnects, 0);
  ASSERT_TRUE(live->pump(last + seconds{75}));
  EXPECT_EQ(feed.reconnects, 1);
  EXPECT_EQ(journal("entries_suspended").back()["on"], true);
  feed.events.emplace_back(FeedAlive{});
  ASSERT_TRUE(live->pump(last + seconds{80}));
  EXPECT_EQ(journal("entries_suspended").back()["on"], false);
}

TEST_F(LiveDayTest, AHaltReachesTheSession) {
  run_minutes(0, 3);
  feed.events.emplace_back(FeedHalt{.symbol = 2, .halted = true, .code = "H", .reason = "T1"});
  ASSERT_TRUE(live->pump(hours().minute_end(2) + seconds{5}));
  ASSERT_EQ(journal("halted").size(), 1U);
  EXPECT_EQ(journal("halted")[0]["symbol"], world().options.universe[2].name);
}

/// Until something is held; false if the day has no such minute.
#define RUN_UNTIL_HELD(first)                                                           \
  int minute = (first);                                                                 \
  while (minute < 190 && live->session().ledger().open_positions() == 0) {              \
    run_minutes(minute, minute + 1);                                                    \
    ASSERT_TRUE(live->pump(hours().minute_end(minute) + seconds{1}));                   \
    ++minute;                                                                           \
  }                                                                                     \
  ASSERT_GT(live->session().ledger().open_positions(), 0)

TEST_F(LiveDayTest, AKilledDayGoesOnFromItsJournalAsIfNothingHadHappened) {
  run_minutes(0, 60);
  const std::string decisions = *read_text_file(folder / "decisions_2025-07-03.jsonl");
  const std::string log = *read_text_file(folder / "session_2025-07-03.log");
  const double cash = live->session().ledger().cash().v;
  const TimePoint killed = hours().minute_end(59) + seconds{1};
  live.reset();  // as SIGKILL would: nothing is said
  // The last write was cut.
  const auto file = folder / "journal_2025-07-03.jsonl";
  const std::string whole = *read_text_file(file);
  ASSERT_TRUE(write_file_atomically(file, whole + R"({"now":"2025-07-03T14:3)"));
  ASSERT_TRUE(write_file_atomically(folder / "decisions_2025-07-03.jsonl", "half a li"));
  auto replayed = replay_journal(file);
  ASSERT_TRUE(replayed) << replayed.error().message();
  EXPECT_TRUE(replayed->torn);
  EXPECT_EQ(replayed->last_minute, 59);
  live = *LiveDay::resume(options(), *std::move(replayed), broker, feed, killed + seconds{5});
  EXPECT_EQ(*read_text_file(folder / "decisions_2025-07-03.jsonl"), decisions);
  EXPECT_EQ(live->session().ledger().cash().v, cash);
  EXPECT_EQ(read_text_file(folder / "session_2025-07-03.log")->substr(0, log.size()), log);
  feed.events.emplace_back(FeedUp{});
  run_minutes(60, hours().minutes);
  run_to_the_end();
  EXPECT_TRUE(live->session().flat());
  EXPECT_EQ(journal("bars").size(), 210U);
  const auto again = replay_journal(file);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->recorder->files().decisions, *read_text_file(folder / "decisions_2025-07-03.jsonl"));
  EXPECT_EQ(again->recorder->files().positions, *read_text_file(folder / "positions_2025-07-03.jsonl"));
  EXPECT_TRUE(again->closed);
}

TEST_F(LiveDayTest, ARestartKnowsWhichOrdersHadTheirEnd) {
  RUN_UNTIL_HELD(0);
  const auto replayed = replay_journal(folder / "journal_2025-07-03.jsonl");
  ASSERT_TRUE(replayed) << replayed.error().message();
  ASSERT_EQ(replayed->orders.size(), broker.orders.size());
  for (const RecordedOrder& o : replayed->orders) {
    const bool filled = o.booked_shares == o.order.qty.v;
    EXPECT_EQ(o.ended, filled);
    if (filled) {
      EXPECT_NEAR(o.booked_usd, o.order.qty.v * o.order.reference.v, 1e-6);
    }
  }
}

TEST_F(LiveDayTest, RefusedExitsAreOrderedAgainAlertedAndHandedToTheBroker) {
  RUN_UNTIL_HELD(100);
  broker.refuses_sells = true;
  ASSERT_TRUE(live->flatten("test"));
  const TimePoint asked = hours().minute_end(minute - 1) + seconds{1};
  const auto sells = [&] {
    return std::count_if(broker.orders.begin(), broker.orders.end(),
                         [](const Order& o) { return o.side == Side::sell; });
  };
  const auto first = sells();
  EXPECT_GT(first, 0);
  ASSERT_TRUE(live->pump(asked + seconds{1}));  // refused
  ASSERT_TRUE(live->pump(asked + seconds{6}));
  EXPECT_GT(sells(), first);
  EXPECT_FALSE(live->late_flat());
  ASSERT_TRUE(live->pump(asked + seconds{61}));
  EXPECT_TRUE(live->late_flat());
  EXPECT_FALSE(alerts.empty());
  EXPECT_FALSE(live->take_close_out());
  ASSERT_TRUE(live->pump(asked + seconds{81}));
  EXPECT_TRUE(live->take_close_out());
  EXPECT_FALSE(live->take_close_out());
  // From here on the broker sells: an order of ours beside it could sell twice.
  const auto handed_over = sells();
  broker.refuses_sells = false;
  ASSERT_TRUE(live->pump(asked + seconds{91}));
  ASSERT_TRUE(live->pump(asked + seconds{101}));
  EXPECT_EQ(sells(), handed_over);
}

TEST_F(LiveDayTest, NothingIsSentAfterTheClose) {
  RUN_UNTIL_HELD(100);
  broker.refuses_sells = true;
  feed.events.emplace_back(FeedDown{"cut"});
  run_to_the_end();
  EXPECT_FALSE(live->session().flat());
  EXPECT_TRUE(live->late_flat());
  EXPECT_GT(broker.times.back(), hours().close - std::chrono::minutes{1});  // tried to the last
  EXPECT_LT(broker.times.back(), hours().close);
}

TEST_F(LiveDayTest, AfterAFlattenNothingIsEnteredAnyMore) {
  RUN_UNTIL_HELD(0);
  ASSERT_TRUE(live->flatten("test"));
  const std::size_t orders = broker.orders.size();
  run_minutes(minute, minute + 40);
  EXPECT_TRUE(live->session().flat());
  for (std::size_t i = orders; i < broker.orders.size(); ++i) EXPECT_EQ(broker.orders[i].side, Side::sell);
  EXPECT_TRUE(live->entries_suspended());
}

TEST_F(LiveDayTest, MaintenanceAndAMismatchStopEntriesWhileTheyLast) {
  ASSERT_TRUE(live->set_maintenance(true));
  run_minutes(0, 40);
  EXPECT_EQ(broker.orders.size(), 0U);
  ASSERT_TRUE(live->set_maintenance(false));
  ASSERT_TRUE(live->set_mismatch(true, "the broker's book disagrees"));
  ASSERT_TRUE(live->set_mismatch(true, "still"));  // said once
  EXPECT_EQ(alerts.size(), 1U);
  run_minutes(40, 80);
  EXPECT_EQ(broker.orders.size(), 0U);
  ASSERT_TRUE(live->set_mismatch(false, ""));
  run_minutes(80, 140);
  EXPECT_GT(broker.orders.size(), 0U);
  EXPECT_EQ(journal("maintenance").size(), 2U);
}

TEST_F(LiveDayTest, QuotesAreNotedAsSpreadsMinuteByMinute) {
  feed.events.emplace_back(FeedQuote{0, 99.99, 100.01, {}});
  feed.events.emplace_back(FeedQuote{0, 99.98, 100.02, {}});
  feed.events.emplace_back(FeedQuote{1, 0, 50, {}});  // one-sided
  run_minutes(0, 2);
  const auto notes = journal("spread_bps");
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0]["text"].get<std::string>().find(world().options.universe[0].name + " 3."), 0U);
}

TEST_F(LiveDayTest, AFeedThatIsLostForGoodIsAnAlert) {
  feed.events.emplace_back(FeedLost{Error{Errc::unauthorized, "market data", "key refused"}});
  ASSERT_TRUE(live->pump(hours().open + seconds{1}));
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_NE(alerts[0].find("key refused"), std::string::npos);
  EXPECT_EQ(journal("entries_suspended").size(), 1U);
}

}  // namespace
}  // namespace sentio
