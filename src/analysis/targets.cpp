#include "sentio/analysis/targets.h"

namespace sentio {

namespace {

Targets targets(std::string name, double mrd_min, double win_rate_min, double drawdown_max) {
  Targets t;
  t.name = std::move(name);
  t.mrd_min = mrd_min;
  t.win_rate_min = win_rate_min;
  t.drawdown_max = drawdown_max;
  return t;
}

std::vector<Targets> presets() {
  Targets backtest = targets("design-backtest", 0.003, 0.55, 0.05);
  backtest.sharpe_min = 1.5;
  Targets production = targets("design-production", 0.005, 0.60, 0.03);
  production.sharpe_min = 2.0;
  return {handbook_targets(), backtest, production};
}

}  // namespace

Targets handbook_targets() {
  Targets t = targets("handbook", 0.005, 0.50, 0.05);
  t.trades_per_day_min = 50;
  t.trades_per_day_max = 200;
  return t;
}

Result<Targets> targets_named(std::string_view name) {
  std::string known;
  for (Targets& preset : presets()) {
    if (preset.name == name) return std::move(preset);
    known += (known.empty() ? "" : ", ") + preset.name;
  }
  return fail(Errc::usage, "--targets", "unknown targets '" + std::string(name) + "'; known: " + known);
}

}  // namespace sentio
