#pragma once
/// Do predictions come true, apart from money? Per symbol and horizon, over the run's traded sessions.
///
/// Model    p: prediction at row time, y: its label, both in units of σ_h. IC = Pearson's correlation over all
///          rows. Labels of neighbouring rows overlap, those of two sessions never do, so the session is the
///          unit of every interval: with z the rows scaled by the run's means and deviations,
///          ψ_d = Σ_{rows of d} (z_p z_y − ½ IC (z_p² + z_y²)) is session d's pull on the IC (its influence), the
///          series IC + ψ_d · sessions/rows has the IC as its mean, and infer_mean() gives that mean's 95 %
///          interval. Only sums per session are needed.
///          Rank IC = mean over sessions of each one's Spearman correlation, with infer_mean()'s interval.
/// Errors   below kIntervalDaysMin sessions there is no interval; a side that does not vary has no IC.
/// Threads  pure functions.
/// Source   influence function of the correlation: Devlin, Gnanadesikan & Kettenring, Biometrika 62 (1975);
///          information coefficient: Grinold & Kahn, "Active Portfolio Management" (2000), chapter 6.

#include <span>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/analysis/summary.h"

namespace sentio {

/// Resamples of an interval: enough for a 95 % one, cheap enough for every symbol and horizon.
inline constexpr int kSkillDraws = 999;

/// One symbol and horizon; an element per session.
[[nodiscard]] HorizonSkill judge_horizon(int horizon, std::span<const ForecastSums> sessions);

/// No flag without an interval or a profit or loss.
[[nodiscard]] SkillFlag skill_flag(double pnl, std::span<const HorizonSkill> horizons);

/// Symbols of `groups` that have labels, in that order, with its P&L.
[[nodiscard]] std::vector<SymbolSkill> measure_skill(const RunResult& run, const std::vector<GroupStats>& groups);

}  // namespace sentio
