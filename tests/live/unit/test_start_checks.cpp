/// Clock, calendar, account and instruments before the start, every rule in a table.

#include <gtest/gtest.h>

#include "sentio/broker/alpaca_broker.h"
#include "sentio/exchange/exchange_server.h"
#include "start/start_checks.h"
#include "three_instruments.h"

namespace sentio {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::day;
using testing::message_of;
using testing::three;

const Date kDay = day(2025, 9, 26);

// ---- clock --------------------------------------------------------------------------------------

struct ClockCase {
  std::string name;
  milliseconds broker;  ///< after the question; the answer came 2 s after it
  milliseconds skew;
  std::string error;
  friend void PrintTo(const ClockCase& row, std::ostream* out) { *out << row.name; }
};

class StartClock : public ::testing::TestWithParam<ClockCase> {};

TEST_P(StartClock, MustBeNearTheBrokers) {
  const ClockCase& c = GetParam();
  const TimePoint asked = from_new_york(kDay, hours{9});
  const MarketClock clock{.timestamp = asked + c.broker};
  EXPECT_EQ(clock_skew(clock, asked, asked + seconds{2}), c.skew);
  EXPECT_EQ(clock_skew(clock, asked + seconds{2}, asked), c.skew) << "the clock was set back meanwhile";
  const auto checked = check_clock(clock, asked, asked + seconds{2});
  EXPECT_EQ(message_of(checked), c.error);
  if (!checked) {
    EXPECT_EQ(exit_code(checked.error().code), ExitCode::broker);
  }
}

constexpr const char* kBehind =
    "clock: this machine's clock is 3.0 s behind the broker's, at most 2 are allowed; synchronise it, e.g. with "
    "timedatectl set-ntp true";
constexpr const char* kAhead =
    "clock: this machine's clock is 61.0 s ahead of the broker's, at most 2 are allowed; synchronise it, e.g. with "
    "timedatectl set-ntp true";
INSTANTIATE_TEST_SUITE_P(
    Rules, StartClock,
    ::testing::Values(ClockCase{"AtTheQuestion", milliseconds{0}, milliseconds{0}, ""},
                      ClockCase{"AtTheAnswer", milliseconds{2'000}, milliseconds{0}, ""},
                      ClockCase{"JustBehind", milliseconds{4'000}, milliseconds{2'000}, ""},
                      ClockCase{"Behind", milliseconds{5'000}, milliseconds{3'000}, kBehind},
                      ClockCase{"JustAhead", milliseconds{-2'000}, milliseconds{-2'000}, ""},
                      ClockCase{"Ahead", milliseconds{-61'000}, milliseconds{-61'000}, kAhead}),
    [](const auto& tested) { return tested.param.name; });

// ---- calendar -----------------------------------------------------------------------------------

struct CalendarCase {
  std::string name;
  Date ours{};
  std::optional<CalendarDay> broker;
  std::string says;  ///< empty: agreed
  friend void PrintTo(const CalendarCase& row, std::ostream* out) { *out << row.name; }
};

class StartCalendar : public ::testing::TestWithParam<CalendarCase> {};

TEST_P(StartCalendar, MustBeTheBrokers) {
  const CalendarCase& c = GetParam();
  const auto checked = check_calendar(*NyseCalendar::session(c.ours), c.broker);
  ASSERT_EQ(!checked, !c.says.empty()) << message_of(checked);
  if (c.says.empty()) return;
  EXPECT_EQ(exit_code(checked.error().code), ExitCode::data);
  EXPECT_EQ(message_of(checked),
            format_date(c.ours) + ": the broker's calendar says " + c.says +
                "; check with nyse.com which is right and do not trade that day before they agree");
}

const CalendarDay kFull{.date = kDay, .open = minutes{570}, .close = minutes{960}};
INSTANTIATE_TEST_SUITE_P(
    Rules, StartCalendar,
    ::testing::Values(
        CalendarCase{"Summer", kDay, kFull, ""},
        CalendarCase{"Winter", day(2025, 1, 6), CalendarDay{day(2025, 1, 6), minutes{570}, minutes{960}}, ""},
        CalendarCase{"HalfDay", day(2025, 7, 3), CalendarDay{day(2025, 7, 3), minutes{570}, minutes{780}},
                     ""},
        CalendarCase{"ClosesEarlier", kDay, CalendarDay{kDay, minutes{570}, minutes{780}},
                     "09:30-13:00, this program's 09:30-16:00"},
        CalendarCase{"OpensLater", kDay, CalendarDay{kDay, minutes{600}, minutes{960}},
                     "10:00-16:00, this program's 09:30-16:00"},
        CalendarCase{"ClosesLaterThanOurHalfDay", day(2025, 7, 3),
                     CalendarDay{day(2025, 7, 3), minutes{570}, minutes{960}},
                     "09:30-16:00, this program's 09:30-13:00"},
        CalendarCase{"AnotherDate", kDay, CalendarDay{day(2025, 9, 29), minutes{570}, minutes{960}},
                     "2025-09-29 09:30-16:00, this program's 09:30-16:00"},
        CalendarCase{"Closed", kDay, std::nullopt, "no session, this program's 09:30-16:00"}),
    [](const auto& tested) { return tested.param.name; });

// ---- account ------------------------------------------------------------------------------------

BrokerAccount good_account() {
  BrokerAccount a{.id = "PA3NUMBER", .status = "ACTIVE", .currency = "USD"};
  a.cash = *parse_decimal("100000");
  a.equity = *parse_decimal("100000.01");
  return a;
}

struct AccountCase {
  std::string name;
  void (*change)(BrokerAccount&);
  std::string error;
  friend void PrintTo(const AccountCase& row, std::ostream* out) { *out << row.name; }
};

class StartAccount : public ::testing::TestWithParam<AccountCase> {};

TEST_P(StartAccount, MustBeAbleToTrade) {
  BrokerAccount account = good_account();
  GetParam().change(account);
  const auto checked = check_account(account);
  EXPECT_EQ(message_of(checked), GetParam().error);
  if (!checked) {
    EXPECT_EQ(exit_code(checked.error().code), ExitCode::broker);
  }
  EXPECT_EQ(message_of(checked).find("PA3NUMBER"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, StartAccount,
    ::testing::Values(
        AccountCase{"Good", [](BrokerAccount&) {}, ""},
        AccountCase{"OneCentIsMoney", [](BrokerAccount& a) { a.cash = *parse_decimal("0.01"); }, ""},
        AccountCase{"Hindered", [](BrokerAccount& a) { a.hindrances = {"closed; ask why", "suspended; allow it"}; },
                    "account: closed; ask why\naccount: suspended; allow it"},
        AccountCase{"Euros", [](BrokerAccount& a) { a.currency = "EUR"; },
                    "account: currency is EUR, only USD is traded"},
        AccountCase{"NoCash", [](BrokerAccount& a) { a.cash = *parse_decimal("0"); },
                    "account: cash is 0, must be above 0"},
        AccountCase{"Debt", [](BrokerAccount& a) { a.cash = *parse_decimal("-12.34"); },
                    "account: cash is -12.34, must be above 0"},
        AccountCase{"NoEquity", [](BrokerAccount& a) { a.equity = *parse_decimal("-0.01"); },
                    "account: equity is -0.01, must be above 0"},
        AccountCase{"NotANumber",
                    [](BrokerAccount& a) {
                      a.equity = {"nan", std::nan("")};
                    },
                    "account: equity is nan, must be above 0"},
        AccountCase{"Infinite",
                    [](BrokerAccount& a) {
                      a.cash = {"inf", HUGE_VAL};
                    },
                    "account: cash is inf, must be above 0"},
        AccountCase{"EverythingAtOnce",
                    [](BrokerAccount& a) {
                      a.hindrances = {"closed; ask why"};
                      a.currency = "";
                    },
                    "account: closed; ask why\n"
                    "account: currency is (nothing), only USD is traded"}),
    [](const auto& tested) { return tested.param.name; });

// ---- instruments --------------------------------------------------------------------------------

TEST(StartAssets, AllMustBeThereActiveAndTradable) {
  const auto asset = [](const char* symbol, const char* status = "active", bool tradable = true) {
    return BrokerAsset{
        .symbol = symbol, .status = status, .active = std::string_view(status) == "active", .tradable = tradable};
  };
  EXPECT_TRUE(check_assets(three(), {asset("TQQQ"), asset("SQQQ"), asset("SVXY"), asset("GME", "inactive")}));
  const auto refused = check_assets(three(), {asset("SQQQ", "inactive"), asset("TQQQ", "active", false)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(exit_code(refused.error().code), ExitCode::broker);
  EXPECT_EQ(message_of(refused),
            "SQQQ: the broker says inactive, not active; leave it out with --symbols\n"
            "SVXY: the broker does not know it; leave it out with --symbols\n"
            "TQQQ: the broker says it is not tradable; leave it out with --symbols");
}

TEST(StartAssets, AnOfferingIsRefusedAndAPartnershipNamedWithItsSetting) {
  const auto asset = [](const char* symbol, const char* attribute) {
    return BrokerAsset{.symbol = symbol, .status = "active", .active = true, .tradable = true, .attributes = {"has_options", attribute}};
  };
  const std::vector<BrokerAsset> assets{asset("TQQQ", "ipo"), asset("SQQQ", "ptp_with_exception"), asset("SVXY", "ptp_no_exception"),
                                        asset("GME", "ptp_no_exception")};
  EXPECT_EQ(message_of(check_assets(three(), assets)),
            "TQQQ: the broker takes limit orders only until its public offering is over (ipo); leave it out with --symbols");
  const auto warnings = asset_warnings(three(), assets);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0],
            "SVXY: a publicly traded partnership (ptp_no_exception): the broker refuses purchases until the account's setting "
            "ptp_no_exception_entry is on; set it there, or leave it out with --symbols");
}

TEST(StartAccount, WhatWillCostEntriesIsNamed) {
  const auto warnings = [](double cash, double power, std::optional<double> leverage) {
    BrokerAccount a;
    a.cash.value = cash;
    a.cash.text = "CASH";
    a.buying_power.value = power;
    a.buying_power.text = "POWER";
    a.leverage = leverage;
    return account_warnings(a);
  };
  EXPECT_EQ(warnings(1000, 4000, 4).size(), 0U);
  EXPECT_EQ(warnings(1000, 950, std::nullopt).size(), 0U);
  ASSERT_EQ(warnings(1000, 949, 4).size(), 1U);
  EXPECT_NE(warnings(1000, 949, 4)[0].find("buying power is POWER USD, below the cash of CASH"), std::string::npos);
  EXPECT_EQ(warnings(1000, std::nan(""), 4).size(), 1U);
  ASSERT_EQ(warnings(1000, 1000, 1).size(), 1U);
  EXPECT_NE(warnings(1000, 1000, 1)[0].find("leverage 1"), std::string::npos);
}

// ---- what a broker really says --------------------------------------------------------------------

/// The local exchange, asked as live trading asks.
class StartAtTheExchange : public ::testing::Test {
 protected:
  void SetUp() override {
    ExchangeOptions e;
    e.universe = universe;
    e.session = kDay;
    const auto sessions = NyseCalendar::sessions(day(2025, 9, 25), kDay);
    for (const SymbolInfo& symbol : universe) {
      e.recordings.push_back(testing::walk_bars(symbol.name, sessions, 5));
    }
    exchange = std::make_unique<ExchangeServer>(e);
    const auto port = exchange->start();
    ASSERT_TRUE(port) << port.error().message();
    const std::string host = "://127.0.0.1:" + std::to_string(*port);
    AlpacaBrokerOptions b{.trading_url = "http" + host, .stream_url = "ws" + host + "/stream"};
    b.key_id = e.key_id;
    b.secret_key = e.secret;
    b.time = Timeline(1000);
    b.now = [this] { return exchange->control().now(); };
    auto made = AlpacaBroker::create(std::move(b), universe);
    ASSERT_TRUE(made) << made.error().message();
    broker = *std::move(made);
  }
  [[nodiscard]] std::string clock() {
    const TimePoint asked = exchange->control().now();
    const auto said = broker->clock();
    return said ? message_of(check_clock(*said, asked, exchange->control().now())) : message_of(said);
  }
  [[nodiscard]] std::string calendar() {
    const auto said = broker->calendar(kDay);
    return said ? message_of(check_calendar(*NyseCalendar::session(kDay), *said)) : message_of(said);
  }
  [[nodiscard]] std::string account() {
    const auto said = broker->account();
    return said ? message_of(check_account(*said)) : message_of(said);
  }
  [[nodiscard]] std::string assets() {
    std::vector<BrokerAsset> all;
    for (const SymbolInfo& symbol : universe) {
      auto asset = broker->asset(symbol.name);
      if (!asset) return message_of(asset);
      all.push_back(*std::move(asset));
    }
    return message_of(check_assets(universe, all));
  }
  [[nodiscard]] std::string positions() {
    const auto held = broker->positions();
    const auto orders = broker->orders_since(NyseCalendar::session(kDay)->open - hours{24 * 7});
    if (!held || !orders) return message_of(held) + message_of(orders);
    return message_of(reconcile(universe, *held, *orders, false));
  }

  Universe universe = three();
  std::unique_ptr<ExchangeServer> exchange;
  std::unique_ptr<AlpacaBroker> broker;
};

TEST_F(StartAtTheExchange, AllIsWell) {
  EXPECT_EQ(clock(), "");
  EXPECT_EQ(calendar(), "");
  EXPECT_EQ(account(), "");
  EXPECT_EQ(assets(), "");
  EXPECT_EQ(positions(), "");
}

TEST_F(StartAtTheExchange, EveryFaultOfTheStartIsFound) {
  for (const char* fault :
       {"clock skew 40s", "calendar disagree", "account blocked", "foreign position TQQQ 10"}) {
    ASSERT_TRUE(exchange->control().inject(fault)) << fault;
  }
  EXPECT_NE(clock().find("clock is 40.0 s"), std::string::npos) << clock();
  EXPECT_NE(calendar().find("this program's 09:30-16:00"), std::string::npos) << calendar();
  EXPECT_NE(account().find("account_blocked"), std::string::npos) << account();
  EXPECT_EQ(
      positions(),
      "TQQQ: the broker holds 10 shares, our orders explain 0; sell them, or take them over with --adopt");
}

}  // namespace
}  // namespace sentio
