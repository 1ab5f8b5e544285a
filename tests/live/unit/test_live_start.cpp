/// The questions of a start, and the start itself, at an account in memory.

#include <gtest/gtest.h>

#include "journal/live_journal.h"
#include "leaping_pacer.h"
#include "memory_broker.h"
#include "mock_world.h"
#include "scratch_folder.h"
#include "start/live_start.h"
#include "start/start_questions.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::LeapingPacer;
using testing::MemoryAccount;
using testing::MemoryBroker;
using Lines = std::vector<std::string>;

const SessionHours kHours = *NyseCalendar::session(testing::day(2025, 7, 3));

class AtTheStart : public ::testing::Test {
 protected:
  Result<LiveStart> start(bool adopt = false) {
    return check_start(broker, pacer,
                       {.setup = setup,
                        .hours = kHours,
                        .folder = folder.path(),
                        .mode = "paper",
                        .adopt = adopt,
                        .book_pause = milliseconds{1},
                        .cancel_pause = milliseconds{1}});
  }
  [[nodiscard]] std::string refusal(bool adopt = false) {
    const auto done = start(adopt);
    return done ? "" : done.error().message();
  }
  /// An order of this session's, whole if `filled`.
  std::string own(const std::string& symbol, Side side, double qty, bool filled) {
    account.fills_at_once = filled;
    return account.place("sen-20250703-0945-" + symbol + (side == Side::buy ? "-B-0" : "-S-0"), symbol, side, qty,
                         filled ? 0 : .01);
  }
  [[nodiscard]] RunHeader header() const {
    return {.date = kHours.date,
            .mode = "paper",
            .options = {.config = setup.config, .universe = setup.universe, .fees = setup.fees, .capital = Usd{100'000}}};
  }
  void begin_journal() { ASSERT_TRUE(LiveJournal::begin(folder.path(), header(), {SessionOpened{.hours = kHours}}, pacer.now())); }

  const RunSetup setup{.config = {}, .universe = testing::six_instruments(), .fees = testing::fees_of_2025(), .config_name = {}};
  testing::ScratchFolder folder;
  LeapingPacer pacer{kHours.minute_start(20)};
  MemoryAccount account{setup.universe, [this] { return pacer.now(); }};
  MemoryBroker broker{account, setup.universe};
};

TEST_F(AtTheStart, AllIsWell) {
  const auto done = start();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->account.cash.value, 100'000);
  EXPECT_EQ(done->clock_skew_seconds, 0);
  EXPECT_TRUE(done->book.held.empty());
  EXPECT_FALSE(done->resumed);
  EXPECT_FALSE(done->breaker_latched);
  EXPECT_TRUE(done->notes.empty());
}

TEST_F(AtTheStart, KeysAndNetworkNameTheNextStep) {
  account.trouble["account"] = {.code = Errc::unauthorized};
  EXPECT_EQ(refusal(), "account: the broker refused the API keys (is not answered); check them, and that they belong to "
                       "this kind of account, paper or real");
  account.trouble["account"] = {.code = Errc::network};
  EXPECT_EQ(refusal(), "account: is not answered; check the network, this machine's date, any proxy in between, and the "
                       "broker's status page");
}

TEST_F(AtTheStart, AnyQuestionThatIsNotAnsweredEndsIt) {
  for (const char* question : {"clock", "calendar", "asset", "positions", "orders_since"}) {
    account.trouble[question] = {.code = Errc::malformed};
    const auto done = start();
    ASSERT_FALSE(done) << question;
    EXPECT_EQ(done.error().code, Errc::malformed) << question;
    EXPECT_EQ(done.error().where, question);
  }
  EXPECT_TRUE(start());
}

TEST_F(AtTheStart, WhatTheBrokerSaysIsJudged) {
  account.hindrances = {"it is closed; ask why"};
  EXPECT_EQ(refusal(), "account: it is closed; ask why");
  account.hindrances.clear();
  account.clock_ahead = seconds{3};
  EXPECT_TRUE(refusal().starts_with("clock: this machine's clock is 3.0 s behind the broker's")) << refusal();
  account.clock_ahead = seconds{2};
  EXPECT_EQ(start()->clock_skew_seconds, -2);
  account.calendar[kHours.date] = std::nullopt;
  EXPECT_TRUE(refusal().starts_with("2025-07-03: the broker's calendar says no session")) << refusal();
  account.calendar.clear();
  account.assets.erase("UVXY");
  account.assets["SDS"].tradable = false;
  EXPECT_EQ(refusal(), "SDS: the broker says it is not tradable; leave it out with --symbols\n"
                       "UVXY: the broker does not know it; leave it out with --symbols");
}

TEST_F(AtTheStart, SharesOfOurOrdersAreOursAndOthersAreRefusedOrTakenOver) {
  account.market_opens({{"TQQQ", 50}});
  own("TQQQ", Side::buy, 30, true);
  auto done = start();
  ASSERT_TRUE(done) << done.error().message();
  ASSERT_EQ(done->book.held.size(), 1U);
  EXPECT_EQ(done->book.held[0].qty, Qty{30});
  EXPECT_FALSE(done->book.held[0].foreign);
  account.hold("SPXL", 4);
  EXPECT_EQ(refusal(), "SPXL: the broker holds 4 shares, our orders explain 0; sell them, or take them over with --adopt");
  done = start(true);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->book.held.size(), 2U);
  EXPECT_TRUE(done->book.held[0].foreign);
}

TEST_F(AtTheStart, APositionThatLagsBehindItsFillIsWaitedFor) {
  // A minute ago it was bought, now it is sold; each look at the positions takes three seconds.
  std::chrono::nanoseconds before = minutes{1};
  account.now = [&] { return pacer.now() - before + seconds{3} * account.asked["positions"]; };
  account.market_opens({{"TQQQ", 50}});
  own("TQQQ", Side::buy, 30, true);
  before = seconds{0};
  own("TQQQ", Side::sell, 30, true);
  account.positions_lag = seconds{5};
  const auto done = start();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_TRUE(done->book.held.empty());
  EXPECT_EQ(account.asked["positions"], 2);
}

TEST_F(AtTheStart, OrdersOfOursThatNobodyRemembersAreCancelled) {
  own("TQQQ", Side::buy, 30, false);
  account.cancels_wait = true;
  int looks = 0;
  account.wake = [&] {
    if (++looks == 2) account.cancels_wait = false;
  };
  const auto done = start();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->notes, (Lines{"cancelling open order sen-20250703-0945-TQQQ-B-0"}));
  EXPECT_TRUE(account.at_work().empty());
  EXPECT_EQ(account.asked["cancel"], 3);
}

TEST_F(AtTheStart, AnOrderByHandIsRefusedOrCancelledWithAdopt) {
  account.place("by-hand", "SVXY", Side::buy, 3, .01);
  account.place("elsewhere", "GME", Side::buy, 3, .01);
  EXPECT_TRUE(refusal().starts_with("SVXY: an open order that is not ours")) << refusal();
  EXPECT_EQ(account.asked["cancel"], 0);
  EXPECT_EQ(refusal(true), "");
  EXPECT_EQ(account.at_work(), (Lines{"elsewhere"}));
}

TEST_F(AtTheStart, AnOrderThatCannotBeCancelledEndsIt) {
  own("TQQQ", Side::buy, 30, false);
  account.trouble["cancel"] = {.code = Errc::rejected};
  EXPECT_EQ(refusal(), "cancel: is not answered");
  account.cancels_wait = true;
  EXPECT_EQ(refusal(), "open orders: an order in our instruments cannot be cancelled; cancel it by hand");
}

TEST_F(AtTheStart, ADayThatHasBegunGoesOn) {
  begin_journal();
  const auto done = start();
  ASSERT_TRUE(done) << done.error().message();
  ASSERT_TRUE(done->resumed);
  EXPECT_EQ(done->resumed->last_minute, -1);
  account.hold("SPXL", 4);
  EXPECT_EQ(refusal(), "SPXL: the broker holds 4 shares, today's journal explains 0; sentio_cli flatten closes everything; once "
                       "flat, move the journal away to begin anew");
}

TEST_F(AtTheStart, ADayThatWasBegunOtherwiseIsNotGoneOnWith) {
  RunHeader other = header();
  other.mode = "real";
  ASSERT_TRUE(LiveJournal::begin(folder.path(), other, {SessionOpened{.hours = kHours}}, pacer.now()));
  const auto done = start();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::reconciliation);
  EXPECT_NE(done.error().detail.find("or as real instead of paper"), std::string::npos) << done.error().detail;
}

