#pragma once
/// EWRLS for several horizons on one shared covariance, with labels that arrive late.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sentio/config/learner_config.h"
#include "sentio/core/bytes.h"
#include "sentio/core/signal.h"
#include "sentio/learning/ewrls.h"

namespace sentio {

/// Exponentially weighted recursive least squares, ridge ρ, forgetting λ, exact re-derivation every K rows.
///
/// Model    rows s = 0, 1, … in time order; m_s = rows since the last re-derivation (0 at one):
///          A_s = λA_{s−1} + x_s x_sᵀ, b_{h,s} = λ b_{h,s−1} + x_s y_{h,s},
///          M_s = A_s + ρ λ^{m_s} I, w_{h,s} = M_s⁻¹ b_{h,s}; start M = ρI, m = 0.
///          Row s enters P = M⁻¹ when observed, its gain g_s = P_s x_s is kept; when its h-label becomes
///          known (in row order): b_h ← λb_h + x_s y, w_h ← w_h + g_s (y − x_sᵀ w_h); where m_s = 0,
///          instead w_h = P*_s b_h with P*_s the inverse stored at that re-derivation.
///          The first re-derivation is at row FNV-1a(symbol) mod K (staggered), then every K rows.
/// Shapes   x: n; w_h: n; P, A: n×n symmetric, stored as one triangle. H horizons share P exactly.
/// Units    x standardised (unitless); y in units of σ_h.
/// Errors   observe()/resolve() refuse non-finite input (Errc::malformed) and leave the state alone.
///          A failed factorisation keeps P, counts itself, and is tried again at the next row.
///          resolve() without a waiting row is Errc::usage. A row beyond `pending_max` waiting ones, a
///          span of another length than n and a horizon index out of range are broken invariants.
/// Threads  one at a time; no hidden state. No allocation after construction.
/// Source   Haykin, "Adaptive Filter Theory", RLS; ridge bookkeeping: docs/mathematics.md.
class MultiHorizonPredictor {
 public:
  /// `features` = n; `pending_max` = most rows that may wait for labels at once.
  MultiHorizonPredictor(const LearnerConfig& config, int features, int pending_max, std::string_view symbol);
  MultiHorizonPredictor(MultiHorizonPredictor&&) noexcept;
  MultiHorizonPredictor& operator=(MultiHorizonPredictor&&) noexcept;
  ~MultiHorizonPredictor();

  /// xᵀw_h for every horizon.
  [[nodiscard]] PerHorizon predict(std::span<const double> x) const;
  /// Row s enters P; its labels come later.
  [[nodiscard]] Result<> observe(std::span<const double> x);
  /// The label of the OLDEST row whose label of horizon index h is still unknown.
  [[nodiscard]] Result<> resolve(int h, double y);

  [[nodiscard]] std::int64_t rows_observed() const;
  [[nodiscard]] std::int64_t rows_resolved(int h) const;
  [[nodiscard]] std::int64_t factorization_failures() const;
  [[nodiscard]] std::span<const double> weights(int h) const;

  /// Learner health. The shared covariance has the figures on P and M.
  [[nodiscard]] const Ewrls& covariance() const;
  [[nodiscard]] double trace_p() const { return covariance().trace_p(); }
  [[nodiscard]] double condition_estimate() const { return covariance().condition_estimate(); }
  [[nodiscard]] double effective_window() const { return covariance().effective_window(); }
  /// Remembers today's weights; weight_drift(h) = ‖w_h − w_h then‖₂ (w = 0 before the first mark).
  void mark_session();
  [[nodiscard]] double weight_drift(int h) const;

  void save(ByteWriter& out) const;
  /// Bytes of another shape or configuration are refused (malformed, mismatch); the state then stays as it
  /// was.
  [[nodiscard]] Result<> load(ByteReader& in);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sentio
