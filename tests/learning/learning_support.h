#pragma once
/// Tapes of synthetic rows and the slow obvious answer for the learner.

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/bytes.h"
#include "sentio/learning/multi_horizon_predictor.h"

namespace sentio::testing {

/// Small reproducible generator (splitmix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double normal() {  // close enough: twelve uniforms
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }

 private:
  std::uint64_t state_;
};

enum class TapeKind { benign, duplicated_columns, constant_feature, zero_for_a_day, all_zero_rows };

inline std::string to_string(TapeKind kind) {
  switch (kind) {
    case TapeKind::benign:
      return "Benign";
    case TapeKind::duplicated_columns:
      return "DuplicatedColumns";
    case TapeKind::constant_feature:
      return "ConstantFeature";
    case TapeKind::zero_for_a_day:
      return "ZeroForADay";
    case TapeKind::all_zero_rows:
      return "AllZeroRows";
  }
  return "Unknown";
}

/// Autocorrelated features with a common factor, clipped to ±4 like z-scores; labels have a little
/// signal in them.
class Tape {
 public:
  Tape(TapeKind kind, int features, std::uint64_t seed)
      : kind_(kind),
        dice_(seed),
        x_(static_cast<std::size_t>(features)),
        state_(x_.size()),
        beta_(x_.size()) {
    for (double& value : beta_) value = 0.1 * dice_.normal();
  }
  /// Advances to the next row.
  const std::vector<double>& next_row() {
    const double factor = dice_.normal();
    for (std::size_t i = 0; i < x_.size(); ++i) {
      const double memory = 0.95 * static_cast<double>(i % 8) / 8;
      state_[i] = memory * state_[i] + std::sqrt(1 - memory * memory) * (0.6 * factor + 0.8 * dice_.normal());
      x_[i] = std::clamp(state_[i], -4.0, 4.0);
    }
    disturb();
    ++row_;
    return x_;
  }
  [[nodiscard]] const std::vector<double>& row() const { return x_; }
  double next_label(int h) {
    double y = 0;
    for (std::size_t i = 0; i < x_.size(); ++i) y += beta_[i] * x_[i] / (h + 1);
    return std::clamp(y + dice_.normal(), -5.0, 5.0);
  }

 private:
  void disturb() {
    const std::size_t n = x_.size();
    if (kind_ == TapeKind::duplicated_columns)
      for (std::size_t i = 1; i < n; i += 3) x_[i] = x_[i - 1];
    if (kind_ == TapeKind::constant_feature) x_[n / 2] = 1.0;
    if (kind_ == TapeKind::zero_for_a_day && row_ % 800 >= 390)
      for (std::size_t i = 0; i < n; i += 2) x_[i] = 0;
    if (kind_ == TapeKind::all_zero_rows && row_ % 7 == 3) std::fill(x_.begin(), x_.end(), 0.0);
  }
  TapeKind kind_;
  Dice dice_;
  std::vector<double> x_;
  std::vector<double> state_;
  std::vector<double> beta_;
  std::int64_t row_ = 0;
};

/// M_s and b_{h,s} from their definitions in long double, solved afresh at every row: Eigen's LDLᵀ
/// and refinement with residuals in long double until nothing moves.
class BatchReference {
 public:
  using Wide = long double;
  BatchReference(double lambda, double ridge, int interval, int features, int horizons,
                 std::string_view symbol)
      : lambda_(lambda),
        ridge_(ridge),
        interval_(interval),
        n_(features),
        next_(static_cast<std::int64_t>(fnv1a(symbol) % static_cast<std::uint64_t>(interval))),
        a_(static_cast<std::size_t>(features) * static_cast<std::size_t>(features)),
        b_(static_cast<std::size_t>(horizons), std::vector<Wide>(static_cast<std::size_t>(features))),
        ridge_now_(ridge) {}

