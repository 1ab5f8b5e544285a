#include "sentio/net/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string>

#include "sentio/core/check.h"
#include "sentio/net/backoff.h"

namespace sentio {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  if (value > 9'000'000'000) return std::nullopt;  // beyond nanosecond time points: no server means that
  return value;
}

std::optional<TimePoint> retry_after(std::string_view text, TimePoint now) {
  if (const auto seconds = whole_number(text)) {
    constexpr std::int64_t kYearSeconds = 366 * 86'400;
    return now + std::chrono::seconds{std::min(*seconds, kYearSeconds)};
  }
  return parse_http_date(text);
}

std::chrono::nanoseconds delay_after(const HttpOutcome& outcome, int attempt, TimePoint now,
                                     std::uint64_t seed, const RetryOptions& options) {
  const auto own = backoff_delay(attempt, options.delay_min, options.delay_max, seed);
  if (outcome.kind != HttpOutcome::Kind::ok) return own;
  const auto resume = resume_time(outcome.response, now);
  return resume ? std::clamp(*resume - now, own, std::max(own, options.server_delay_max)) : own;
}

}  // namespace

std::optional<TimePoint> parse_http_date(std::string_view text) {
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  unsigned day = 0, hour = 0, minute = 0, second = 0;
  int year = 0, length = 0;
  char month_name[4] = {};
  if (std::sscanf(std::string{text}.c_str(), "%*3[A-Za-z], %2u %3[A-Za-z] %4d %2u:%2u:%2u GMT%n", &day,
                  month_name, &year, &hour, &minute, &second, &length) != 6 ||
      length != static_cast<int>(text.size()))
    return std::nullopt;
  const auto month = std::find_if(kMonths.begin(), kMonths.end(),
                                  [&](const char* m) { return month_name == std::string_view{m}; });
  const Date date{std::chrono::year{year},
                  std::chrono::month{static_cast<unsigned>(month - kMonths.begin()) + 1},
                  std::chrono::day{day}};
  if (month == kMonths.end() || !date.ok() || year < 1970 || year > 2200 || hour > 23 || minute > 59 ||
      second > 60)
    return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

std::optional<TimePoint> resume_time(const HttpResponse& response, TimePoint now) {
  std::optional<TimePoint> resume;
  if (const auto text = response.header("Retry-After")) resume = retry_after(*text, now);
  // The reset of a quota is told with every reply; it says "wait" only on a 429.
  if (const auto text = response.header("X-RateLimit-Reset"); text && response.status == 429) {
    if (const auto seconds = whole_number(*text)) {
      const TimePoint reset = from_epoch_seconds(*seconds);
      resume = resume ? std::max(*resume, reset) : reset;
    }
  }
  return resume;
}

RetryDecision classify(std::string_view method, const HttpOutcome& outcome, int attempt, TimePoint now,
                       std::uint64_t seed, const RetryOptions& options) {
  SENTIO_CHECK(attempt >= 0);
  SENTIO_CHECK(options.attempts_max >= 1);
  const bool is_repeatable = method != "POST" && options.idempotent.value_or(is_idempotent(method));
  const bool has_attempts = attempt + 1 < options.attempts_max;
  const bool is_reply = outcome.kind == HttpOutcome::Kind::ok;
  const int status = outcome.response.status;

  RetryDecision decision;
  if (is_reply && status < 400) return decision;

  const bool may_have_acted =
      is_reply ? status >= 500 || status == 408 : outcome.kind == HttpOutcome::Kind::ambiguous;
  const bool may_pass = may_have_acted || (is_reply ? status == 429 : !outcome.certificate_refused);
  decision.never_acted = !may_have_acted;
  decision.pause_all = is_reply && status == 429;
  if (may_pass && is_repeatable && has_attempts) {
    decision.verdict = RetryVerdict::retry;
  } else {
    decision.verdict = may_have_acted && !is_repeatable ? RetryVerdict::ambiguous : RetryVerdict::fatal;
  }
  if (decision.verdict == RetryVerdict::retry || decision.pause_all)
    decision.delay = delay_after(outcome, attempt, now, seed, options);
  return decision;
}

void RequestPause::observe(const RetryDecision& decision, TimePoint now) {
  if (decision.pause_all) until_ = std::max(until_, now + decision.delay);
}

std::chrono::nanoseconds RequestPause::remaining(TimePoint now) const {
  return until_ > now ? std::chrono::nanoseconds{until_ - now} : std::chrono::nanoseconds{0};
}

}  // namespace sentio
