#include "windows/price_windows.h"

#include <cmath>

#include "numbers.h"

namespace sentio::features {

void PriceWindows::prime(double price) {
  close10.prime({price});
  close20.prime(price);
  close60.prime(price);
  close120.prime({price});
  close390.prime({price});
  extremes14.prime(price, price);
  extremes60.prime(price, price);
  extremes120.prime(price, price);
  extremes390.prime(price, price);
  ema.fill(price);
}

void PriceWindows::push(const PathMinute& minute) {
  close10.push({minute.close});
  close20.push(minute.close);
  close60.push(minute.close);
  close120.push({minute.close});
  close390.push({minute.close});
  extremes14.push(minute.high, minute.low);
  extremes60.push(minute.high, minute.low);
  extremes120.push(minute.high, minute.low);
  extremes390.push(minute.high, minute.low);

  for (std::size_t i = 0; i < ema.size(); ++i) ema[i] += 2 / (kEmaSpans[i] + 1) * (minute.close - ema[i]);
  macd_signal += 0.2 * (macd() - macd_signal);

  const double change = minute.close - minute.previous_close;
  const double up = std::max(change, 0.0), down = std::max(-change, 0.0);
  for (std::size_t i = 0; i < rise.size(); ++i) {
    rise[i] += (up - rise[i]) * (1 / kRsiLengths[i]);
    fall[i] += (down - fall[i]) * (1 / kRsiLengths[i]);
  }
  true_range = std::max(minute.high, minute.previous_close) - std::min(minute.low, minute.previous_close);
  average_true_range += (true_range - average_true_range) * (1.0 / 14);

  stochastic_2 = stochastic_1;
  stochastic_1 = stochastic;
  stochastic = 100 * position_in(minute.close, extremes14.low(), extremes14.high());

  const double square = minute.log_return * minute.log_return;
  variance94 += 0.06 * (square - variance94);
  variance99 += 0.01 * (square - variance99);
  streak = minute.sign == 0 ? 0 : (minute.sign * streak > 0 ? streak + minute.sign : minute.sign);
}

bool PriceWindows::valid() const {
  return close10.valid() && close20.valid() && close60.valid() && close120.valid() && close390.valid() &&
         extremes14.valid() && extremes60.valid() && extremes120.valid() && extremes390.valid();
}

}  // namespace sentio::features