  /// Row s with the labels it will get; afterwards weights(h) is w_{h,s}.
  void step(std::span<const double> x, std::span<const double> y) {
    const auto n = static_cast<std::size_t>(n_);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) a_[i * n + j] = lambda_ * a_[i * n + j] + Wide{x[i]} * x[j];
    for (std::size_t h = 0; h < b_.size(); ++h)
      for (std::size_t i = 0; i < n; ++i) b_[h][i] = lambda_ * b_[h][i] + Wide{x[i]} * y[h];
    if (row_ == next_) {
      ridge_now_ = ridge_;
      next_ += interval_;
    } else {
      ridge_now_ *= lambda_;
    }
    ++row_;
    solve();
  }
  [[nodiscard]] const Eigen::VectorXd& weights(int h) const { return w_[static_cast<std::size_t>(h)]; }
  [[nodiscard]] Eigen::MatrixXd m() const {
    Eigen::MatrixXd m(n_, n_);
    for (int i = 0; i < n_; ++i)
      for (int j = 0; j <= i; ++j) {
        const Wide value =
            a_[static_cast<std::size_t>(i) * static_cast<std::size_t>(n_) + static_cast<std::size_t>(j)];
        m(i, j) = m(j, i) = static_cast<double>(value + (i == j ? ridge_now_ : Wide{0}));
      }
    return m;
  }

 private:
  void solve() {
    const Eigen::LDLT<Eigen::MatrixXd> factor(m());
    w_.assign(b_.size(), Eigen::VectorXd::Zero(n_));
    for (std::size_t h = 0; h < b_.size(); ++h) {
      std::vector<Wide> w(static_cast<std::size_t>(n_));
      double before = 1e300;
      for (int k = 0; k < 6; ++k) {
        const Eigen::VectorXd correction = factor.solve(residual(h, w));
        for (int i = 0; i < n_; ++i) w[static_cast<std::size_t>(i)] += correction[i];
        const double size = correction.norm();
        if (size >= before / 4 || size == 0) break;
        before = size;
        if (k > 0 && size < 1e-13 * norm(w)) break;
      }
      for (int i = 0; i < n_; ++i) w_[h][i] = static_cast<double>(w[static_cast<std::size_t>(i)]);
    }
  }
  static double norm(const std::vector<Wide>& w) {
    Wide sum = 0;
    for (const Wide value : w) sum += value * value;
    return std::sqrt(static_cast<double>(sum));
  }
  [[nodiscard]] Eigen::VectorXd residual(std::size_t h, const std::vector<Wide>& w) const {
    const auto n = static_cast<std::size_t>(n_);
    std::vector<Wide> r(n);
    for (std::size_t i = 0; i < n; ++i) {
      r[i] += b_[h][i] - ridge_now_ * w[i] - a_[i * n + i] * w[i];
      for (std::size_t j = 0; j < i; ++j) {
        r[i] -= a_[i * n + j] * w[j];
        r[j] -= a_[i * n + j] * w[i];
      }
    }
    Eigen::VectorXd out(n_);
    for (std::size_t i = 0; i < n; ++i) out[static_cast<Eigen::Index>(i)] = static_cast<double>(r[i]);
    return out;
  }
  Wide lambda_;
  Wide ridge_;
  int interval_;
  int n_;
  std::int64_t next_;
  std::vector<Wide> a_;
  std::vector<std::vector<Wide>> b_;
  std::vector<Eigen::VectorXd> w_;
  Wide ridge_now_;
  std::int64_t row_ = 0;
};

inline LearnerConfig learner_config(double lambda, double ridge, int interval, int horizons) {
  LearnerConfig config;
  config.lambda = lambda;
  config.ridge = ridge;
  config.rederive_interval = interval;
  config.horizons.assign(static_cast<std::size_t>(horizons), 1);
  return config;
}

/// Relative to the whole weight vector: single weights of nearly collinear features are not determined by
/// the data to more than this, their sum effect is. 0/0 counts as 0.
inline double relative_error(std::span<const double> got, const Eigen::VectorXd& want) {
  const Eigen::Map<const Eigen::VectorXd> w(got.data(), static_cast<Eigen::Index>(got.size()));
  const double error = (w - want).norm();
  return error == 0 ? 0 : error / std::max(want.norm(), 1e-300);
}

}  // namespace sentio::testing
