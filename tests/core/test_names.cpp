// Names that must be unique and stable: bars, orders, reasons, exit codes.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sentio/core/bytes.h"
#include "sentio/core/calendar.h"
#include "sentio/core/order.h"
#include "sentio/core/records.h"

namespace sentio {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::string_view kSymbols[] = {"ERX",  "ERY",  "FAS",  "FAZ",  "PSQ",  "QQQ",  "SDS",  "SH",
                                         "SPXL", "SPY",  "SQQQ", "SSO",  "SVIX", "SVXY", "TNA",  "TQQQ",
                                         "TZA",  "UPRO", "UVIX", "UVXY", "DIA",  "IWM",  "SPXS", "SPXU",
                                         "QLD",  "QID",  "SOXL", "SOXS", "TECL", "TECS"};

TEST(BarId, IsUniqueOverTheUniverseAndItsMinutes) {
  std::set<std::uint64_t> names;
  std::size_t expected = 0;
  for (const auto& hours_of_day : NyseCalendar::sessions(2025y / 9 / 15, 2025y / 9 / 26)) {
    for (int i = 0; i < hours_of_day.minutes; ++i) {
      for (const auto symbol : kSymbols) {
        const auto id = bar_id(symbol, hours_of_day.minute_start(i));
        ASSERT_LT(id, std::uint64_t{1} << 53U);
        names.insert(id);
        ++expected;
      }
    }
  }
  EXPECT_EQ(names.size(), expected);
}

// Golden: 'TQQQ' hashed outside this program, minutes 1757943000 / 60.
TEST(BarId, IsSymbolHashAndMinutesSince1970) {
  const auto start = from_epoch_seconds(1757943000);
  EXPECT_EQ(bar_id("TQQQ", start) & 0xffffffffU, 29299050U);
  EXPECT_EQ(bar_id("TQQQ", start) >> 32U, fnv1a("TQQQ") % (1U << 21U));
  EXPECT_EQ(bar_id("TQQQ", start), 0x1538dc01bf116aULL);
}

TEST(ClientOrderId, TellsSessionWallTimeSymbolSideAndAttempt) {
  const auto hours_of_day = NyseCalendar::session(2025y / 9 / 26).value();
  const OrderKey key{.session = hours_of_day.date, .minute = 0, .symbol = 3, .side = Side::buy, .attempt = 0};
  EXPECT_EQ(client_order_id(key, "TQQQ", hours_of_day.minute_end(0)), "sen-20250926-0931-TQQQ-B-0");
  const OrderKey sell{
      .session = hours_of_day.date, .minute = 387, .symbol = 3, .side = Side::sell, .attempt = 12};
  EXPECT_EQ(client_order_id(sell, "TQQQ", hours_of_day.minute_end(387)), "sen-20250926-1558-TQQQ-S-12");
}

TEST(ClientOrderId, DiffersWhereverTheKeyDiffers) {
  std::set<std::string> names;
  std::size_t expected = 0;
  for (const auto& hours_of_day : NyseCalendar::sessions(2025y / 9 / 25, 2025y / 9 / 26)) {
    for (std::int16_t minute = 0; minute < hours_of_day.minutes; ++minute) {
      for (const auto symbol : {"TQQQ", "SQQQ", "SH"}) {
        for (const Side side : {Side::buy, Side::sell}) {
          for (const std::uint8_t attempt : {std::uint8_t{0}, std::uint8_t{1}}) {
            const OrderKey key{hours_of_day.date, minute, 0, side, attempt};
            const auto name = client_order_id(key, symbol, hours_of_day.minute_end(minute));
            EXPECT_LE(name.size(), 48U);  // Alpaca's limit
            names.insert(name);
            ++expected;
          }
        }
      }
    }
  }
  EXPECT_EQ(names.size(), expected);
}

template <class E>
void expect_distinct_snake_case(E last) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto name = to_string(static_cast<E>(i));
    EXPECT_NE(name, "unknown") << i;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Names, OfReasonsAndDecisionsAreDistinctSnakeCase) {
  expect_distinct_snake_case(Reason::closed_by_broker);
  expect_distinct_snake_case(DecisionKind::halt);
  expect_distinct_snake_case(Side::sell);
}

TEST(ExitCodes, FollowFromTheError) {
  const std::map<Errc, ExitCode> rows = {
      {Errc::internal, ExitCode::internal}, {Errc::usage, ExitCode::usage},
      {Errc::not_found, ExitCode::data},    {Errc::malformed, ExitCode::data},
      {Errc::out_of_order, ExitCode::data}, {Errc::out_of_range, ExitCode::data},
      {Errc::mismatch, ExitCode::data},     {Errc::rejected, ExitCode::broker},
      {Errc::timed_out, ExitCode::broker},  {Errc::unauthorized, ExitCode::broker},
      {Errc::network, ExitCode::broker},    {Errc::no_session, ExitCode::no_session},
      {Errc::io, ExitCode::usage},
  };
  for (const auto& [code, exit] : rows) EXPECT_EQ(exit_code(code), exit) << static_cast<int>(code);
}

TEST(Error, SaysWhereThenWhat) {
  EXPECT_EQ((Error{Errc::malformed, "SPY.csv:12", "not a number"}.message()), "SPY.csv:12: not a number");
  EXPECT_EQ((Error{Errc::malformed, "", "not a number"}.message()), "not a number");
}

}  // namespace
}  // namespace sentio
