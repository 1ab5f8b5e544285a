#pragma once
/// Second half of naive_features.h: the formulas themselves.

#include <numbers>

#include "naive_features.h"

namespace sentio::testing {

inline void NaiveFeatures::add_momentum(int t, Row& row) const {
  const auto name = [](const char* stem, int k) { return std::string(stem) + std::to_string(k); };
  for (const int k : {1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 390}) {
    row[name("momentum_", k)] = log_move(t, k);
  }
  for (const int k : {10, 20, 60, 120, 390}) {
    row[name("sma_distance_", k)] = close(t) / mean(t, k, [this](int i) { return close(i); }) - 1;
  }
  for (const int k : {10, 50, 100, 200}) row[name("ema_distance_", k)] = close(t) / ema_.at(k)[at(t)] - 1;
  row["macd_12_26_ratio"] = macd_[at(t)] / close(t);
  row["macd_signal_9_ratio"] = signal_[at(t)] / close(t);
  const Value absolute = [this](int i) { return std::abs(ret(i)); };
  const Value square = [this](int i) { return ret(i) * ret(i); };
  const Value sign = [this](int i) { return ret(i) > 0 ? 1.0 : ret(i) < 0 ? -1.0 : 0.0; };
  for (const int k : {10, 30, 60}) {
    row[name("efficiency_ratio_", k)] = share(std::abs(log_move(t, k)), sum(t, k, absolute), 0);
  }
  for (const int k : {20, 60})
    row[name("chande_momentum_", k)] = share(log_move(t, k), sum(t, k, absolute), 0);
  for (const int k : {120, 390}) {
    row[name("momentum_risk_ratio_", k)] = share(log_move(t, k), std::sqrt(k * sum(t, k, square)), 0);
  }
  for (const int k : {10, 60}) row[name("sign_balance_", k)] = mean(t, k, sign);
  int streak = 0;
  while (sign(t) != 0 && sign(t - streak) == sign(t)) ++streak;
  row["streak"] = sign(t) * streak;
  row["return_autocorrelation_60"] =
      share(sum(t, 60, [this](int i) { return ret(i) * ret(i - 1); }),
            sum(t, 60, [&](int i) { return (square(i) + square(i - 1)) / 2; }), 0);
  for (const int k : {60, 390}) {
    const double five = sum(t, k, [this](int i) { return log_move(i, 5) * log_move(i, 5); }) / 5;
    // ln of a path price ratio has rounding where the sum of returns is exactly 0.
    row[name("variance_ratio_5_", k)] = five < 1e-28 ? 0.5 : five / (five + sum(t, k, square));
  }
}

inline void NaiveFeatures::add_oscillators(int t, Row& row) const {
  for (const int k : {7, 14, 30}) {
    const double up = rise_.at(k)[at(t)], down = fall_.at(k)[at(t)];
    row["rsi_" + std::to_string(k)] = up + down <= 1e-12 * close(t) ? 50
                                      : down == 0                   ? 100
                                                                    : 100 - 100 / (1 + up / down);
  }
  row["stochastic_k_14"] = stochastic(t);
  row["stochastic_d_3"] = (stochastic(t) + stochastic(t - 1) + stochastic(t - 2)) / 3;
  for (const int k : {60, 120, 390}) {
    const double span = highest(t, k) - lowest(t, k);
    row["range_position_" + std::to_string(k)] =
        span <= 1e-10 * close(t) ? 0.5 : (close(t) - lowest(t, k)) / span;
  }
  for (const int k : {60, 390}) {
    row["high_distance_" + std::to_string(k)] = (close(t) - highest(t, k)) / close(t);
    row["low_distance_" + std::to_string(k)] = (close(t) - lowest(t, k)) / close(t);
  }
}

inline void NaiveFeatures::add_volatility(int t, Row& row) const {
  const auto name = [](const char* stem, int k) { return std::string(stem) + std::to_string(k); };
  const Value r = [this](int i) { return ret(i); };
  const Value absolute = [this](int i) { return std::abs(ret(i)); };
  const Value square = [this](int i) { return ret(i) * ret(i); };
  const Value range = [this](int i) { return std::log(high(i) / low(i)); };
  const auto log_of = [](double a, double b) { return std::log(a / b); };
  for (const int k : {5, 10, 20, 60, 120, 390}) row[name("return_std_", k)] = deviation(t, k, r);
  row["volatility_ratio_5_20"] = share(deviation(t, 5, r), deviation(t, 20, r), 1);
  row["volatility_ratio_60_390"] = share(deviation(t, 60, r), deviation(t, 390, r), 1);
  row["ewma_volatility_94"] = std::sqrt(variance94_[at(t)]);
  row["ewma_volatility_99"] = std::sqrt(variance99_[at(t)]);
  for (const int k : {20, 60, 390}) {
    row[name("parkinson_volatility_", k)] =
        std::sqrt(mean(t, k, [&](int i) { return range(i) * range(i); }) / (4 * std::log(2)));
    const double sd = deviation(t, k, r);
    row[name("return_skew_", k)] = share(central(t, k, 3, r), sd * sd * sd, 0);
    row[name("return_kurtosis_", k)] =
        share(central(t, k, 4, r) - 3 * sd * sd * sd * sd, sd * sd * sd * sd, 0);
    const double bipower =
        std::numbers::pi / 2 * sum(t, k, [&](int i) { return absolute(i) * absolute(i - 1); });
    row[name("bipower_ratio_", k)] = share(bipower, bipower + sum(t, k, square), 0.5);
    row[name("signed_variance_ratio_", k)] =
        share(sum(t, k, [&](int i) { return ret(i) * absolute(i); }), sum(t, k, square), 0);
  }
  for (const char* unused : {"return_kurtosis_20", "bipower_ratio_20", "signed_variance_ratio_390"})
    row.erase(unused);
  row["garman_klass_volatility_20"] = std::sqrt(mean(t, 20, [&](int i) {
    const double body = log_of(close(i), open(i));
    return std::max(0.0, range(i) * range(i) / 2 - (2 * std::log(2) - 1) * body * body);
  }));
  row["rogers_satchell_volatility_60"] = std::sqrt(mean(t, 60, [&](int i) {
    return log_of(high(i), close(i)) * log_of(high(i), open(i)) +
           log_of(low(i), close(i)) * log_of(low(i), open(i));
  }));
  double largest = 0;
  for (int i = t - 59; i <= t; ++i) largest = std::max(largest, square(i));
  row["largest_move_share_60"] = share(largest, sum(t, 60, square), 0);
  row["absolute_return_variation_60"] = share(deviation(t, 60, absolute), mean(t, 60, absolute), 0);
  row["bar_range"] = range(t);
  row["bar_range_ratio_20"] = share(range(t), mean(t, 20, range), 0);
}

inline void NaiveFeatures::add_bands(int t, Row& row) const {
  const Value price = [this](int i) { return close(i); };
  for (const int k : {20, 60}) {
    const double center = mean(t, k, price);
    const double sd = std::sqrt(mean(t, k, [&](int i) { return std::pow(close(i) - center, 2); }));
    const double upper = center + 2 * sd, lower = center - 2 * sd;
    const bool flat = sd <= 1e-10 * close(t);
    row["bollinger_position_" + std::to_string(k)] = flat ? 0.5 : (close(t) - lower) / (upper - lower);
    row["bollinger_width_" + std::to_string(k)] = flat ? 0 : (upper - lower) / center;
  }
  const double range = std::max(high(t), close(t - 1)) - std::min(low(t), close(t - 1));
  row["atr_14_ratio"] = atr_[at(t)] / close(t);
  row["true_range_ratio"] = atr_[at(t)] <= 1e-12 * close(t) ? 0 : range / atr_[at(t)];
}

inline void NaiveFeatures::add_volume(int t, Row& row) const {
  const Value v = [this](int i) { return volume(i); };
  const Value signed_volume = [this](int i) {
    return ret(i) > 0 ? volume(i) : ret(i) < 0 ? -volume(i) : 0.0;
  };
  const Value flow = [this](int i) { return typical(i) * volume(i); };
  const Value absolute = [this](int i) { return std::abs(ret(i)); };
  const auto total = [&](int k) { return sum(t, k, v); };
  for (const int k : {20, 60, 390}) {
    row["volume_zscore_" + std::to_string(k)] = share(volume(t) - total(k) / k, deviation(t, k, v), 0);
  }
  row["volume_ratio_5_20"] = share(total(5) / 5, total(20) / 20, 1);
  row["volume_ratio_20_60"] = share(total(20) / 20, total(60) / 60, 1);
  row["volume_ratio_60_390"] = share(total(60) / 60, total(390) / 390, 1);
  const double usual_volume = total(390) / 390;
  row["volume_log_ratio_390"] =
      usual_volume == 0 ? 0 : std::log((volume(t) + 0.01 * usual_volume) / (1.01 * usual_volume));
  for (const int k : {5, 20, 60}) {
    row["signed_volume_" + std::to_string(k)] = share(sum(t, k, signed_volume), total(k), 0);
  }
  row["cmf_20"] = share(sum(t, 20,
                            [this](int i) {
                              const double span = high(i) - low(i);
                              return span <= 1e-10 * close(i)
                                         ? 0
                                         : volume(i) * ((close(i) - low(i)) - (high(i) - close(i))) / span;
                            }),
                        total(20), 0);
  const auto turned = [&](double side) {
    return sum(t, 20, [&, side](int i) {
      return side * (typical(i) - typical(i - 1)) > 1e-10 * typical(i) ? flow(i) : 0.0;
    });
  };
  row["mfi_20"] = 100 * share(turned(1), turned(1) + turned(-1), 0.5);
  row["illiquidity_ratio_20_390"] = 0.5;
  if (total(20) > 0) {
    const double recent = sum(t, 20, absolute) / total(20), usual_cost = sum(t, 390, absolute) / total(390);
    row["illiquidity_ratio_20_390"] = share(recent, recent + usual_cost, 0.5);
  }
  const Value r = [this](int i) { return ret(i); };
  const double mean_return = mean(t, 60, r), mean_volume = mean(t, 60, v);
  row["return_volume_correlation_60"] =
      share(mean(t, 60, [&](int i) { return (ret(i) - mean_return) * (volume(i) - mean_volume); }),
            deviation(t, 60, r) * deviation(t, 60, v), 0);
  for (const int k : {60, 390}) {
    row["vwap_distance_" + std::to_string(k)] = share(close(t), share(sum(t, k, flow), total(k), 0), 1) - 1;
  }
}

inline double NaiveFeatures::usual(int t, const Value& value) const {
  double result = -1;
  for (int s = 0; s < session_[at(t)]; ++s) {
    for (int i = session_begin_[at(s)]; i < session_begin_[at(s + 1)]; ++i) {
      if (tape_[at(i)].minute == tape_[at(t)].minute)
        result = result < 0 ? value(i) : 0.9 * result + 0.1 * value(i);
    }
  }
  return result;
}

inline void NaiveFeatures::add_session(int t, Row& row) const {
  struct Summary {
    double high = 0, low = 0, opening_high = 0, opening_low = 0, move = 0, early_move = 0, squares = 0;
    double volume = 0, flow = 0, minutes = 0;
    bool real = false;
  };
  const auto summarise = [this](int first, int last, int until_minute) {
    Summary s;
    for (int i = first; i <= last && tape_[at(i)].minute <= until_minute; ++i) {
      s.minutes += 1;
      s.move += ret(i);
      s.squares += ret(i) * ret(i);
      s.volume += volume(i);
      s.flow += volume(i) * typical(i);
      if (tape_[at(i)].minute < 30) s.early_move = s.move;
      if (!tape_[at(i)].sync.real()) continue;
      s.high = s.real ? std::max(s.high, high(i)) : high(i);
      s.low = s.real ? std::min(s.low, low(i)) : low(i);
      if (!s.real || tape_[at(i)].minute < 30) {
        s.opening_high = s.high;
        s.opening_low = s.low;
      }
      s.real = true;
    }
    return s;
  };
  const int number = session_[at(t)];
  const Summary now = summarise(session_begin_[at(number)], t, 390);
  row["overnight_gap"] = gap_[at(t)];
  row["session_return"] = now.move;
  row["first_half_hour_return"] = now.early_move;
  row["session_volatility"] = std::sqrt(now.squares / now.minutes);
  row["vwap_distance_session"] = now.volume == 0 ? 0 : close(t) / (now.flow / now.volume) - 1;
  row["session_high_distance"] = now.real ? (close(t) - now.high) / close(t) : 0;
  row["session_low_distance"] = now.real ? (close(t) - now.low) / close(t) : 0;
  const auto within = [&](double low, double high) {
    return !now.real || high - low <= 1e-10 * close(t) ? 0.5 : (close(t) - low) / (high - low);
  };
  row["session_range_position"] = within(now.low, now.high);
  row["opening_range_position_30"] = std::min(6.0, std::max(-5.0, within(now.opening_low, now.opening_high)));
  row["previous_session_return"] = row["previous_session_range"] = 0;
  for (int s = number - 1; s >= 0; --s) {
    const Summary earlier = summarise(session_begin_[at(s)], session_begin_[at(s + 1)] - 1, 390);
    if (!earlier.real) continue;
    row["previous_session_return"] = earlier.move;
    row["previous_session_range"] = (earlier.high - earlier.low) / earlier.low;
    break;
  }
  row["session_volume_ratio"] = 0.5;
  if (number > 0) {
    const double before =
        summarise(session_begin_[at(number - 1)], session_begin_[at(number)] - 1, tape_[at(t)].minute).volume;
    row["session_volume_ratio"] = share(now.volume, now.volume + before, 0.5);
  }
  const double usual_volume = usual(t, [this](int i) { return volume(i); });
  const double usual_move = usual(t, [this](int i) { return std::abs(ret(i)); });
  row["relative_volume_minute"] = usual_volume < 0 ? 0.5 : share(volume(t), volume(t) + usual_volume, 0.5);
  row["relative_move_minute"] =
      usual_move < 0 ? 0.5 : share(std::abs(ret(t)), std::abs(ret(t)) + usual_move, 0.5);
}

inline void NaiveFeatures::add_candle_and_time(int t, Row& row) const {
  const TapeMinute& now = tape_[at(t)];
  const Bar& bar = now.sync.bar;
  const double span = bar.high - bar.low;
  row["body_ratio"] = span == 0 ? 0 : (bar.close - bar.open) / span;
  row["upper_wick_ratio"] = span == 0 ? 0 : (bar.high - std::max(bar.open, bar.close)) / span;
  row["lower_wick_ratio"] = span == 0 ? 0 : (std::min(bar.open, bar.close) - bar.low) / span;
  // On the path a session's first real bar opens at the previous close, so one rule serves all minutes.
  row["minute_gap"] = std::log(open(t) / close(t - 1));
  const double angle = 2 * std::numbers::pi * now.minute / 390;
  row["time_sin"] = std::sin(angle);
  row["time_cos"] = std::cos(angle);
  row["minutes_to_close"] = (now.hours.minutes - 1 - now.minute) / 390.0;
  const unsigned weekday = std::chrono::weekday(std::chrono::sys_days(now.hours.date)).c_encoding() - 1;
  row["weekday_sin"] = std::sin(2 * std::numbers::pi * weekday / 5);
  row["weekday_cos"] = std::cos(2 * std::numbers::pi * weekday / 5);
}

}  // namespace sentio::testing
