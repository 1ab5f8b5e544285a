#include <cmath>

#include "numbers.h"
#include "state.h"

namespace sentio::features {

namespace {

void write_returns(const State& state, const PathMinute& minute, FeatureRow& row) {
  static_assert(momentum_1 == 0 && momentum_390 == ReturnWindows::kLags.size() - 1);
  for (std::size_t i = 0; i < ReturnWindows::kLags.size(); ++i) {
    row[momentum_1 + i] = state.returns.momentum(ReturnWindows::kLags[i]);
  }
  row[minute_gap] = minute.log_return - minute.log_body;
  row[overnight_gap] = state.path.gap();
  row[session_return] = state.session.session_return;
  row[first_half_hour_return] = state.session.first_half_hour_return;
  row[previous_session_return] = state.session.previous_return;
}

void write_averages(const PriceWindows& prices, double close, FeatureRow& row) {
  row[sma_distance_10] = close * 10 / prices.close10[0] - 1;
  row[sma_distance_20] = close / prices.close20.mean() - 1;
  row[sma_distance_60] = close / prices.close60.mean() - 1;
  row[sma_distance_120] = close * 120 / prices.close120[0] - 1;
  row[sma_distance_390] = close * 390 / prices.close390[0] - 1;
  row[ema_distance_10] = close / prices.ema[PriceWindows::ema10] - 1;
  row[ema_distance_50] = close / prices.ema[PriceWindows::ema50] - 1;
  row[ema_distance_100] = close / prices.ema[PriceWindows::ema100] - 1;
  row[ema_distance_200] = close / prices.ema[PriceWindows::ema200] - 1;
  row[macd_12_26_ratio] = prices.macd() / close;
  row[macd_signal_9_ratio] = prices.macd_signal / close;
}

void write_oscillators(const PriceWindows& prices, double close, FeatureRow& row) {
  for (std::size_t i = 0; i < prices.rise.size(); ++i) {
    const double moved = prices.rise[i] + prices.fall[i];
    row[rsi_7 + i] = moved > kFlatVariance * close ? 100 * prices.rise[i] / moved : 50.0;
  }
  row[stochastic_k_14] = prices.stochastic;
  row[stochastic_d_3] = (prices.stochastic + prices.stochastic_1 + prices.stochastic_2) / 3;
  row[range_position_60] = position_in(close, prices.extremes60.low(), prices.extremes60.high());
  row[range_position_120] = position_in(close, prices.extremes120.low(), prices.extremes120.high());
  row[range_position_390] = position_in(close, prices.extremes390.low(), prices.extremes390.high());
  row[high_distance_60] = (close - prices.extremes60.high()) / close;
  row[high_distance_390] = (close - prices.extremes390.high()) / close;
  row[low_distance_60] = (close - prices.extremes60.low()) / close;
  row[low_distance_390] = (close - prices.extremes390.low()) / close;
}

void write_trends(const State& state, FeatureRow& row) {
  const ReturnWindows& returns = state.returns;
  using R = ReturnWindows;
  row[efficiency_ratio_10] = ratio_or(std::abs(row[momentum_10]), returns.in10[R::absolute10], 0);
  row[efficiency_ratio_30] = ratio_or(std::abs(row[momentum_30]), returns.in30[0], 0);
  row[chande_momentum_20] = ratio_or(row[momentum_20], returns.in20[R::absolute20], 0);
  row[chande_momentum_60] = ratio_or(row[momentum_60], returns.in60[R::absolute60], 0);
  row[efficiency_ratio_60] = std::abs(row[chande_momentum_60]);
  row[momentum_risk_ratio_120] = ratio_or(row[momentum_120], std::sqrt(120 * returns.in120[0]), 0);
  row[momentum_risk_ratio_390] = ratio_or(row[momentum_390], std::sqrt(390 * returns.in390[R::square390]), 0);
  row[sign_balance_10] = returns.in10[R::sign10] / 10;
  row[sign_balance_60] = returns.in60[R::sign60] / 60;
  row[streak] = state.prices.streak;
  row[return_autocorrelation_60] =
      ratio_or(returns.in60[R::lagged_product60], returns.in60[R::pair_square60], 0);
  const double five60 = returns.in60[R::five_square60] / 5, five390 = returns.in390[R::five_square390] / 5;
  row[variance_ratio_5_60] = ratio_or(five60, five60 + returns.in60[R::square60], 0.5);
  row[variance_ratio_5_390] = ratio_or(five390, five390 + returns.in390[R::square390], 0.5);
}

}  // namespace

void write_momentum(const State& state, const PathMinute& minute, FeatureRow& row) {
  write_returns(state, minute, row);
  write_averages(state.prices, minute.close, row);
  write_oscillators(state.prices, minute.close, row);
  write_trends(state, row);
}

}  // namespace sentio::features
