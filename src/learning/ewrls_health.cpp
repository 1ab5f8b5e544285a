// Figures about the learner's state; nothing here changes it.

#include <algorithm>
#include <cmath>

#include "kernels.h"
#include "sentio/learning/ewrls.h"

namespace sentio {

double Ewrls::trace_p() const {
  constexpr std::size_t kBlockSide = 8;
  double trace = 0;
  const double* block = q_.data();
  for (int j = 0; j < options_.features; ++j) {
    const std::size_t i = static_cast<std::size_t>(j) % kBlockSide;
    trace += block[i * (kBlockSide + 1)] - r_.data()[j] * r_.data()[j];
    if (i + 1 == kBlockSide)
      block += (static_cast<std::size_t>(blocks_) - static_cast<std::size_t>(j) / kBlockSide) * kBlockSide * kBlockSide;
  }
  return sigma_ * trace;
}

void Ewrls::multiply_p(const double* v, double* out) const {
  kernels_->multiply(blocks_, q_.data(), v, out);
  double along_r = 0;
  for (int i = 0; i < padded_features(); ++i) along_r += r_.data()[i] * v[i];
  for (int i = 0; i < padded_features(); ++i) out[i] = sigma_ * (out[i] - r_.data()[i] * along_r);
}

void Ewrls::multiply_m(const double* v, double* out) const {
  kernels_->multiply(blocks_, a_.data(), v, out);
  const auto waiting = static_cast<std::size_t>(rows_ - folded_);
  for (int i = 0; i < padded_features(); ++i) out[i] = weight_[waiting] * out[i] + ridge_now_ * v[i];
  for (std::int64_t row = folded_; row < rows_; ++row) {
    const double* x = ring_row(row);
    double along_x = 0;
    for (int i = 0; i < padded_features(); ++i) along_x += x[i] * v[i];
    along_x *= weight_[static_cast<std::size_t>(rows_ - 1 - row)];
    for (int i = 0; i < padded_features(); ++i) out[i] += x[i] * along_x;
  }
}

double Ewrls::largest_eigenvalue(int iterations, bool of_p) const {
  double* v = work_.data();
  double* next = v + stride();
  // No feature is special and no sign pattern is: a fixed vector with all directions in it.
  for (int i = 0; i < padded_features(); ++i)
    v[i] = i < options_.features ? 1.0 + 0.1 * ((7 * i) % 11 - 5) : 0.0;
  double value = 0;
  for (int k = 0; k < iterations; ++k) {
    double norm = 0;
    for (int i = 0; i < options_.features; ++i) norm += v[i] * v[i];
    norm = std::sqrt(norm);
    if (!(norm > 0)) return 0;
    for (int i = 0; i < options_.features; ++i) v[i] /= norm;
    if (of_p)
      multiply_p(v, next);
    else
      multiply_m(v, next);
    value = 0;
    for (int i = 0; i < options_.features; ++i) value += v[i] * next[i];
    std::swap(v, next);
  }
  return value;
}

double Ewrls::condition_estimate(int iterations) const {
  return std::max(1.0, largest_eigenvalue(iterations, true) * largest_eigenvalue(iterations, false));
}

}  // namespace sentio
