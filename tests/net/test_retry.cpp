#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <string>

#include "sentio/net/backoff.h"
#include "sentio/net/retry.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using Kind = HttpOutcome::Kind;
using std::chrono::nanoseconds;

const TimePoint kNow = std::chrono::sys_days{std::chrono::year{2025} / 10 / 14} + 14h;

HttpOutcome reply(int status, HeaderList headers = {}) {
  HttpOutcome outcome;
  outcome.response.status = status;
  outcome.response.headers = std::move(headers);
  return outcome;
}

HttpOutcome failure(Kind kind, bool certificate_refused = false) {
  HttpOutcome outcome;
  outcome.kind = kind;
  outcome.certificate_refused = certificate_refused;
  return outcome;
}

struct VerdictCase {
  std::string name;
  std::string method;
  HttpOutcome outcome;
  RetryVerdict verdict;
  bool never_acted = false;
  bool pause_all = false;
  std::optional<bool> idempotent = std::nullopt;
  int attempt = 0;
  friend void PrintTo(const VerdictCase& row, std::ostream* out) { *out << row.name; }
};

class RetryVerdictTest : public testing::TestWithParam<VerdictCase> {};

TEST_P(RetryVerdictTest, FollowsTheTable) {
  const VerdictCase& c = GetParam();
  RetryOptions options;
  options.idempotent = c.idempotent;
  const RetryDecision d = classify(c.method, c.outcome, c.attempt, kNow, 7, options);
  EXPECT_EQ(static_cast<int>(d.verdict), static_cast<int>(c.verdict));
  EXPECT_EQ(d.never_acted, c.never_acted);
  EXPECT_EQ(d.pause_all, c.pause_all);
  EXPECT_EQ(d.delay > 0ns, c.verdict == RetryVerdict::retry || c.pause_all);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RetryVerdictTest,
    testing::Values(
        VerdictCase{"GetOk", "GET", reply(200), RetryVerdict::done},
        VerdictCase{"PostOk", "POST", reply(201), RetryVerdict::done},
        VerdictCase{"Redirect", "GET", reply(302), RetryVerdict::done},
        VerdictCase{"GetServerError", "GET", reply(503), RetryVerdict::retry},
        VerdictCase{"GetRequestTimeout", "GET", reply(408), RetryVerdict::retry},
        VerdictCase{"GetLimited", "GET", reply(429), RetryVerdict::retry, true, true},
        VerdictCase{"GetUnauthorized", "GET", reply(401), RetryVerdict::fatal, true},
        VerdictCase{"GetUnprocessable", "GET", reply(422), RetryVerdict::fatal, true},
        VerdictCase{"GetNotSent", "GET", failure(Kind::not_sent), RetryVerdict::retry, true},
        VerdictCase{"GetAmbiguous", "GET", failure(Kind::ambiguous), RetryVerdict::retry},
        VerdictCase{"GetCertificate", "GET", failure(Kind::not_sent, true), RetryVerdict::fatal, true},
        VerdictCase{"GetLastTry", "GET", reply(503), RetryVerdict::fatal, false, false, std::nullopt, 4},
        VerdictCase{"GetLimitedLastTry", "GET", reply(429), RetryVerdict::fatal, true, true, std::nullopt, 4},
        VerdictCase{"PostServerError", "POST", reply(500), RetryVerdict::ambiguous},
        VerdictCase{"PostGatewayTimeout", "POST", reply(504), RetryVerdict::ambiguous},
        VerdictCase{"PostAmbiguous", "POST", failure(Kind::ambiguous), RetryVerdict::ambiguous},
        VerdictCase{"PostNotSent", "POST", failure(Kind::not_sent), RetryVerdict::fatal, true},
        VerdictCase{"PostLimited", "POST", reply(429), RetryVerdict::fatal, true, true},
        VerdictCase{"PostForbidden", "POST", reply(403), RetryVerdict::fatal, true},
        VerdictCase{"PostCalledIdempotent", "POST", reply(500), RetryVerdict::ambiguous, false, false, true},
        VerdictCase{"PatchServerError", "PATCH", reply(500), RetryVerdict::ambiguous},
        VerdictCase{"DeleteServerError", "DELETE", reply(500), RetryVerdict::ambiguous},
        VerdictCase{"DeleteCalledIdempotent", "DELETE", reply(500), RetryVerdict::retry, false, false, true},
        VerdictCase{"DeleteNotSent", "DELETE", failure(Kind::not_sent), RetryVerdict::fatal, true}),
    [](const auto& tc) { return tc.param.name; });

RC_GTEST_PROP(Retry, NeverRepeatsAPost, (std::uint64_t seed)) {
  const auto kind = *rc::gen::element(Kind::ok, Kind::not_sent, Kind::ambiguous);
  HttpOutcome outcome = kind == Kind::ok ? reply(*rc::gen::inRange(100, 600)) : failure(kind);
  RetryOptions options;
  options.idempotent = *rc::gen::arbitrary<bool>();
  RC_ASSERT(classify("POST", outcome, *rc::gen::inRange(0, 9), kNow, seed, options).verdict !=
            RetryVerdict::retry);
}

struct DelayCase {
  std::string name;
  HttpOutcome outcome;
  nanoseconds shortest, longest;
  friend void PrintTo(const DelayCase& row, std::ostream* out) { *out << row.name; }
};

class RetryDelayTest : public testing::TestWithParam<DelayCase> {};

