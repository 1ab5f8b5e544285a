#include "sentio/net/reconnect.h"

#include <algorithm>

#include "sentio/core/check.h"
#include "sentio/net/backoff.h"

namespace sentio {

ConnectionEnd connection_end(int http_status) {
  if (http_status == 429) return ConnectionEnd::crowded;
  // 408 and 425 ask for another try; every other 4xx says that this request will never do.
  const bool is_refused = http_status >= 400 && http_status < 500 && http_status != 408 && http_status != 425;
  return is_refused ? ConnectionEnd::hopeless : ConnectionEnd::lost;
}

ReconnectState::ReconnectState(const ReconnectOptions& options, std::uint64_t seed)
    : options_(options), seed_(seed) {
  SENTIO_CHECK(options_.tries_max >= 5);
}

void ReconnectState::opened(TimePoint now) {
  opened_at_ = now;
}

std::optional<TimePoint> ReconnectState::ended(TimePoint now, ConnectionEnd why) {
  if (opened_at_ && now - *opened_at_ >= options_.survival_min) failures_ = 0;
  opened_at_.reset();
  ++failures_;
  if (!worked_ && (why == ConnectionEnd::hopeless || failures_ >= options_.tries_max)) return std::nullopt;
  const auto delay = backoff_delay(failures_ - 1, options_.delay_min, options_.delay_max, seed_);
  return now + (why == ConnectionEnd::crowded ? std::max(delay, options_.crowded_delay) : delay);
}

}  // namespace sentio
