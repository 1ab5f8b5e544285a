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

TEST_F(LiveDayTest, AlertsStandInTheJournalAndAReplayPassesThemOver) {
  run_minutes(0, 3);
  live->note_alert(AlertKind::not_flat, "shares \"are\" held");
  run_minutes(3, 4);
  const auto notes = journal("alert");
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0]["text"], "critical: NOT FLAT: shares \"are\" held");
  const auto replayed = replay_journal(folder / ("journal_" + format_date(hours().date) + ".jsonl"));
  ASSERT_TRUE(replayed) << replayed.error().message();
  EXPECT_EQ(replayed->last_minute, 3);
}

TEST_F(LiveDayTest, AMuteFeedIsAskedAndEntriesWait) {
  run_minutes(0, 10);
  const TimePoint last = hours().minute_end(9) + milliseconds{300};
  while (live->next_deadline() < last + seconds{75}) ASSERT_TRUE(live->pump(live->next_deadline()));
  EXPECT_EQ(feed.questions, 0);
  ASSERT_TRUE(live->pump(last + seconds{75}));
  EXPECT_EQ(feed.questions, 1);
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

TEST_F(LiveDayTest, OnlyOrdersThatASetDecidedAreTimed) {
  RUN_UNTIL_HELD(0);
  const std::size_t on_sets = broker.orders.size();
  ASSERT_TRUE(live->flatten("test"));
  ASSERT_GT(broker.orders.size(), on_sets);
  for (const Order& o : broker.orders) live->stopwatch().left(o.key, WallPoint{});
  const OrderLatency latency = live->stopwatch().result();
  EXPECT_EQ(latency.us.size(), on_sets);
  EXPECT_EQ(latency.not_on_a_set, broker.orders.size() - on_sets);
  EXPECT_EQ(latency.never_left, 0U);
}

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

/// The journal as lines with their newlines.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
  return lines;
}

/// As the journal was before lines had numbers.
std::string without_seq(std::string line) {
  if (line.starts_with("{\"seq\":")) line.erase(1, line.find(',') );
  return line;
}

TEST_F(LiveDayTest, ALineThatIsMissingDoubledOrMovedIsNamedAndNothingIsStepped) {
  run_minutes(0, 12);
  live.reset();
  const auto file = folder / "journal_2025-07-03.jsonl";
  const auto whole = lines_of(*read_text_file(file));
  ASSERT_GT(whole.size(), 15U);
  const auto refused_at = [&](const std::vector<std::string>& lines) -> std::string {
    std::string text;
    for (const std::string& line : lines) text += line;
    EXPECT_TRUE(write_file_atomically(file, text));
    const auto day = replay_journal(file);
    if (day) return "accepted";
    EXPECT_EQ(exit_code(day.error().code), ExitCode::data);
    EXPECT_TRUE(day.error().where.starts_with(file.string() + ":")) << day.error().message();
    return day.error().where.substr(file.string().size() + 1);
  };
  for (std::size_t i = 1; i + 1 < whole.size(); ++i) {
    SCOPED_TRACE(whole[i]);
    auto lines = whole;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(refused_at(lines), std::to_string(i + 1));
    lines = whole;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), whole[i]);
    EXPECT_EQ(refused_at(lines), std::to_string(i + 2));
    lines = whole;
    std::swap(lines[i], lines[i + 1]);
    EXPECT_EQ(refused_at(lines), std::to_string(i + 1));
  }
  EXPECT_EQ(refused_at({whole.begin(), whole.end() - 1}), "accepted");  // as a kill leaves it
  EXPECT_EQ(refused_at(whole), "accepted");
}

