#include "windows/return_windows.h"

#include <cmath>
#include <numbers>

namespace sentio::features {

namespace {
/// Products of wicks below this share of the squared range are rounding (one tick in 10,000 is 1e-4).
constexpr double kFlatCandle = 1e-9;
}  // namespace

void ReturnWindows::push(const PathMinute& minute) {
  const double r = minute.log_return, absolute = std::abs(r), square = r * r;
  const double bipower = absolute * std::abs(previous_return);
  const double range_square = minute.log_range * minute.log_range;
  const double body_square = minute.log_body * minute.log_body;
  const double garman_klass = std::max(0.0, 0.5 * range_square - (2 * std::numbers::ln2 - 1) * body_square);
  const double lower = minute.log_upper - minute.log_range;  // ln(L / C)
  const double products =
      minute.log_upper * (minute.log_upper + minute.log_body) + lower * (lower + minute.log_body);
  // A candle without wicks gives 0 but for the rounding of its logarithms, and the root would magnify that.
  const double rogers_satchell = products > kFlatCandle * range_square ? products : 0.0;

  ++count;
  log_close += r;
  path[static_cast<std::size_t>(count) & (kLagCapacity - 1)] = log_close;
  const double five = momentum(5);

  in5.push({square});
  in10.push({square, absolute, minute.sign});
  in20.push({square, absolute, square * r, r * absolute, minute.log_range, range_square, garman_klass});
  in30.push({absolute});
  in60.push({square, absolute, square * r, square * square, r * absolute, bipower, range_square,
             rogers_satchell, minute.sign, r * previous_return,
             0.5 * (square + previous_return * previous_return), five * five});
  in120.push({square});
  in390.push({square, absolute, square * r, square * square, bipower, range_square, five * five});
  square_extremes60.push(square, square);
  previous_return = r;
}

bool ReturnWindows::valid() const {
  return count >= 0 && in5.valid() && in10.valid() && in20.valid() && in30.valid() && in60.valid() &&
         in120.valid() && in390.valid() && square_extremes60.valid();
}

}  // namespace sentio::features