TEST_P(RetryDelayTest, HonoursTheServerWithinReason) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RetryDecision d = classify("GET", GetParam().outcome, 0, kNow, seed);
    EXPECT_GE(d.delay, GetParam().shortest);
    EXPECT_LE(d.delay, GetParam().longest);
  }
}

std::string epoch(TimePoint t) {
  return std::to_string(epoch_seconds(t));
}

INSTANTIATE_TEST_SUITE_P(
    Table, RetryDelayTest,
    testing::Values(
        DelayCase{"NoHeader", reply(503), 1s, 2s},
        DelayCase{"Seconds", reply(429, {{"retry-after", "17"}}), 17s, 17s},
        DelayCase{"SecondsOn503", reply(503, {{"retry-after", "17"}}), 17s, 17s},
        DelayCase{"Date", reply(429, {{"retry-after", "Tue, 14 Oct 2025 14:00:45 GMT"}}), 45s, 45s},
        DelayCase{"PastDate", reply(429, {{"retry-after", "Tue, 14 Oct 2025 13:00:00 GMT"}}), 1s, 2s},
        DelayCase{"BadDate", reply(429, {{"retry-after", "Tue, 14 Foo 2025 14:00:45 GMT"}}), 1s, 2s},
        DelayCase{"DateWithTail", reply(429, {{"retry-after", "Tue, 14 Oct 2025 14:00:45 GMT!"}}), 1s, 2s},
        DelayCase{"Words", reply(429, {{"retry-after", "soon"}}), 1s, 2s},
        DelayCase{"Negative", reply(429, {{"retry-after", "-5"}}), 1s, 2s},
        DelayCase{"Reset", reply(429, {{"x-ratelimit-reset", epoch(kNow + 30s)}}), 30s, 30s},
        DelayCase{"ResetInThePast", reply(429, {{"x-ratelimit-reset", epoch(kNow - 30s)}}), 1s, 2s},
        DelayCase{"ResetOn503IsNoWish", reply(503, {{"x-ratelimit-reset", epoch(kNow + 30s)}}), 1s, 2s},
        DelayCase{"TheLaterWins",
                  reply(429, {{"retry-after", "5"}, {"x-ratelimit-reset", epoch(kNow + 30s)}}), 30s, 30s},
        DelayCase{"AbsurdSeconds", reply(429, {{"retry-after", "8999999999"}}), 120s, 120s},
        DelayCase{"Overflowing", reply(429, {{"retry-after", "99999999999999999999"}}), 1s, 2s}),
    [](const auto& tc) { return tc.param.name; });

TEST(RequestPause, KeepsTheLongestPauseOfAll429s) {
  RequestPause pause;
  EXPECT_EQ(pause.remaining(kNow), 0ns);
  pause.observe(classify("POST", reply(429, {{"retry-after", "40"}}), 0, kNow, 1), kNow);
  pause.observe(classify("GET", reply(429, {{"retry-after", "10"}}), 0, kNow + 5s, 1), kNow + 5s);
  pause.observe(classify("GET", reply(503, {{"retry-after", "90"}}), 0, kNow + 5s, 1), kNow + 5s);
  EXPECT_EQ(pause.remaining(kNow + 10s), 30s);
  EXPECT_EQ(pause.remaining(kNow + 40s), 0ns);
}

RC_GTEST_PROP(Backoff, StaysWithinItsBounds, (std::uint64_t seed)) {
  const int attempt = *rc::gen::inRange(0, 100);
  const nanoseconds low{*rc::gen::inRange<std::int64_t>(1, 5'000'000'000)};
  const nanoseconds high = low + nanoseconds{*rc::gen::inRange<std::int64_t>(0, 100'000'000'000)};
  // The slow obvious answer, in floating point: 2^(n+1) steps up, capped.
  double upper = static_cast<double>(low.count());
  for (int i = 0; i <= attempt; ++i) upper = std::min(upper * 2, static_cast<double>(high.count()));
  const nanoseconds d = backoff_delay(attempt, low, high, seed);
  RC_ASSERT(d >= low);
  RC_ASSERT(static_cast<double>(d.count()) <= upper);
  RC_ASSERT(static_cast<double>(d.count()) >= upper / 2 - 1);
  RC_ASSERT(d == backoff_delay(attempt, low, high, seed));
}

TEST(Backoff, SpreadsClientsOverTheWholeInterval) {
  int early = 0, late = 0;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    const nanoseconds d = backoff_delay(2, 1s, 60s, seed);  // in [4 s, 8 s]
    early += d < 5s;
    late += d > 7s;
  }
  EXPECT_NEAR(early, 250, 80);
  EXPECT_NEAR(late, 250, 80);
}

TEST(HttpDate, IsReadInTheOneFormServersSend) {
  EXPECT_EQ(parse_http_date("Tue, 14 Oct 2025 14:00:00 GMT"), kNow);
  for (const char* bad : {"", "Tue, 14 Oct 2025", "Tue, 32 Oct 2025 14:00:00 GMT", "2025-10-14T14:00:00Z",
                          "Tue, 14 Foo 2025 14:00:00 GMT", "Tue, 14 Oct 2025 24:00:00 GMT",
                          "Tue, 14 Oct 2025 -1:00:00 GMT", "Tue, 14 Oct 2025 14:00:00 GMT!"}) {
    EXPECT_FALSE(parse_http_date(bad)) << bad;
  }
}

}  // namespace
}  // namespace sentio