/// Without numbers only the door sees it: every such journal is accepted or refused with a line, and never an end of
/// the program.
TEST_F(LiveDayTest, AnOlderJournalThatDoesNotAddUpIsRefusedWithItsLine) {
  RUN_UNTIL_HELD(0);
  run_minutes(minute, minute + 3);
  live.reset();
  const auto file = folder / "journal_2025-07-03.jsonl";
  auto whole = lines_of(*read_text_file(file));
  for (std::string& line : whole) line = without_seq(line);
  int refused = 0;
  std::string last_detail;
  const auto replay = [&](const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line;
    EXPECT_TRUE(write_file_atomically(file, text));
    const auto day = replay_journal(file);
    if (day) return true;
    ++refused;
    last_detail = day.error().detail;
    EXPECT_TRUE(day.error().where.starts_with(file.string() + ":")) << day.error().message();
    return false;
  };
  ASSERT_TRUE(replay(whole)) << last_detail;
  for (std::size_t i = 1; i + 1 < whole.size(); ++i) {
    SCOPED_TRACE(whole[i]);
    const bool counts = whole[i].find("\"event\":\"bars\"") != std::string::npos ||
                        whole[i].find("\"event\":\"fill\"") != std::string::npos ||
                        whole[i].find("session_opened") != std::string::npos;
    auto lines = whole;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), whole[i]);
    EXPECT_EQ(replay(lines), !counts);
    lines = whole;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
    (void)replay(lines);
    lines = whole;
    std::swap(lines[i], lines[i + 1]);
    (void)replay(lines);
    lines = whole;
    lines.push_back(whole[i]);
    (void)replay(lines);
  }
  EXPECT_GT(refused, 20);
  whole.insert(whole.end() - 1, without_seq("{\"now\":\"2025-07-03T14:30:00Z\",\"event\":\"session_closed\"}\n"));
  EXPECT_FALSE(replay(whole));
}

TEST_F(LiveDayTest, AnOlderJournalGoesOnWithoutNumbersAndANewOneWithThem) {
  run_minutes(0, 5);
  live.reset();
  const auto file = folder / "journal_2025-07-03.jsonl";
  const std::string written = *read_text_file(file);
  for (const bool older : {false, true}) {
    SCOPED_TRACE(older);
    std::string text;
    for (const std::string& line : lines_of(written)) text += older ? without_seq(line) : line;
    ASSERT_TRUE(write_file_atomically(file, text));
    auto replayed = replay_journal(file);
    ASSERT_TRUE(replayed) << replayed.error().message();
    live = *LiveDay::resume(options(), *std::move(replayed), broker, feed, hours().minute_end(4) + seconds{5});
    feed.events.emplace_back(FeedUp{});
    run_minutes(5, 8);
    live.reset();
    const auto lines = lines_of(*read_text_file(file));
    for (std::size_t i = 1; i < lines.size(); ++i) {
      EXPECT_EQ(lines[i].starts_with("{\"seq\":" + std::to_string(i + 1) + ","), !older) << lines[i];
    }
    EXPECT_TRUE(replay_journal(file));
  }
}

// ---- what does not fit ----------------------------------------------------------------------------

