#pragma once
/// The 126 features once more, slowly: whole history in vectors, every window summed anew, two passes for
/// every moment. Written from the table's formulas, not from the engine.

#include <functional>
#include <map>
#include <string>

#include "tape.h"

namespace sentio::testing {

class NaiveFeatures {
 public:
  explicit NaiveFeatures(const Tape& tape) : tape_(tape) {
    build_path();
    build_recursions();
  }
  /// All features after minute t of the tape, by name.
  [[nodiscard]] std::map<std::string, double> row(int t) const;

 private:
  using Series = std::vector<double>;
  using Value = std::function<double(int)>;
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  void build_path();
  void build_recursions();
  // Before the first bar: flat at the first open, nothing traded.
  double open(int i) const { return i < 0 ? start_ : o_[at(i)]; }
  double high(int i) const { return i < 0 ? start_ : h_[at(i)]; }
  double low(int i) const { return i < 0 ? start_ : l_[at(i)]; }
  double close(int i) const { return i < 0 ? start_ : c_[at(i)]; }
  double ret(int i) const { return i < 0 ? 0 : r_[at(i)]; }
  double volume(int i) const { return i < 0 ? 0 : v_[at(i)]; }
  double typical(int i) const { return (high(i) + low(i) + close(i)) / 3; }
  double log_move(int i, int k) const { return std::log(close(i) / close(i - k)); }

  static double sum(int t, int k, const Value& value);
  static double mean(int t, int k, const Value& value) { return sum(t, k, value) / k; }
  /// Mean of (x - mean)^power, 0 for a variance that is only rounding.
  static double central(int t, int k, int power, const Value& value);
  static double deviation(int t, int k, const Value& value) { return std::sqrt(central(t, k, 2, value)); }
  double highest(int t, int k) const;
  double lowest(int t, int k) const;
  double stochastic(int t) const;
  static double share(double part, double whole, double neutral) {
    return whole == 0 ? neutral : part / whole;
  }

  using Row = std::map<std::string, double>;
  void add_momentum(int t, Row& row) const;
  void add_oscillators(int t, Row& row) const;
  void add_volatility(int t, Row& row) const;
  void add_bands(int t, Row& row) const;
  void add_volume(int t, Row& row) const;
  void add_session(int t, Row& row) const;
  void add_candle_and_time(int t, Row& row) const;
  [[nodiscard]] Series ema(const Series& x, double seed, double span) const;
  [[nodiscard]] Series wilder(const Series& x, double length) const;
  [[nodiscard]] double usual(int t, const Value& value) const;

  const Tape& tape_;
  double start_ = 0;
  Series o_, h_, l_, c_, r_, v_, gap_;
  std::vector<int> session_;        // number of each minute's session
  std::vector<int> session_begin_;  // tape index of each session's first minute
  std::map<int, Series> ema_, rise_, fall_;
  Series macd_, signal_, atr_, variance94_, variance99_;
};

inline void NaiveFeatures::build_path() {
  double accumulated = 0, last_close = 0, session_gap = 0;
  bool awaiting = true;
  for (const TapeMinute& row : tape_) {
    if (row.begins_session) {
      awaiting = true;
      session_gap = 0;
      session_begin_.push_back(static_cast<int>(c_.size()));
    }
    const Bar& bar = row.sync.bar;
    double r = 0;
    if (row.sync.real()) {
      if (awaiting && last_close != 0) session_gap = std::log(bar.open / last_close);
      if (awaiting) accumulated += session_gap;
      r = std::log(bar.close / (awaiting || last_close == 0 ? bar.open : last_close));
      awaiting = false;
    }
    if (last_close == 0) start_ = bar.open;
    const double factor = std::exp(-accumulated);
    o_.push_back(bar.open * factor);
    h_.push_back(bar.high * factor);
    l_.push_back(bar.low * factor);
    c_.push_back(bar.close * factor);
    r_.push_back(r);
    v_.push_back(bar.volume);
    gap_.push_back(session_gap);
    session_.push_back(static_cast<int>(session_begin_.size()) - 1);
    last_close = bar.close;
  }
}

inline NaiveFeatures::Series NaiveFeatures::ema(const Series& x, double seed, double span) const {
  Series y;
  const double alpha = 2 / (span + 1);
  for (const double value : x) y.push_back((1 - alpha) * (y.empty() ? seed : y.back()) + alpha * value);
  return y;
}

inline NaiveFeatures::Series NaiveFeatures::wilder(const Series& x, double length) const {
  Series y;
  for (const double value : x) y.push_back(((y.empty() ? 0 : y.back()) * (length - 1) + value) / length);
  return y;
}

inline void NaiveFeatures::build_recursions() {
  for (const int span : {10, 12, 26, 50, 100, 200}) ema_[span] = ema(c_, start_, span);
  for (std::size_t i = 0; i < c_.size(); ++i) macd_.push_back(ema_[12][i] - ema_[26][i]);
  signal_ = ema(macd_, 0, 9);
  Series up, down, range;
  for (int t = 0; t < static_cast<int>(c_.size()); ++t) {
    up.push_back(std::max(close(t) - close(t - 1), 0.0));
    down.push_back(std::max(close(t - 1) - close(t), 0.0));
    range.push_back(
        std::max({high(t) - low(t), std::abs(high(t) - close(t - 1)), std::abs(low(t) - close(t - 1))}));
    variance94_.push_back(0.94 * (t == 0 ? 0 : variance94_.back()) + 0.06 * ret(t) * ret(t));
    variance99_.push_back(0.99 * (t == 0 ? 0 : variance99_.back()) + 0.01 * ret(t) * ret(t));
  }
  for (const int length : {7, 14, 30}) {
    rise_[length] = wilder(up, length);
    fall_[length] = wilder(down, length);
  }
  atr_ = wilder(range, 14);
}

inline double NaiveFeatures::sum(int t, int k, const Value& value) {
  double total = 0;
  for (int i = t - k + 1; i <= t; ++i) total += value(i);
  return total;
}

inline double NaiveFeatures::central(int t, int k, int power, const Value& value) {
  const double center = mean(t, k, value);
  const double result = mean(t, k, [&](int i) { return std::pow(value(i) - center, power); });
  if (power == 2 && result <= 1e-12 * mean(t, k, [&](int i) { return value(i) * value(i); })) return 0;
  return result;
}

inline double NaiveFeatures::highest(int t, int k) const {
  double result = high(t);
  for (int i = t - k + 1; i < t; ++i) result = std::max(result, high(i));
  return result;
}

inline double NaiveFeatures::lowest(int t, int k) const {
  double result = low(t);
  for (int i = t - k + 1; i < t; ++i) result = std::min(result, low(i));
  return result;
}

inline double NaiveFeatures::stochastic(int t) const {
  const double span = highest(t, 14) - lowest(t, 14);
  return t < 0 || span <= 1e-10 * close(t) ? 50 : 100 * (close(t) - lowest(t, 14)) / span;
}

inline std::map<std::string, double> NaiveFeatures::row(int t) const {
  Row row;
  add_momentum(t, row);
  add_oscillators(t, row);
  add_volatility(t, row);
  add_bands(t, row);
  add_volume(t, row);
  add_session(t, row);
  add_candle_and_time(t, row);
  return row;
}

}  // namespace sentio::testing

#include "naive_formulas.h"
