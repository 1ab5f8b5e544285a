#include "sentio/learning/ewrls.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "flush_denormals.h"
#include "kernels_dispatch.h"
#include "magnitude.h"
#include "sentio/core/check.h"

namespace sentio {

namespace {

constexpr int kSide = 8;
constexpr int kFoldRowsMax = 128;

std::size_t triangle_size(int blocks) {
  return static_cast<std::size_t>(blocks) * static_cast<std::size_t>(blocks + 1) / 2 * kSide * kSide;
}

/// T's diagonal ← T's diagonal + value.
void add_to_diagonal(double* triangle, int blocks, double value) {
  for (int j = 0; j < blocks; ++j) {
    for (int i = 0; i < kSide; ++i) triangle[i * (kSide + 1)] += value;
    triangle += static_cast<std::size_t>(blocks - j) * kSide * kSide;
  }
}

const EwrlsOptions& checked(const EwrlsOptions& options) {
  SENTIO_CHECK(options.lambda > 0 && options.lambda <= 1);
  SENTIO_CHECK(options.ridge > 0 && options.ridge <= kMagnitudeMax);
  SENTIO_CHECK(options.rederive_interval >= 1);
  SENTIO_CHECK(options.features >= 1);
  SENTIO_CHECK(options.pending_max >= 1);
  return options;
}

}  // namespace

Ewrls::Ewrls(const EwrlsOptions& options, std::string_view symbol)
    : options_(checked(options)),
      kernels_(&kernels_of(current_dispatch())),
      blocks_((options.features + kSide - 1) / kSide),
      triangle_(triangle_size(blocks_)),
      fold_rows_max_(std::min(options.rederive_interval, kFoldRowsMax)),
      ring_rows_(std::max(fold_rows_max_, options.pending_max)),
      // Rows with m = 0 are K apart; one more for an early re-derivation.
      slots_((options.pending_max + options.rederive_interval - 1) / options.rederive_interval + 1),
      next_rederivation_(
          static_cast<std::int64_t>(fnv1a(symbol) % static_cast<std::uint64_t>(options.rederive_interval))),
      ridge_now_(options.ridge),
      a_(triangle_),
      q_(triangle_),
      r_(stride()),
      ring_x_(static_cast<std::size_t>(ring_rows_) * stride()),
      ring_gain_(static_cast<std::size_t>(options.pending_max) * stride()),
      inverses_(static_cast<std::size_t>(slots_) * triangle_),
      slot_row_(static_cast<std::size_t>(slots_), -1),
      slot_of_row_(static_cast<std::size_t>(options.pending_max), -1),
      weight_root_(static_cast<std::size_t>(fold_rows_max_) + 1),
      weight_(static_cast<std::size_t>(fold_rows_max_) + 1),
      panels_(stride() * static_cast<std::size_t>(std::max(fold_rows_max_, 2 * kSide + 1))),
      work_(3 * stride()) {
  add_to_diagonal(q_.data(), blocks_, 1.0 / options.ridge);
  // By repeated multiplication and not pow(): the mathematics library picks its own instructions.
  double weight = 1;
  for (std::size_t j = 0; j < weight_.size(); ++j, weight *= options.lambda) {
    weight_[j] = weight;
    weight_root_[j] = std::sqrt(weight);
  }
}

Result<> Ewrls::observe(std::span<const double> x) {
  SENTIO_CHECK(x.size() == static_cast<std::size_t>(options_.features));
  SENTIO_CHECK(rows_ - released_ < options_.pending_max);
  if (!kernels_->within(x.data(), options_.features, kMagnitudeMax))
    return fail(Errc::malformed, "Ewrls::observe", "a feature is not finite");

  const FlushDenormals flush;
  if (rows_ - folded_ == fold_rows_max_) fold_rows();
  double* row = ring_row(rows_);
  std::memcpy(row, x.data(), x.size_bytes());
  window_ = options_.lambda * window_ + 1;
  slot_of_row_[pending_at(rows_)] = -1;
  const bool due = rows_ >= next_rederivation_;
  ++rows_;
  if (due && rederive()) return {};
  if (downdate(row)) return {};
  if (!due && rederive())
    ++early_;
  else
    skip_row();
  return {};
}

/// A ← λ^count·A + the weighted rows since the last fold.
void Ewrls::fold_rows() {
  const int count = static_cast<int>(rows_ - folded_);
  if (count == 0) return;
  for (int k = 0; k < count; ++k)
    kernels_->pack(blocks_, ring_row(folded_ + k), weight_root_[static_cast<std::size_t>(count - 1 - k)],
                   panels_.data(), k, count);
  kernels_->fold(blocks_, a_.data(), weight_[static_cast<std::size_t>(count)], panels_.data(), count);
  folded_ = rows_;
}

bool Ewrls::slot_free() const {
  const std::int64_t row = slot_row_[static_cast<std::size_t>(slot_next_)];
  return row < released_;
}

/// P afresh from A + ρI with the newest row in it. False: nothing but A's form has changed.
bool Ewrls::rederive() {
  if (!slot_free()) return false;
  fold_rows();
  double* inverse = inverse_slot(slot_next_);
  slot_row_[static_cast<std::size_t>(slot_next_)] = -1;
  std::memcpy(inverse, a_.data(), triangle_ * sizeof(double));
  add_to_diagonal(inverse, blocks_, options_.ridge);
  double pivots[2];
  if (!kernels_->invert(blocks_, inverse, options_.ridge / 2, panels_.data(), pivots)) {
    ++failures_;
    return false;
  }
  std::memcpy(q_.data(), inverse, triangle_ * sizeof(double));
  std::fill_n(r_.data(), stride(), 0.0);
  std::copy_n(pivots, 2, pivots_);
  const std::int64_t row = rows_ - 1;
  slot_row_[static_cast<std::size_t>(slot_next_)] = row;
  slot_of_row_[pending_at(row)] = slot_next_;
  slot_next_ = (slot_next_ + 1) % slots_;
  sigma_ = 1;
  ridge_now_ = options_.ridge;
  age_ = 0;
  ++rederivations_;
  next_rederivation_ = row + options_.rederive_interval;
  return true;
}

/// One row of ordinary RLS. With q = Qx: d = λ + σxᵀq, g = Px after the update = (σ/d)q,
/// Q ← Q − (σ/d)qqᵀ (left in r for the next pass). False: P is lost.
bool Ewrls::downdate(const double* x) {
  double* gain = ring_gain(rows_ - 1);
  const double energy = kernels_->downdate_multiply(blocks_, q_.data(), r_.data(), x, gain);
  const double d = options_.lambda + sigma_ * energy;
  const double step = sigma_ / d;
  if (!(d >= options_.lambda / 2) || !std::isfinite(d) || !(step <= kMagnitudeMax)) return false;
  kernels_->scale(blocks_, std::sqrt(step), gain, r_.data());
  kernels_->scale(blocks_, step, gain, gain);
  sigma_ /= options_.lambda;
  ridge_now_ *= options_.lambda;
  ++age_;
  return true;
}

/// The row is in A and will be in b; the weights see it at the next re-derivation, tried at the next row.
void Ewrls::skip_row() {
  std::fill_n(ring_gain(rows_ - 1), stride(), 0.0);
  std::fill_n(r_.data(), stride(), 0.0);
  sigma_ /= options_.lambda;
  ridge_now_ *= options_.lambda;
  ++age_;
  next_rederivation_ = rows_;
}

void Ewrls::learn(std::int64_t row, double y, double* b, double* w) const {
  SENTIO_CHECK(row >= released_ && row < rows_);
  const FlushDenormals flush;
  const double* x = ring_row(row);
  const std::int32_t slot = slot_of_row_[pending_at(row)];
  if (slot < 0) return kernels_->learn(blocks_, options_.lambda, y, x, ring_gain(row), b, w);
  kernels_->decay_add(blocks_, options_.lambda, y, x, b);
  kernels_->multiply(blocks_, inverses_.data() + static_cast<std::size_t>(slot) * triangle_, b, w);
}

void Ewrls::release_before(std::int64_t row) {
  SENTIO_CHECK(row >= released_ && row <= rows_);
  released_ = row;
}

std::int64_t Ewrls::oldest_kept_row() const {
  return std::min(released_, folded_);
}

}  // namespace sentio