TEST_F(LiveDayTest, AnExecutionThatDoesNotFitIsToldAndNeitherBookedNorJournalled) {
  RUN_UNTIL_HELD(0);
  const double cash = live->session().ledger().cash().v;
  const auto booked = journal("fill").size();
  const Order first = broker.orders.front();
  const auto fill = [&](double qty, std::int16_t order_minute) {
    Fill f{.order = first.key, .qty = Qty{qty}, .price = first.reference, .at = hours().open, .execution = 99'999};
    f.order.minute = order_minute;
    return OrderFilled{f};
  };
  const TimePoint now = hours().minute_end(minute) + seconds{2};
  // Its order is filled; there is no such order; no such number of shares.
  for (const OrderFilled& event : {fill(1, first.key.minute), fill(1, 205), fill(1e12, first.key.minute)}) {
    broker.news.emplace_back(event);
    ASSERT_TRUE(live->pump(now));
  }
  EXPECT_EQ(live->session().ledger().cash().v, cash);
  EXPECT_EQ(journal("fill").size(), booked);
  EXPECT_EQ(journal("refused").size(), 3U);
  ASSERT_EQ(alerts.size(), 3U);
  EXPECT_NE(alerts[0].find("its order is not at work; no entries meanwhile"), std::string::npos) << alerts[0];
  EXPECT_TRUE(live->entry_gate().suspended());
  // Until the broker's book agrees.
  ASSERT_TRUE(live->set_mismatch(false, {}));
  EXPECT_FALSE(live->entry_gate().suspended());
  live.reset();
  EXPECT_TRUE(replay_journal(folder / "journal_2025-07-03.jsonl"));
}

TEST_F(LiveDayTest, AMinuteWhoseBarsDoNotFitIsSteppedWithoutBars) {
  run_minutes(0, 3);
  FeedBar bar = bar_of(0, 3);
  bar.bar.close = -1;
  feed.events.emplace_back(bar);
  feed.events.emplace_back(bar_of(1, 3));
  feed.events.emplace_back(bar_of(2, 3));
  ASSERT_TRUE(live->pump(hours().minute_end(3) + milliseconds{300}));
  ASSERT_EQ(journal("bars").size(), 4U);
  EXPECT_TRUE(journal("bars").back()["bars"].empty());
  EXPECT_EQ(journal("refused").size(), 1U);
  EXPECT_EQ(alerts.size(), 1U);
  run_minutes(4, 6);
  EXPECT_EQ(journal("bars").size(), 6U);
}

TEST_F(LiveDayTest, NothingIsSteppedAfterTheEnd) {
  run_minutes(0, hours().minutes);
  run_to_the_end();
  const std::string before = *read_text_file(folder / "decisions_2025-07-03.jsonl");
  ASSERT_TRUE(live->set_maintenance(true));
  ASSERT_TRUE(live->set_mismatch(true, "late"));
  ASSERT_TRUE(live->flatten("late"));
  ASSERT_TRUE(live->pump(hours().close + std::chrono::minutes{5}));
  EXPECT_TRUE(journal("maintenance").empty());
  EXPECT_TRUE(journal("flatten").empty());
  EXPECT_EQ(*read_text_file(folder / "decisions_2025-07-03.jsonl"), before);
  live.reset();
  const auto replayed = replay_journal(folder / "journal_2025-07-03.jsonl");
  ASSERT_TRUE(replayed) << replayed.error().message();
  EXPECT_TRUE(replayed->closed);
}

TEST_F(LiveDayTest, APositionThatCannotBeOursBeginsNoDay) {
  for (const PositionAdopted& held : {PositionAdopted{0, Qty{10}, Price{1e300}}, PositionAdopted{0, Qty{-1}, Price{50}},
                                      PositionAdopted{77, Qty{10}, Price{50}}}) {
    LiveDayOptions fresh = options();
    fresh.folder = folder / "other";
    std::filesystem::create_directories(fresh.folder);
    const auto begun = LiveDay::start(std::move(fresh), &state(), {held}, broker, feed, hours().open - seconds{60});
    ASSERT_FALSE(begun);
    EXPECT_TRUE(std::filesystem::is_empty(folder / "other"));
  }
}

/// A day that begins five minutes before the open with 10 shares of the second instrument.
class HeldBeforeTheOpen : public LiveDayTest {
 protected:
  HeldBeforeTheOpen() {
    live.reset();
    EXPECT_TRUE(write_state(folder / "state.bin", state().header, state().payload));
    live = *LiveDay::start(options(), &state(), {PositionAdopted{1, Qty{10}, Price{50}}}, broker, feed, early);
    feed.events.emplace_back(FeedUp{});
    EXPECT_TRUE(live->pump(early));
  }
  void expect_sold_at_the_open() {
    ASSERT_EQ(broker.orders.size(), 1U);
    EXPECT_EQ(broker.orders[0].side, Side::sell);
    EXPECT_EQ(broker.orders[0].key.minute, 0);
    EXPECT_EQ(broker.times[0], hours().open);
    ASSERT_TRUE(live->pump(hours().open + seconds{1}));
    EXPECT_TRUE(live->session().flat());
    EXPECT_FALSE(live->late_flat());
  }
  const TimePoint early = hours().open - std::chrono::minutes{5};
};

TEST_F(HeldBeforeTheOpen, AFlattenSellsAtTheOpenWithoutWaitingForBars) {
  ASSERT_TRUE(live->flatten("test"));
  ASSERT_TRUE(live->flatten("twice"));
  EXPECT_TRUE(live->entry_gate().suspended());
  EXPECT_TRUE(broker.orders.empty());
  EXPECT_EQ(live->next_deadline(), hours().open);
  feed.events.emplace_back(FeedDown{"cut"});  // and dead
  ASSERT_TRUE(live->pump(hours().open - milliseconds{1}));
  EXPECT_TRUE(broker.orders.empty());
  ASSERT_TRUE(live->pump(live->next_deadline()));
  expect_sold_at_the_open();
  EXPECT_EQ(journal("flatten").size(), 2U);  // when it was asked for, and at the open
}

TEST_F(HeldBeforeTheOpen, AfterAKillTheFlattenIsStillInForce) {
  ASSERT_TRUE(live->flatten("test"));
  live.reset();
  auto replayed = replay_journal(folder / "journal_2025-07-03.jsonl");
  ASSERT_TRUE(replayed) << replayed.error().message();
  live = *LiveDay::resume(options(), *std::move(replayed), broker, feed, early + seconds{30});
  feed.events.emplace_back(FeedUp{});
  EXPECT_EQ(live->next_deadline(), hours().open);
  ASSERT_TRUE(live->pump(live->next_deadline()));
  expect_sold_at_the_open();
  run_minutes(1, 30);
  EXPECT_EQ(broker.orders.size(), 1U);
}

/// As it was written when such a flatten ended the program: the event is the last line.
TEST_F(HeldBeforeTheOpen, AnOlderJournalThatEndsWithTheFlattenGoesOn) {
  ASSERT_TRUE(live->flatten("test"));
  live.reset();
  const auto file = folder / "journal_2025-07-03.jsonl";
  std::string text;
  for (const std::string& line : lines_of(*read_text_file(file))) text += without_seq(line);
  ASSERT_TRUE(write_file_atomically(file, text));
  ASSERT_TRUE(text.ends_with("\"event\":\"flatten\"}\n")) << text;
  auto replayed = replay_journal(file);
  ASSERT_TRUE(replayed) << replayed.error().message();
  live = *LiveDay::resume(options(), *std::move(replayed), broker, feed, hours().open + std::chrono::minutes{2});
  feed.events.emplace_back(FeedUp{});
  ASSERT_TRUE(live->pump(hours().open + std::chrono::minutes{2}));
  ASSERT_EQ(broker.orders.size(), 1U);
  EXPECT_EQ(broker.orders[0].side, Side::sell);
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
  EXPECT_TRUE(handed_over.empty());
  ASSERT_TRUE(live->pump(asked + seconds{81}));
  ASSERT_EQ(handed_over.size(), 1U);
  const OwnShares held = handed_over[0].front();
  EXPECT_EQ(held.qty, live->session().ledger().position(*world().options.universe.find(held.symbol)).qty.v);
  // From here on the broker sells: an order of ours beside it could sell twice.
  const auto sent = sells();
  broker.refuses_sells = false;
  ASSERT_TRUE(live->pump(asked + seconds{91}));
  ASSERT_TRUE(live->pump(asked + seconds{101}));
  EXPECT_EQ(sells(), sent);
  EXPECT_EQ(handed_over.size(), 2U);  // asked again
  ASSERT_TRUE(live->broker_sold({{held.symbol, held.qty, 50, asked + seconds{101}}}));
  EXPECT_EQ(journal("closed_by_broker").size(), 1U);
  EXPECT_EQ(live->session().ledger().position(*world().options.universe.find(held.symbol)).qty, Qty{0});
}

/// As found by the order poller: our exit was refused in the end, and only then the broker's sale can be booked.
TEST_F(LiveDayTest, WhatTheBrokerSoldWaitsForTheEndOfOurOwnOrder) {
  RUN_UNTIL_HELD(100);
  broker.silent = true;
  ASSERT_TRUE(live->flatten("test"));
  const Order exit = broker.orders.back();
  const TimePoint asked = hours().minute_end(minute - 1) + seconds{1};
  ASSERT_TRUE(live->pump(asked + seconds{81}));
  ASSERT_EQ(handed_over.size(), 1U);
  EXPECT_NE(std::find(broker.cancels.begin(), broker.cancels.end(), exit.key), broker.cancels.end());
  const std::string name = world().options.universe[exit.symbol].name;
  ASSERT_TRUE(live->broker_sold({{name, exit.qty.v, 50, asked + seconds{82}}}));
  EXPECT_TRUE(journal("closed_by_broker").empty());
  broker.news.emplace_back(OrderRejected{exit.key, "no shares are left"});
  ASSERT_TRUE(live->pump(asked + seconds{83}));
  EXPECT_EQ(journal("closed_by_broker").size(), 1U);
  EXPECT_EQ(live->session().ledger().position(exit.symbol).qty, Qty{0});
}

/// Two symbols are held and no order is at work; then the broker sells one of them by itself.
TEST_F(LiveDayTest, WhatTheBrokerSoldIsOneEventAndTouchesNothingElse) {
  int minute = 0;
  for (; minute < 190 && live->session().ledger().open_positions() < 2; ++minute) {
    run_minutes(minute, minute + 1);
    ASSERT_TRUE(live->pump(hours().minute_end(minute) + seconds{1}));
  }
  ASSERT_EQ(live->session().ledger().open_positions(), 2U);
  const auto held = [&](SymbolId symbol) { return live->session().ledger().position(symbol).qty; };
  SymbolId sold = 0;
  while (held(sold) == Qty{0}) ++sold;
  const Qty all = held(sold);
  const std::string& name = world().options.universe[sold].name;
  const std::string decisions = *read_text_file(folder / "decisions_2025-07-03.jsonl");
  const std::size_t orders = broker.orders.size();
  const TimePoint at = hours().minute_end(minute - 1) + seconds{1};
  ASSERT_TRUE(live->broker_sold({{name, all.v - 1, 50, at}, {name, 3, 51, at}}));  // of the three one is ours
  EXPECT_EQ(held(sold), Qty{0});
  EXPECT_EQ(live->session().ledger().open_positions(), 1U);
  EXPECT_EQ(broker.orders.size(), orders);
  EXPECT_EQ(*read_text_file(folder / "decisions_2025-07-03.jsonl"), decisions);
  const auto sales = journal("closed_by_broker");
  ASSERT_EQ(sales.size(), 2U);
  EXPECT_EQ(sales[0]["symbol"], name);
  EXPECT_EQ(sales[0]["price"], 50);
  EXPECT_EQ(sales[1]["qty"], 1);
  EXPECT_TRUE(journal("eod_timer").empty());
  EXPECT_TRUE(journal("flatten").empty());
  const std::string log = *read_text_file(folder / "session_2025-07-03.log");
  EXPECT_NE(log.find("sold by the broker: " + name + " 1 at 51"), std::string::npos) << log;
  // No price: told, not booked, and nothing is bought before the books agree.
  const auto other = static_cast<SymbolId>(std::find_if(broker.orders.rbegin(), broker.orders.rend(), [&](const Order& o) {
                                             return held(o.symbol) > Qty{0};
                                           })->symbol);
  ASSERT_TRUE(live->broker_sold({{world().options.universe[other].name, 1, 0, at}}));
  EXPECT_TRUE(live->entry_gate().suspended());
  EXPECT_EQ(journal("closed_by_broker").size(), 2U);
  const std::string trades = *read_text_file(folder / "trades_2025-07-03.jsonl");
  EXPECT_EQ(trades.substr(trades.find("\"broker-")).find("\"sen-"), std::string::npos);
  live.reset();
  const auto replayed = replay_journal(folder / "journal_2025-07-03.jsonl");
  ASSERT_TRUE(replayed) << replayed.error().message();
  EXPECT_EQ(replayed->recorder->files().trades, trades);
  EXPECT_EQ(replayed->recorder->files().session_log, *read_text_file(folder / "session_2025-07-03.log"));
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
  EXPECT_TRUE(live->entry_gate().suspended());
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

TEST_F(LiveDayTest, RefusedMarketDataIsToldOncePerOutage) {
  run_minutes(0, 3);
  for (int outage = 1; outage <= 2; ++outage) {
    const TimePoint at = hours().minute_end(2) + seconds{10 * outage};
    feed.events.emplace_back(FeedDown{"cut"});
    feed.events.emplace_back(FeedTrouble{"connection failed: HTTP 502"});
    ASSERT_TRUE(live->pump(at));
    EXPECT_EQ(alerts.size(), static_cast<std::size_t>(outage - 1)) << "a cut is no news";
    EXPECT_EQ(journal("entries_suspended").back()["on"], true);
    for (int i = 0; i < 3; ++i) feed.events.emplace_back(FeedTrouble{"402 auth failed", ConnectionEnd::hopeless});
    feed.events.emplace_back(FeedUp{});
    ASSERT_TRUE(live->pump(at + seconds{5}));
    ASSERT_EQ(alerts.size(), static_cast<std::size_t>(outage));
    EXPECT_NE(alerts.back().find("402 auth failed"), std::string::npos);
    EXPECT_EQ(journal("entries_suspended").back()["on"], false);
  }
}

TEST_F(LiveDayTest, EntriesWaitWhileTheBrokerRefusesOurKeys) {
  ASSERT_TRUE(live->set_keys_refused(true, "the broker refuses our keys"));
  ASSERT_TRUE(live->set_keys_refused(true, "still"));
  EXPECT_EQ(alerts, std::vector<std::string>{"the broker refuses our keys"});
  run_minutes(0, 60);
  EXPECT_EQ(broker.orders.size(), 0U);
  ASSERT_TRUE(live->set_keys_refused(false, "the broker takes our keys again"));
  EXPECT_EQ(alerts.size(), 2U);
  run_minutes(60, 140);
  EXPECT_GT(broker.orders.size(), 0U);
}

TEST_F(LiveDayTest, HaltsThatAreNotSeenAreToldOnceADay) {
  for (int connection = 0; connection < 2; ++connection) {
    feed.events.emplace_back(FeedWithoutHalts{"alpaca data: 405 symbol limit exceeded"});
    ASSERT_TRUE(live->pump(hours().open + seconds{connection}));
  }
  const std::string text = "halts are not seen, the server gives bars alone: alpaca data: 405 symbol limit exceeded";
  EXPECT_EQ(alerts, std::vector<std::string>{text});
  const auto lines = journal("log");
  EXPECT_EQ(std::ranges::count_if(lines, [&](const auto& j) { return j["text"].template get<std::string>().ends_with(text); }), 2);
}

TEST_F(LiveDayTest, ASymbolThatIsSilentWhileOthersTradeIsToldAndAskedFor) {
  run_minutes(0, 10);
  const std::string name = world().options.universe[2].name;
  for (int minute = 10; minute < 17; ++minute) {
    for (std::size_t i = 0; i < 2; ++i) feed.events.emplace_back(bar_of(i, minute));
    ASSERT_TRUE(live->pump(hours().minute_end(minute) + milliseconds{300}));
    ASSERT_TRUE(live->pump(hours().minute_end(minute) + seconds{3}));
    EXPECT_EQ(feed.questions, minute < 14 ? 0 : 1) << minute;
  }
  EXPECT_EQ(alerts, std::vector<std::string>{name + ": no bar for 5 minutes, while 2 of 2 others have theirs"});
  run_minutes(17, 20);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[1], name + ": bars again after 7 minutes");
  EXPECT_EQ(feed.questions, 1);
}

TEST_F(LiveDayTest, AHaltWhoseEndWasMissedEndsWithABarOfALaterMinute) {
  run_minutes(0, 3);
  feed.events.emplace_back(FeedHalt{.symbol = 2, .halted = true, .code = "H", .reason = "T1"});
  feed.events.emplace_back(FeedDown{"cut"});
  feed.events.emplace_back(FeedUp{});
  ASSERT_TRUE(live->pump(hours().minute_end(2) + seconds{5}));
  EXPECT_NE(journal("log").back()["text"].get<std::string>().find("taken for halted until they trade: " +
                                                                  world().options.universe[2].name),
            std::string::npos);
  feed.events.emplace_back(bar_of(2, 3));  // began before it was halted
  ASSERT_TRUE(live->pump(hours().minute_end(3)));
  EXPECT_EQ(journal("halted").size(), 1U);
  // A restart knows it, too.
  const auto file = folder / "journal_2025-07-03.jsonl";
  live.reset();
  auto replayed = replay_journal(file);
  ASSERT_TRUE(replayed) << replayed.error().message();
  ASSERT_EQ(replayed->halted_since.size(), 1U);
  live = *LiveDay::resume(options(), *std::move(replayed), broker, feed, hours().minute_end(3) + seconds{1});
  feed.events.emplace_back(FeedUp{});
  feed.events.emplace_back(bar_of(2, 5));
  ASSERT_TRUE(live->pump(hours().minute_end(5)));
  ASSERT_EQ(journal("halted").size(), 2U);
  EXPECT_EQ(journal("halted")[1]["on"], false);
}

}  // namespace
}  // namespace sentio