// ---- the book alone ---------------------------------------------------------------------------------

TEST_F(AtTheStart, TodaysOrdersExplainAPositionBetterThanAWeekWithTradesByHandInIt) {
  account.fills_at_once = true;
  account.market_opens({{"TQQQ", 50}, {"SVXY", 40}});
  account.place("sen-20250702-1000-TQQQ-B-0", "TQQQ", Side::buy, 20);
  account.place("by-hand", "TQQQ", Side::sell, 20);
  own("TQQQ", Side::buy, 30, true);
  const auto book = ask_book(broker, pacer.now(), setup.universe, kHours.date, false);
  ASSERT_TRUE(book) << book.error().message();
  ASSERT_EQ(book->held.size(), 1U);
  EXPECT_EQ(book->held[0].qty, Qty{30});
  EXPECT_EQ(book->held[0].avg_entry, Price{50});
  EXPECT_FALSE(book->held[0].foreign);
}

TEST_F(AtTheStart, AnOrderThatSomebodyChangedStaysOurs) {
  const std::string id = own("TQQQ", Side::buy, 30, false);
  const std::string next = account.replace(id, 40);
  const auto book = ask_book(broker, pacer.now(), setup.universe, kHours.date, false);
  ASSERT_TRUE(book) << book.error().message();
  EXPECT_TRUE(book->foreign_open.empty());
  ASSERT_EQ(book->own_open.size(), 1U);
  EXPECT_EQ(book->own_open[0].id, next);
  EXPECT_EQ(book->own_open[0].client_order_id, "sen-20250703-0945-TQQQ-B-0");
}

}  // namespace
}  // namespace sentio
