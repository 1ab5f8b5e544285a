#include "sentio/analysis/skill.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "sentio/analysis/bootstrap.h"
#include "sentio/analysis/statistics.h"
#include "tables.h"

namespace sentio {

namespace {

using analysis_detail::quotient;

ForecastSums summed_up(std::span<const ForecastSums> sessions) {
  ForecastSums sum;
  for (const ForecastSums& s : sessions) {
    sum.labels += s.labels;
    sum.hits += s.hits;
    sum.p += s.p;
    sum.y += s.y;
    sum.pp += s.pp;
    sum.yy += s.yy;
    sum.py += s.py;
  }
  return sum;
}

/// Means, deviations and correlation of all rows.
struct RowMoments {
  double mean_p = 0, mean_y = 0, sd_p = 0, sd_y = 0, ic = 0;
};

/// Empty where a side does not vary by more than the rounding of its sums.
std::optional<RowMoments> moments_of(const ForecastSums& s) {
  constexpr double kRounding = 1e-12;
  if (s.labels < 2) return std::nullopt;
  const auto n = static_cast<double>(s.labels);
  RowMoments m{.mean_p = s.p / n, .mean_y = s.y / n};
  const double variance_p = s.pp / n - m.mean_p * m.mean_p, variance_y = s.yy / n - m.mean_y * m.mean_y;
  if (!(variance_p > kRounding * s.pp / n && variance_y > kRounding * s.yy / n)) return std::nullopt;
  m.sd_p = std::sqrt(variance_p);
  m.sd_y = std::sqrt(variance_y);
  m.ic = std::clamp((s.py / n - m.mean_p * m.mean_y) / (m.sd_p * m.sd_y), -1.0, 1.0);
  return m;
}

double influence(const ForecastSums& s, const RowMoments& m) {
  const auto n = static_cast<double>(s.labels);
  const double zp_zy = (s.py - m.mean_y * s.p - m.mean_p * s.y + n * m.mean_p * m.mean_y) / (m.sd_p * m.sd_y);
  const double zp_zp = (s.pp - 2 * m.mean_p * s.p + n * m.mean_p * m.mean_p) / (m.sd_p * m.sd_p);
  const double zy_zy = (s.yy - 2 * m.mean_y * s.y + n * m.mean_y * m.mean_y) / (m.sd_y * m.sd_y);
  return zp_zy - 0.5 * m.ic * (zp_zp + zy_zy);
}

/// A correlation's interval, from a series whose mean it is.
std::optional<Interval> correlation_interval(std::span<const double> series) {
  const auto inference = infer_mean(series, {.draws = kSkillDraws});
  if (!inference || !inference->interval) return std::nullopt;
  return Interval{std::max(inference->interval->low, -1.0), std::min(inference->interval->high, 1.0)};
}

void fill_ic(HorizonSkill& out, std::span<const ForecastSums> sessions, const ForecastSums& all) {
  const auto moments = moments_of(all);
  if (!moments) return;
  out.ic = moments->ic;
  const double sessions_per_row = static_cast<double>(sessions.size()) / static_cast<double>(all.labels);
  std::vector<double> series;
  for (const ForecastSums& s : sessions) series.push_back(moments->ic + influence(s, *moments) * sessions_per_row);
  out.ic_interval = correlation_interval(series);
}

void fill_rank_ic(HorizonSkill& out, std::span<const ForecastSums> sessions) {
  std::vector<double> ranks;
  for (const ForecastSums& s : sessions) {
    if (s.rank_correlation) ranks.push_back(*s.rank_correlation);
  }
  out.rank_ic = mean(ranks);
  out.rank_ic_interval = correlation_interval(ranks);
}

}  // namespace

std::string_view to_string(SkillFlag flag) {
  switch (flag) {
    case SkillFlag::profit_without_skill:
      return "PROFIT WITHOUT SKILL";
    case SkillFlag::skill_without_profit:
      return "SKILL WITHOUT PROFIT";
    case SkillFlag::none:
      break;
  }
  return "";
}

HorizonSkill judge_horizon(int horizon, std::span<const ForecastSums> sessions) {
  HorizonSkill out{.horizon = horizon};
  std::vector<ForecastSums> with_labels;
  std::copy_if(sessions.begin(), sessions.end(), std::back_inserter(with_labels),
               [](const ForecastSums& s) { return s.labels > 0; });
  const ForecastSums all = summed_up(with_labels);
  out.sessions = static_cast<int>(with_labels.size());
  out.labels = all.labels;
  out.hit_rate = quotient(all.hits, static_cast<double>(all.labels));
  out.slope = quotient(all.py, all.pp);
  out.error = quotient(all.yy - 2 * all.py + all.pp, all.yy);
  fill_ic(out, with_labels, all);
  fill_rank_ic(out, with_labels);
  return out;
}

SkillFlag skill_flag(double pnl, std::span<const HorizonSkill> horizons) {
  const auto judged = [](const HorizonSkill& h) { return h.ic_interval.has_value(); };
  if (!std::any_of(horizons.begin(), horizons.end(), judged)) return SkillFlag::none;
  const bool skill = std::any_of(horizons.begin(), horizons.end(),
                                 [](const HorizonSkill& h) { return h.ic_interval && h.ic_interval->low > 0; });
  if (pnl > 0 && !skill) return SkillFlag::profit_without_skill;
  if (pnl < 0 && skill) return SkillFlag::skill_without_profit;
  return SkillFlag::none;
}

std::vector<SymbolSkill> measure_skill(const RunResult& run, const std::vector<GroupStats>& groups) {
  std::map<std::string, std::map<int, std::vector<ForecastSums>>> sessions;
  for (const DayResult& day : run.days) {
    for (const SkillSums& row : day.skill) sessions[row.symbol][row.horizon].push_back(row.sums);
  }
  std::vector<SymbolSkill> rows;
  for (const GroupStats& group : groups) {
    const auto found = sessions.find(group.name);
    if (found == sessions.end()) continue;
    SymbolSkill row{.symbol = group.name, .pnl = group.pnl};
    for (const auto& [horizon, sums] : found->second) row.horizons.push_back(judge_horizon(horizon, sums));
    row.flag = skill_flag(row.pnl, row.horizons);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace sentio
