#include <cmath>
#include <numbers>

#include "numbers.h"
#include "state.h"

namespace sentio::features {

namespace {

using R = ReturnWindows;
constexpr double kParkinson = 1 / (4 * std::numbers::ln2);

void write_deviations(const ReturnWindows& returns, FeatureRow& row) {
  row[return_std_5] = std::sqrt(variance_of(row[momentum_5], returns.in5[0], 5));
  row[return_std_10] = std::sqrt(variance_of(row[momentum_10], returns.in10[R::square10], 10));
  row[return_std_20] = std::sqrt(variance_of(row[momentum_20], returns.in20[R::square20], 20));
  row[return_std_60] = std::sqrt(variance_of(row[momentum_60], returns.in60[R::square60], 60));
  row[return_std_120] = std::sqrt(variance_of(row[momentum_120], returns.in120[0], 120));
  row[return_std_390] = std::sqrt(variance_of(row[momentum_390], returns.in390[R::square390], 390));
  row[volatility_ratio_5_20] = ratio_or(row[return_std_5], row[return_std_20], 1);
  row[volatility_ratio_60_390] = ratio_or(row[return_std_60], row[return_std_390], 1);
}

void write_ranges(const State& state, const PathMinute& minute, FeatureRow& row) {
  const ReturnWindows& returns = state.returns;
  const PriceWindows& prices = state.prices;
  row[ewma_volatility_94] = std::sqrt(prices.variance94);
  row[ewma_volatility_99] = std::sqrt(prices.variance99);
  row[parkinson_volatility_20] = std::sqrt(returns.in20[R::range_square20] * (kParkinson / 20));
  row[parkinson_volatility_60] = std::sqrt(returns.in60[R::range_square60] * (kParkinson / 60));
  row[parkinson_volatility_390] = std::sqrt(returns.in390[R::range_square390] * (kParkinson / 390));
  row[garman_klass_volatility_20] = std::sqrt(returns.in20[R::garman_klass20] / 20);
  row[rogers_satchell_volatility_60] = std::sqrt(returns.in60[R::rogers_satchell60] / 60);
  row[atr_14_ratio] = prices.average_true_range / minute.close;
  row[true_range_ratio] = prices.average_true_range > kFlatVariance * minute.close
                              ? prices.true_range / prices.average_true_range
                              : 0.0;
  row[bar_range] = minute.log_range;
  row[bar_range_ratio_20] = ratio_or(20 * minute.log_range, returns.in20[R::range20], 0);
}

struct Bollinger {
  double position, width;
};

template <int W>
Bollinger bollinger(const BlockDeviation<W>& window, double close) {
  const double deviation = std::sqrt(window.variance());
  if (!(deviation > kFlatPrice * close)) return {0.5, 0};
  return {(close - window.mean()) / (4 * deviation) + 0.5, 4 * deviation / window.mean()};
}

void write_bands(const PriceWindows& prices, double close, FeatureRow& row) {
  const Bollinger short_band = bollinger(prices.close20, close), long_band = bollinger(prices.close60, close);
  row[bollinger_position_20] = short_band.position;
  row[bollinger_width_20] = short_band.width;
  row[bollinger_position_60] = long_band.position;
  row[bollinger_width_60] = long_band.width;
}

/// Population skewness of k values from their power sums and deviation; 0 where nothing varies.
double skewness(double sum, double squares, double cubes, double deviation, int k) {
  if (!(deviation > 0)) return 0;
  const double mean = sum / k;
  const double third = cubes / k - 3 * mean * (squares / k) + 2 * mean * mean * mean;
  return third / (deviation * deviation * deviation);
}

/// Population excess kurtosis, likewise.
double excess_kurtosis(const std::array<double, 4>& sums, double deviation, int k) {
  if (!(deviation > 0)) return 0;
  const double mean = sums[0] / k, mean_square = mean * mean;
  const double fourth = sums[3] / k - 4 * mean * (sums[2] / k) + 6 * mean_square * (sums[1] / k) -
                        3 * mean_square * mean_square;
  const double variance = deviation * deviation;
  return fourth / (variance * variance) - 3;
}

void write_shapes(const State& state, FeatureRow& row) {
  const auto& in20 = state.returns.in20;
  const auto& in60 = state.returns.in60;
  const auto& in390 = state.returns.in390;
  row[return_skew_20] =
      skewness(row[momentum_20], in20[R::square20], in20[R::cube20], row[return_std_20], 20);
  row[return_skew_60] =
      skewness(row[momentum_60], in60[R::square60], in60[R::cube60], row[return_std_60], 60);
  row[return_skew_390] =
      skewness(row[momentum_390], in390[R::square390], in390[R::cube390], row[return_std_390], 390);
  row[return_kurtosis_60] = excess_kurtosis(
      {row[momentum_60], in60[R::square60], in60[R::cube60], in60[R::fourth60]}, row[return_std_60], 60);
  row[return_kurtosis_390] =
      excess_kurtosis({row[momentum_390], in390[R::square390], in390[R::cube390], in390[R::fourth390]},
                      row[return_std_390], 390);
  row[signed_variance_ratio_20] = ratio_or(in20[R::signed_square20], in20[R::square20], 0);
  row[signed_variance_ratio_60] = ratio_or(in60[R::signed_square60], in60[R::square60], 0);
  const double bipower60 = std::numbers::pi / 2 * in60[R::bipower60];
  const double bipower390 = std::numbers::pi / 2 * in390[R::bipower390];
  row[bipower_ratio_60] = ratio_or(bipower60, bipower60 + in60[R::square60], 0.5);
  row[bipower_ratio_390] = ratio_or(bipower390, bipower390 + in390[R::square390], 0.5);
  row[largest_move_share_60] = ratio_or(state.returns.square_extremes60.high(), in60[R::square60], 0);
  row[absolute_return_variation_60] = ratio_or(
      60 * std::sqrt(variance_of(in60[R::absolute60], in60[R::square60], 60)), in60[R::absolute60], 0);
}

}  // namespace

void write_volatility(const State& state, const PathMinute& minute, FeatureRow& row) {
  write_deviations(state.returns, row);
  write_ranges(state, minute, row);
  write_bands(state.prices, minute.close, row);
  write_shapes(state, row);
  const SessionWindows& session = state.session;
  const double move = std::abs(minute.log_return);
  row[session_volatility] = std::sqrt(session.return_squares / session.minutes_seen);
  row[relative_move_minute] =
      session.usual_move_now < 0 ? 0.5 : ratio_or(move, move + session.usual_move_now, 0.5);
  row[previous_session_range] = session.previous_range;
}

}  // namespace sentio::features
