#include "windows/minute_path.h"

#include <cmath>

#include "sentio/core/check.h"
#include "sentio/core/split_ratio.h"
#include "sentio/core/state_limits.h"

namespace sentio::features {

namespace {

/// How far gaps and splits of all sessions may have moved the path from the price.
constexpr double kFactorMax = 1e40;

}  // namespace

PathMinute MinutePath::advance(const SyncBar& sync) {
  SENTIO_CHECK(sync.has_price);
  const Bar& bar = sync.bar;
  if (started_ == 0) {
    last_close_ = path_close_ = sync.real() ? bar.open : bar.close;
    started_ = 1;
  }
  PathMinute minute{};
  minute.previous_close = path_close_;
  minute.real = sync.real();
  if (!minute.real) {
    minute.open = minute.high = minute.low = minute.close = path_close_;
    return minute;
  }
  double reference = last_close_;
  if (awaiting_open_ != 0) {
    gap_ = std::log(bar.open / last_close_);
    if (const auto split = split_like(bar.open / last_close_, kOvernightSplitTolerance)) volume_factor_ /= *split;
    factor_ *= last_close_ / bar.open;
    reference = bar.open;
    awaiting_open_ = 0;
    minute.opens_session = true;
  }
  minute.open = bar.open * factor_;
  minute.high = bar.high * factor_;
  minute.low = bar.low * factor_;
  minute.close = bar.close * factor_;
  // Returns come from prices as traded, so that an unchanged price is exactly 0 whatever the factor.
  minute.log_return = std::log(bar.close / reference);
  minute.log_body = bar.open == reference ? minute.log_return : std::log(bar.close / bar.open);
  minute.log_range = std::log(bar.high / bar.low);
  minute.log_upper = std::log(bar.high / bar.close);
  minute.sign = static_cast<double>((minute.log_return > 0) - (minute.log_return < 0));
  minute.volume = bar.volume * volume_factor_;
  last_close_ = bar.close;
  path_close_ = minute.close;
  return minute;
}

bool MinutePath::valid() const {
  if ((started_ | awaiting_open_) >> 1 != 0) return false;
  if (!(factor_ >= 1 / kFactorMax && factor_ <= kFactorMax)) return false;
  if (!(volume_factor_ >= 1 / kFactorMax && volume_factor_ <= kFactorMax)) return false;
  return started_ == 0 || (last_close_ > 0 && is_state_price(last_close_) &&
                           path_close_ >= kStatePriceMin / kFactorMax && path_close_ <= kStatePriceMax * kFactorMax);
}

}  // namespace sentio::features
