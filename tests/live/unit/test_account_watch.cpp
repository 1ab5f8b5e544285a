/// Questions beside the trading thread, and the last rung, at an account in memory.

#include <gtest/gtest.h>

#include <condition_variable>

#include "memory_broker.h"
#include "mock_world.h"
#include "watch/account_watch.h"

namespace sentio {
namespace {

using testing::MemoryAccount;
using testing::MemoryBroker;

const SessionHours kHours = *NyseCalendar::session(testing::day(2025, 7, 3));

/// Nobody drives the time: pauses last a moment.
class AccountWatched : public ::testing::Test {
 protected:
  AccountWatched() {
    account.hold("TQQQ", 17);
    watch.emplace(
        broker, universe, Timeline(time), [this] { return time->now(); },
        [this] {
          const std::lock_guard lock(mutex);
          ++done;
          changed.notify_all();
        });
  }
  /// Until `jobs` have ended.
  void await(int jobs) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done >= jobs; });
  }
  [[nodiscard]] double sold_in_all() {
    double shares = 0;
    for (const BrokerSale& sale : watch->take_sold()) shares += sale.qty;
    return shares;
  }

  const Universe universe = testing::six_instruments();
  std::shared_ptr<SteppedTime> time = std::make_shared<SteppedTime>(kHours.minute_start(60));
  MemoryAccount account{universe, [this] { return time->now(); }};
  MemoryBroker broker{account, universe};
  std::mutex mutex;
  std::condition_variable changed;
  int done = 0;
  std::optional<AccountWatch> watch;
};

TEST_F(AccountWatched, OneQuestionIsOneSnapshot) {
  EXPECT_FALSE(watch->take_snapshot());
  watch->ask();
  await(1);
  const auto seen = watch->take_snapshot();
  ASSERT_TRUE(seen && *seen);
  EXPECT_EQ((*seen)->account.cash.value, 100'000);
  ASSERT_EQ((*seen)->positions.size(), 1U);
  EXPECT_EQ((*seen)->positions[0].shares, 17);
  EXPECT_FALSE(watch->take_snapshot());
}

TEST_F(AccountWatched, WhatCannotBeReadIsAnErrorOfItsOwnKind) {
  account.trouble["positions"] = {.code = Errc::network};
  watch->ask();
  await(1);
  auto seen = watch->take_snapshot();
  ASSERT_TRUE(seen && !*seen);
  EXPECT_EQ(seen->error().code, Errc::network);
  account.trouble["account"] = {.code = Errc::unauthorized};
  watch->ask();
  await(2);
  seen = watch->take_snapshot();
  ASSERT_TRUE(seen && !*seen);
  EXPECT_EQ(seen->error().code, Errc::unauthorized);
}

TEST_F(AccountWatched, WhatIsClosedIsToldOnceAndOnlyOurs) {
  account.fills_at_once = true;
  watch->close_out({{"TQQQ", 10}}, [] { return true; });
  await(1);
  EXPECT_EQ(account.held("TQQQ"), 7);
  const auto sold = watch->take_sold();
  ASSERT_EQ(sold.size(), 1U);
  EXPECT_EQ(sold[0].symbol, "TQQQ");
  EXPECT_EQ(sold[0].qty, 10);
  EXPECT_EQ(sold[0].price, 50);
  EXPECT_EQ(watch->take_lines(), (std::vector<std::string>{"at the broker: closing TQQQ 10"}));
  watch->close_out({{"TQQQ", 10}}, [] { return true; });  // the ledger has not heard of it yet
  await(2);
  EXPECT_EQ(account.held("TQQQ"), 7);
  EXPECT_TRUE(watch->take_sold().empty());
}

TEST_F(AccountWatched, ASaleInPartsIsToldAtTheirPrices) {
  watch->close_out({{"TQQQ", 17}}, [] { return true; });
  await(1);  // half a minute of looks
  EXPECT_EQ(sold_in_all(), 0);
  account.fills_at_most = 4;
  account.market_opens({{"TQQQ", 49}});
  watch->close_out({{"TQQQ", 17}}, [] { return true; });
  await(2);
  EXPECT_EQ(sold_in_all(), 4);
  account.fills_at_most = 100;
  account.market_opens({{"TQQQ", 48}});
  watch->close_out({{"TQQQ", 13}}, [] { return true; });
  await(3);
  const auto sold = watch->take_sold();
  ASSERT_EQ(sold.size(), 1U);
  EXPECT_EQ(sold[0].qty, 13);
  EXPECT_DOUBLE_EQ(sold[0].price, 48);
}

TEST_F(AccountWatched, SalesOfAHandAndOfOurOwnNamesAreNotTheBrokers) {
  account.fills_at_once = true;
  account.place("sen-20250703-1031-TQQQ-S-0", "TQQQ", Side::sell, 4);
  account.place("by-hand", "SPXL", Side::buy, 4);
  watch->close_out({{"TQQQ", 3}}, [] { return true; });
  await(1);
  EXPECT_EQ(sold_in_all(), 3);
}

TEST_F(AccountWatched, AfterTheCloseNothingIsAskedOfTheBroker) {
  watch->close_out({{"TQQQ", 10}}, [] { return false; });
  await(1);
  EXPECT_EQ(account.asked["close"], 0);
  EXPECT_EQ(watch->take_lines(), (std::vector<std::string>{"at the broker: the session is over: TQQQ 10 is not closed any more"}));
}

TEST_F(AccountWatched, WhoeverEndsDoesNotWaitForTheSale) {
  time->drive(true);  // and nobody moves it
  watch->close_out({{"TQQQ", 10}}, [] { return true; });
  watch.reset();
  EXPECT_LE(account.asked["close"], 1);
}

}  // namespace
}  // namespace sentio
