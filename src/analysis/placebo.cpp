#include "sentio/analysis/placebo.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "sentio/analysis/statistics.h"

namespace sentio {

namespace {

PlaceboRank rank_among(std::optional<double> run, std::vector<double> placebos) {
  PlaceboRank out{.run = run, .placebos = std::move(placebos)};
  out.mean = mean(out.placebos);
  out.sd = sample_sd(out.placebos);
  if (!run || out.placebos.empty()) return out;
  const auto as_well = std::count_if(out.placebos.begin(), out.placebos.end(), [&](double v) { return v >= *run; });
  out.rank = 1 + static_cast<int>(as_well);
  out.p = static_cast<double>(*out.rank) / static_cast<double>(out.placebos.size() + 1);
  return out;
}

bool has_numbers(const PlaceboOutcome& o) {
  const auto sound = [](std::optional<double> v) { return v && std::isfinite(*v); };
  return sound(o.mrd) && sound(o.gross_bps) && sound(o.costs_bps);
}

int distinct_traders(std::span<const PlaceboOutcome> outcomes) {
  int distinct = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].trades == 0) continue;
    const auto end = outcomes.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(outcomes.begin(), end, outcomes[i]) == end) ++distinct;
  }
  return distinct;
}

}  // namespace

PlaceboOutcome placebo_outcome(const Summary& s) {
  PlaceboOutcome out{.trades = s.trades};
  if (!s.mrd || !s.bps) return out;
  out.mrd = s.mrd;
  out.gross_bps = s.bps->gross;
  out.costs_bps = s.bps->costs.total();
  return out;
}

PlaceboTest judge_placebos(const PlaceboOutcome& run, std::span<const PlaceboOutcome> placebos) {
  PlaceboTest test{.trades = run.trades};
  std::vector<PlaceboOutcome> sound;
  std::copy_if(placebos.begin(), placebos.end(), std::back_inserter(sound), has_numbers);
  test.placebos = static_cast<int>(sound.size());
  test.left_out = static_cast<int>(placebos.size() - sound.size());
  test.distinct = distinct_traders(sound);
  std::vector<double> mrd, gross, costs, trades;
  for (const PlaceboOutcome& o : sound) {
    if (o.trades == 0) {
      ++test.without_trades;
      continue;
    }
    mrd.push_back(*o.mrd);
    gross.push_back(*o.gross_bps);
    costs.push_back(*o.costs_bps);
    trades.push_back(o.trades);
  }
  test.ranked = static_cast<int>(mrd.size());
  const bool numbers = has_numbers(run) && run.trades > 0;
  test.mrd = rank_among(numbers ? run.mrd : std::nullopt, std::move(mrd));
  test.gross_bps = rank_among(numbers ? run.gross_bps : std::nullopt, std::move(gross));
  if (numbers) test.costs_bps = run.costs_bps;
  test.costs_bps_placebos = mean(costs);
  test.trades_placebos = mean(trades);
  return test;
}

}  // namespace sentio
