#include <gtest/gtest.h>

#include "feeds_support.h"
#include "sentio/feeds/feed_protocol.h"

namespace sentio {
namespace {

std::string error_frame(int code) {
  return R"([{"T":"error","code":)" + std::to_string(code) + R"(,"msg":"words"}])";
}

TEST(AlpacaProtocol, AuthenticatesAfterTheGreetingAndSubscribesAfterwards) {
  const Universe u = test_universe();
  const auto p = make_alpaca_protocol(u, "K", "S");
  auto step = p->received(R"([{"T":"success","msg":"connected"}])");
  ASSERT_EQ(step.send.size(), 1U);
  EXPECT_NE(step.send[0].find(R"("action":"auth")"), std::string::npos);
  step = p->received(R"([{"T":"success","msg":"authenticated"}])");
  ASSERT_EQ(step.send.size(), 1U);
  EXPECT_NE(step.send[0].find(R"("updatedBars")"), std::string::npos);
  EXPECT_FALSE(step.subscribed);
  step = p->received(R"([{"T":"subscription","bars":["QQQ","SPY","TQQQ"],"trades":[]}])");
  EXPECT_TRUE(step.subscribed);
  EXPECT_FALSE(step.end);
}

TEST(AlpacaProtocol, ASubscriptionWithoutOneOfOursIsNone) {
  const Universe u = test_universe();
  const auto step =
      make_alpaca_protocol(u, "K", "S")->received(R"([{"T":"subscription","bars":["QQQ","SPY"]}])");
  EXPECT_FALSE(step.subscribed);
  ASSERT_TRUE(step.end);
  EXPECT_NE(step.end->error.detail.find("TQQQ"), std::string::npos);
  EXPECT_TRUE(
      make_alpaca_protocol(u, "K", "S")->received(R"([{"T":"subscription","bars":["*"]}])").subscribed);
}

TEST(AlpacaProtocol, TheConnectionLimitIsWaitedOutOnTheSameSocketWithGrowingPauses) {
  const Universe u = test_universe();
  const auto p = make_alpaca_protocol(u, "K", "S");
  std::chrono::nanoseconds total{0}, last{0};
  int tries = 0;
  for (;; ++tries) {
    const auto step = p->received(error_frame(406));
    if (step.end) {
      EXPECT_EQ(step.end->kind, ConnectionEnd::crowded);
      break;
    }
    ASSERT_TRUE(step.authenticate_after);
    EXPECT_GE(*step.authenticate_after, last);
    last = *step.authenticate_after;
    total += last;
    ASSERT_EQ(p->authenticate().send.size(), 1U);
    ASSERT_LT(tries, 100);
  }
  EXPECT_GT(total, std::chrono::seconds{90}) << "a dead session has been seen to linger that long";
}

struct CodeCase {
  int code;
  bool ends;
  ConnectionEnd kind;
  Errc errc;
  friend void PrintTo(const CodeCase& row, std::ostream* out) { *out << row.code; }
};
class AlpacaCodeTest : public testing::TestWithParam<CodeCase> {};
TEST_P(AlpacaCodeTest, IsAnsweredAsTheTableSays) {
  const Universe u = test_universe();
  const auto step = make_alpaca_protocol(u, "K", "S")->received(error_frame(GetParam().code));
  ASSERT_EQ(step.end.has_value(), GetParam().ends);
  if (step.end) {
    EXPECT_EQ(step.end->kind, GetParam().kind);
    EXPECT_EQ(step.end->error.code, GetParam().errc);
  }
}
INSTANTIATE_TEST_SUITE_P(Codes, AlpacaCodeTest,
                         testing::Values(CodeCase{400, true, ConnectionEnd::hopeless, Errc::rejected},
                                         CodeCase{401, false, {}, {}},
                                         CodeCase{402, true, ConnectionEnd::hopeless, Errc::unauthorized},
                                         CodeCase{403, false, {}, {}},
                                         CodeCase{404, true, ConnectionEnd::lost, Errc::network},
                                         CodeCase{405, false, {}, {}},
                                         CodeCase{406, false, {}, {}}, CodeCase{407, false, {}, {}},
                                         CodeCase{409, true, ConnectionEnd::hopeless, Errc::rejected},
                                         CodeCase{410, false, {}, {}},
                                         CodeCase{411, true, ConnectionEnd::hopeless, Errc::unauthorized},
                                         CodeCase{500, true, ConnectionEnd::lost, Errc::network}),
                         [](const auto& tc) { return "Code" + std::to_string(tc.param.code); });

TEST(AlpacaProtocol, WhatIsTooMuchIsAskedForAgainAsBarsAlone) {
  const Universe u = test_universe();
  for (const int code : {405, 410}) {
    const auto p = make_alpaca_protocol(u, "K", "S", true);
    (void)p->received(R"([{"T":"success","msg":"authenticated"}])");
    auto step = p->received(error_frame(code));
    EXPECT_FALSE(step.end);
    EXPECT_EQ(step.send, std::vector<std::string>{R"({"action":"subscribe","bars":["QQQ","SPY","TQQQ"]})"});
    ASSERT_EQ(step.events.size(), 1U);
    EXPECT_EQ(std::get<FeedWithoutHalts>(step.events[0]).why, "alpaca data: " + std::to_string(code) + " words");
    EXPECT_TRUE(p->received(R"([{"T":"subscription","bars":["QQQ","SPY","TQQQ"]}])").subscribed);
    EXPECT_EQ(p->question(), R"({"action":"subscribe","bars":["QQQ","SPY","TQQQ"]})");
  }
  const auto p = make_alpaca_protocol(u, "K", "S");
  (void)p->received(error_frame(405));
  const auto step = p->received(error_frame(405));
  ASSERT_TRUE(step.end) << "not even the bars";
  EXPECT_EQ(step.end->kind, ConnectionEnd::hopeless);
  EXPECT_EQ(step.end->error.detail, "405 words");
}

TEST(AlpacaProtocol, AQuestionThatIsRefusedLeavesTheSubscriptionAsItIs) {
  const Universe u = test_universe();
  const auto p = make_alpaca_protocol(u, "K", "S");
  (void)p->received(R"([{"T":"subscription","bars":["*"]}])");
  EXPECT_NE(p->question().find(R"("statuses")"), std::string::npos);
  const auto step = p->received(error_frame(405));
  EXPECT_FALSE(step.end);
  EXPECT_TRUE(step.send.empty());
  EXPECT_TRUE(std::holds_alternative<FeedNote>(step.events.at(0)));
}

TEST(PolygonProtocol, GoesFromGreetingToSubscription) {
  const Universe u = test_universe();
  const auto p = make_polygon_protocol(u, "K", false);
  EXPECT_EQ(p->received(R"([{"ev":"status","status":"connected"}])").send,
            std::vector<std::string>{R"({"action":"auth","params":"K"})"});
  const auto step = p->received(R"([{"ev":"status","status":"auth_success"}])");
  EXPECT_FALSE(step.subscribed);
  ASSERT_EQ(step.send.size(), 1U);
  EXPECT_NE(step.send[0].find("AM.TQQQ"), std::string::npos);
  EXPECT_TRUE(
      p->received(R"([{"ev":"status","status":"success","message":"subscribed to: AM.QQQ"}])").subscribed);
}

TEST(PolygonProtocol, KnowsWhatIsHopelessAndWhatIsCrowded) {
  const Universe u = test_universe();
  const auto kind_of = [&u](const std::string& status) {
    return make_polygon_protocol(u, "K", false)
        ->received(R"([{"ev":"status","status":")" + status + R"("}])")
        .end->kind;
  };
  EXPECT_EQ(kind_of("auth_failed"), ConnectionEnd::hopeless);
  EXPECT_EQ(kind_of("auth_timeout"), ConnectionEnd::lost);
  EXPECT_EQ(kind_of("max_connections"), ConnectionEnd::crowded);
}

TEST(FeedProtocols, SurviveRubbish) {
  const Universe u = test_universe();
  for (const char* text : {"", "{}", "[[]]", "[null]", "[{\"T\":7}]", "[{\"ev\":[]}]", "\xff\xfe"}) {
    EXPECT_FALSE(make_alpaca_protocol(u, "K", "S")->received(text).end) << text;
    EXPECT_FALSE(make_polygon_protocol(u, "K", true)->received(text).end) << text;
  }
}

}  // namespace
}  // namespace sentio
