/// What the exchange's control socket may say, and what is no answer.

#include <gtest/gtest.h>

#include "sentio/live/exchange_control.h"

namespace sentio {
namespace {

TEST(ExchangeTold, AGreetingAndAnAnnouncement) {
  const auto hello = parse_exchange_told(
      R"({"type":"hello","now":"2025-01-03T14:25:00Z","date":"2025-01-03","last":389,"minute":-1,)"
      R"("lock_step":false,"speed":39,"events":2,"items":7,"data":1,"streams":1})");
  ASSERT_TRUE(hello) << hello.error().message();
  EXPECT_EQ(format_utc(hello->now), "2025-01-03T14:25:00Z");
  EXPECT_EQ(format_date(hello->date), "2025-01-03");
  EXPECT_EQ(hello->last_minute, 389);
  EXPECT_FALSE(hello->lock_step);
  EXPECT_EQ(hello->speed, 39);
  EXPECT_EQ(hello->updates, 2U);
  EXPECT_EQ(hello->items, 7U);
  const auto minute = parse_exchange_told(R"({"type":"minute","now":"2025-01-03T14:31:00Z","minute":0})");
  ASSERT_TRUE(minute) << minute.error().message();
  EXPECT_EQ(minute->minute, 0);
  EXPECT_EQ(minute->data_sockets, 0);
  EXPECT_EQ(parse_exchange_told(R"({"type":"ok"})")->type, "ok");
}

TEST(ExchangeTold, WhatTheExchangeRefusesIsAnError) {
  const auto refused = parse_exchange_told(R"({"type":"error","message":"no such minute"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::internal);
  EXPECT_EQ(refused.error().detail, "no such minute");
  EXPECT_EQ(parse_exchange_told(R"({"type":"error","message":{}})").error().detail, "");
}

struct WrongCase {
  std::string name, frame, complaint;
  friend void PrintTo(const WrongCase& row, std::ostream* out) { *out << row.name; }
};
class MalformedTold : public ::testing::TestWithParam<WrongCase> {};

TEST_P(MalformedTold, IsRefused) {
  const auto told = parse_exchange_told(GetParam().frame);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, Errc::malformed);
  EXPECT_EQ(told.error().message(), "control: " + GetParam().complaint);
}

std::string minute_with(const std::string& member) {
  return R"({"type":"minute","now":"2025-01-03T14:31:00Z",)" + member + "}";
}
std::string hello_with(const std::string& member) {
  return R"({"type":"hello","now":"2025-01-03T14:25:00Z","date":"2025-01-03",)" + member + "}";
}
std::string wrong(const std::string& member) {
  return "\"" + member + "\" is not what it must be";
}

INSTANTIATE_TEST_SUITE_P(
    Frames, MalformedTold,
    ::testing::Values(
        WrongCase{"NotJson", "hello", "not a JSON object"}, WrongCase{"Nothing", "", "not a JSON object"},
        WrongCase{"AList", "[]", "not a JSON object"},
        WrongCase{"TypeIsANumber", R"({"type":5})", wrong("type")},
        WrongCase{"TypeIsNull", R"({"type":null,"now":"2025-01-03T14:31:00Z"})", wrong("type")},
        WrongCase{"NowIsMissing", R"({"type":"minute"})", wrong("now")},
        WrongCase{"NowIsANumber", R"({"type":"minute","now":17})", wrong("now")},
        WrongCase{"NowIsNoTime", R"({"type":"minute","now":"noon"})", wrong("now")},
        WrongCase{"MinuteIsAText", minute_with(R"("minute":"0")"), wrong("minute")},
        WrongCase{"MinuteIsAFraction", minute_with(R"("minute":1.5)"), wrong("minute")},
        WrongCase{"MinuteIsBelow", minute_with(R"("minute":-2)"), wrong("minute")},
        WrongCase{"MinuteIsBeyond", minute_with(R"("minute":4294967296)"), wrong("minute")},
        WrongCase{"EventsAreNegative", minute_with(R"("events":-1)"), wrong("events")},
        WrongCase{"ItemsAreHuge", minute_with(R"("items":18446744073709551615)"), wrong("items")},
        WrongCase{"ItemsAreAList", minute_with(R"("items":[1])"), wrong("items")},
        WrongCase{"DataIsABoolean", minute_with(R"("data":true)"), wrong("data")},
        WrongCase{"StreamsAreNull", minute_with(R"("streams":null)"), wrong("streams")},
        WrongCase{"DateIsNoDay", R"({"type":"hello","now":"2025-01-03T14:25:00Z","date":"2025-02-30"})", wrong("date")},
        WrongCase{"LastIsAnObject", hello_with(R"("last":{})"), wrong("last")},
        WrongCase{"LockStepIsANumber", hello_with(R"("lock_step":1)"), wrong("lock_step")},
        WrongCase{"SpeedIsNegative", hello_with(R"("speed":-39)"), wrong("speed")},
        WrongCase{"SpeedIsAText", hello_with(R"("speed":"fast")"), wrong("speed")}),
    [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio
