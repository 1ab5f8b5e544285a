#pragma once
/// The covariance that all horizons of one symbol share: A, P and the gains of rows awaiting labels.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sentio/core/bytes.h"
#include "sentio/core/error.h"
#include "sentio/learning/aligned_buffer.h"

namespace sentio {

struct Kernels;

struct EwrlsOptions {
  double lambda = 0.98;         ///< forgetting factor per row, (0, 1]
  double ridge = 0.1;           ///< ρ > 0
  int rederive_interval = 100;  ///< K >= 1
  int features = 0;             ///< n >= 1
  int pending_max = 1;          ///< most rows that may wait for labels at once, >= 1
};

/// Exponentially weighted recursive least squares with ridge, the part that needs no labels.
///
/// Model    see multi_horizon_predictor.h. Kept as P = σ(Q − rrᵀ) with σ = λ^−m: Q only ever shrinks, so its
///          rounding error does not grow by 1/λ a row, and the last row's downdate r is applied in the same
///          pass over Q that multiplies the next row. A holds the rows up to the last fold; later rows
///          stay in a ring and enter A as one weighted update of rank ≤ 128.
/// Rows     are numbered from 0 in the order observed; row s may be learned from until released.
/// Retries  a failed factorisation (a pivot of M below ρ/2, exact ones are ≥ ρ, or lost in rounding) keeps P,
/// is counted and
///          tried again at the next row; the following one is due K rows after the one that succeeded.
///          If P is ever lost to rounding (λ + xᵀPx not finite or below λ/2) it is re-derived at once,
///          which makes that row one with m = 0; this is counted as an early re-derivation.
/// Shapes   vectors handed to learn() hold padded_features() doubles on a 64-byte boundary, 0 beyond n.
/// Errors   observe() refuses values that are not finite or beyond 1e100 in size (their squares would
///          overflow): Errc::malformed, state untouched. A row too many is a broken invariant.
/// Members  some thirty: the matrices and vectors of one recursion and its counts, which only change together; parts
///          of it could not be right alone.
/// Threads  one at a time; no hidden state. No allocation after construction (load() allocates).
class Ewrls {
 public:
  Ewrls(const EwrlsOptions& options, std::string_view symbol);

  /// Row s = rows_observed() enters P.
  [[nodiscard]] Result<> observe(std::span<const double> x);
  /// One label of row s, in row order per (b, w): b ← λb + x_s y, w ← w + g_s(y − x_sᵀw), or w = P*_s b if
  /// m_s = 0.
  void learn(std::int64_t row, double y, double* b, double* w) const;
  /// Rows before this one have all their labels.
  void release_before(std::int64_t row);

  [[nodiscard]] const EwrlsOptions& options() const { return options_; }
  [[nodiscard]] int padded_features() const { return blocks_ * 8; }
  [[nodiscard]] std::int64_t rows_observed() const { return rows_; }
  [[nodiscard]] std::int64_t rows_released() const { return released_; }
  [[nodiscard]] std::int64_t rows_since_rederivation() const { return age_; }  ///< m
  [[nodiscard]] std::int64_t rederivations() const { return rederivations_; }
  [[nodiscard]] std::int64_t early_rederivations() const { return early_; }
  [[nodiscard]] std::int64_t factorization_failures() const { return failures_; }
  [[nodiscard]] const Kernels& kernels() const { return *kernels_; }

  /// Learner health, computed when asked for.
  [[nodiscard]] double trace_p() const;
  /// (1 − λ^s)/(1 − λ): the rows' total weight.
  [[nodiscard]] double effective_window() const { return window_; }
  /// λmax(M)·λmax(P) by `iterations` power steps each: from below, within a few per cent when they converge.
  [[nodiscard]] double condition_estimate(int iterations = 30) const;
  /// Least pivot of the last factorisation, ≥ ρ up to rounding (0 before the first).
  [[nodiscard]] double pivot_min() const { return pivots_[0]; }
  [[nodiscard]] double pivot_max() const { return pivots_[1]; }
  /// outᵢ = (P_s v)ᵢ and (M_s v)ᵢ for v of padded_features() aligned doubles.
  void multiply_p(const double* v, double* out) const;
  void multiply_m(const double* v, double* out) const;

  void save(ByteWriter& out) const;
  /// Refuses bytes of another shape or with numbers that cannot be; then the state stays as it was.
  [[nodiscard]] Result<> load(ByteReader& in);

 private:
  [[nodiscard]] double* ring_row(std::int64_t row) { return ring_x_.data() + ring_at(row) * stride(); }
  [[nodiscard]] const double* ring_row(std::int64_t row) const {
    return ring_x_.data() + ring_at(row) * stride();
  }
  [[nodiscard]] double* ring_gain(std::int64_t row) { return ring_gain_.data() + pending_at(row) * stride(); }
  [[nodiscard]] const double* ring_gain(std::int64_t row) const {
    return ring_gain_.data() + pending_at(row) * stride();
  }
  [[nodiscard]] std::size_t ring_at(std::int64_t row) const {
    return static_cast<std::size_t>(row % ring_rows_);
  }
  [[nodiscard]] std::size_t pending_at(std::int64_t row) const {
    return static_cast<std::size_t>(row % options_.pending_max);
  }
  [[nodiscard]] std::size_t stride() const { return static_cast<std::size_t>(padded_features()); }
  [[nodiscard]] double* inverse_slot(int slot) {
    return inverses_.data() + static_cast<std::size_t>(slot) * triangle_;
  }
  [[nodiscard]] std::int64_t oldest_kept_row() const;
  [[nodiscard]] bool slot_free() const;

  void fold_rows();
  [[nodiscard]] bool rederive();
  [[nodiscard]] bool downdate(const double* x);
  void skip_row();
  [[nodiscard]] double largest_eigenvalue(int iterations, bool of_p) const;
  bool load_from(ByteReader& in);
  [[nodiscard]] bool consistent() const;

  EwrlsOptions options_;
  const Kernels* kernels_;
  int blocks_;
  std::size_t triangle_;  // doubles in one stored triangle
  int fold_rows_max_;     // rows that may wait to enter A
  int ring_rows_;
  int slots_;

  std::int64_t rows_ = 0;
  std::int64_t released_ = 0;
  std::int64_t folded_ = 0;  // rows that are in A
  std::int64_t next_rederivation_;
  std::int64_t age_ = 0;  // m
  std::int64_t rederivations_ = 0;
  std::int64_t early_ = 0;
  std::int64_t failures_ = 0;
  double sigma_ = 1;  // λ^−m
  double ridge_now_;  // ρλ^m
  double window_ = 0;
  double pivots_[2] = {0, 0};
  int slot_next_ = 0;

  AlignedBuffer a_;  // A as of row folded_ − 1
  AlignedBuffer q_;
  AlignedBuffer r_;
  AlignedBuffer ring_x_;  // rows waiting for labels or for A
  AlignedBuffer ring_gain_;
  AlignedBuffer inverses_;                 // P* of rows with m = 0 that wait for labels
  std::vector<std::int64_t> slot_row_;     // the row each P* belongs to, −1 = none
  std::vector<std::int32_t> slot_of_row_;  // per pending row: its P*, −1 = has a gain
  std::vector<double> weight_root_;        // λ^(j/2)
  std::vector<double> weight_;             // λ^j
  AlignedBuffer panels_;                   // scratch of fold and factorisation
  mutable AlignedBuffer work_;             // scratch of health figures, three vectors
};

}  // namespace sentio
