#include <cmath>

#include "numbers.h"
#include "state.h"

namespace sentio::features {

namespace {

using V = VolumeWindows;

double zscore(double value, double sum, double squares, int k) {
  return ratio_or(value - sum / k, std::sqrt(variance_of(sum, squares, k)), 0);
}

void write_levels(const State& state, const PathMinute& minute, FeatureRow& row) {
  const auto& [in5, in20, in60, in390, previous_typical] = state.volumes;
  const double volume = minute.volume, usual = in390[V::volume390] / 390;
  row[volume_zscore_20] = zscore(volume, in20[V::volume20], in20[V::square20], 20);
  row[volume_zscore_60] = zscore(volume, in60[V::volume60], in60[V::square60], 60);
  row[volume_zscore_390] = zscore(volume, in390[V::volume390], in390[V::square390], 390);
  row[volume_ratio_5_20] = ratio_or(in5[V::volume5] * 4, in20[V::volume20], 1);
  row[volume_ratio_20_60] = ratio_or(in20[V::volume20] * 3, in60[V::volume60], 1);
  row[volume_ratio_60_390] = ratio_or(in60[V::volume60] * 6.5, in390[V::volume390], 1);
  row[volume_log_ratio_390] = usual > 0 ? std::log((volume + 0.01 * usual) / (1.01 * usual)) : 0.0;
  const SessionWindows& session = state.session;
  row[relative_volume_minute] =
      session.usual_volume_now < 0 ? 0.5 : ratio_or(volume, volume + session.usual_volume_now, 0.5);
  const double before = session.previous_cumulative[static_cast<std::size_t>(session.minute())];
  row[session_volume_ratio] =
      session.sessions == 0 ? 0.5 : ratio_or(session.volume, session.volume + before, 0.5);
}

void write_flows(const State& state, double close, FeatureRow& row) {
  const auto& [in5, in20, in60, in390, previous_typical] = state.volumes;
  const ReturnWindows& returns = state.returns;
  row[signed_volume_5] = ratio_or(in5[V::signed5], in5[V::volume5], 0);
  row[signed_volume_20] = ratio_or(in20[V::signed20], in20[V::volume20], 0);
  row[signed_volume_60] = ratio_or(in60[V::signed60], in60[V::volume60], 0);
  row[cmf_20] = ratio_or(in20[V::money_flow20], in20[V::volume20], 0);
  row[mfi_20] = ratio_or(100 * in20[V::rising20], in20[V::rising20] + in20[V::falling20], 50);

  // Cross-multiplied: a/(a+b) with a = |r|/V over 20 and b = |r|/V over 390 needs no division by a zero
  // volume.
  const double recent = returns.in20[ReturnWindows::absolute20] * in390[V::volume390];
  const double usual = returns.in390[ReturnWindows::absolute390] * in20[V::volume20];
  row[illiquidity_ratio_20_390] = in20[V::volume20] > 0 ? ratio_or(recent, recent + usual, 0.5) : 0.5;

  const double covariance = in60[V::product60] / 60 - row[momentum_60] / 60 * (in60[V::volume60] / 60);
  const double deviations =
      row[return_std_60] * std::sqrt(variance_of(in60[V::volume60], in60[V::square60], 60));
  row[return_volume_correlation_60] = std::clamp(ratio_or(covariance, deviations, 0), -1.0, 1.0);

  const SessionWindows& session = state.session;
  row[vwap_distance_session] = ratio_or(close * session.volume, session.typical_volume, 1) - 1;
  row[vwap_distance_60] = ratio_or(close * in60[V::volume60], in60[V::typical60], 1) - 1;
  row[vwap_distance_390] = ratio_or(close * in390[V::volume390], in390[V::typical390], 1) - 1;
}

}  // namespace

void write_volume(const State& state, const PathMinute& minute, FeatureRow& row) {
  write_levels(state, minute, row);
  write_flows(state, minute.close, row);
}

}  // namespace sentio::features
