/// The learner inside the signal engine against §4's definition, solved afresh at every row.

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <map>

#include "market_data.h"
#include "sentio/core/bytes.h"
#include "sentio/data/csv_bars.h"
#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/strategy/online_ensemble.h"

namespace sentio {
namespace {

/// M_s and b_{h,s} of one horizon, advanced one resolved row at a time and solved by brute force.
class BatchHorizon {
 public:
  BatchHorizon(const LearnerConfig& config, std::string_view symbol)
      : lambda_(config.lambda),
        ridge_(config.ridge),
        interval_(config.rederive_interval),
        first_(static_cast<std::int64_t>(fnv1a(symbol) % static_cast<std::uint64_t>(config.rederive_interval))),
        a_(Eigen::MatrixXd::Zero(kFeatureCount, kFeatureCount)),
        b_(Eigen::VectorXd::Zero(kFeatureCount)) {}

  void advance(const Eigen::VectorXd& x, double y) {
    a_ *= lambda_;
    a_.selfadjointView<Eigen::Lower>().rankUpdate(x);
    b_ = lambda_ * b_ + x * y;
    const bool rederived = row_ >= first_ && (row_ - first_) % interval_ == 0;
    m_ = rederived ? 0 : m_ + 1;
    ++row_;
  }
  [[nodiscard]] double predict(const Eigen::VectorXd& x) const {
    Eigen::MatrixXd m = a_;  // its lower triangle; M is positive definite
    m.diagonal().array() += ridge_ * std::pow(lambda_, static_cast<double>(m_));
    return x.dot(m.selfadjointView<Eigen::Lower>().llt().solve(b_));
  }

 private:
  double lambda_, ridge_;
  std::int64_t interval_, first_, row_ = 0, m_ = 0;
  Eigen::MatrixXd a_;
  Eigen::VectorXd b_;
};

/// One session's real opens, for labels written down from the definition.
struct Opens {
  std::map<int, double> at;
  double last_close = 0;
  [[nodiscard]] double r(int i, int h, int eod) const {
    const auto entry = at.upper_bound(i);
    if (entry == at.end()) return 0;
    const auto exit = at.lower_bound(std::min(i + 1 + h, eod));
    return std::log((exit == at.end() ? last_close : exit->second) / entry->second);
  }
  /// Minute whose step makes the label known; past the session: its end.
  [[nodiscard]] int known(int i, int h, int eod) const {
    const auto exit = at.lower_bound(std::min(i + 1 + h, eod));
    return exit == at.end() ? 1000 : exit->first;
  }
};

struct Pending {
  int minute = 0;
  bool learnable = false;
  Eigen::VectorXd x;
  PerHorizon sigma{};
};

struct RealCase {
  std::string symbol;
  Date last{};
  int rows = 0;  ///< at least that many are compared
};
void PrintTo(const RealCase& c, std::ostream* out) { *out << c.symbol; }

class LearnerOnRealBars : public ::testing::TestWithParam<RealCase> {};

// Tolerance: 1e-8 of max(1, |prediction|). Predictions are in units of the label's standard deviation, so an error of
// that size is 1e-12 USD on a ten-cent move; double precision and condition numbers up to 1e6 allow about 1e-10.
TEST_P(LearnerOnRealBars, PredictsLikeABatchSolveAtEveryRow) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto& [symbol, last, rows_wanted] = GetParam();
  const auto bars = read_bars(testing::market_data() / "twelve" / (symbol + "_RTH_NH.csv.gz"), {.last = last});
  ASSERT_TRUE(bars.has_value()) << bars.error().message();
  LearnerConfig config;
  config.horizon_weights = {.3, .5, .2};
  OnlineEnsemble ensemble(config, symbol);
  std::vector<BatchHorizon> batch(3, BatchHorizon(config, symbol));
  SymbolSynchronizer synchronizer{DataConfig{}};
  PerHorizon square{}, weight{};
  const double decay = std::exp2(-1.0 / 2000);
  int compared = 0;
  double worst = 0;

  auto next_bar = bars->bars.begin();
  for (const auto& hours : NyseCalendar::sessions(Date{std::chrono::year{2025} / 4 / 1}, last)) {
    const int eod = hours.minutes - 2;
    Opens opens;
    for (auto b = next_bar; b != bars->bars.end() && b->start < hours.close; ++b) {
      opens.at[*hours.minute_of(b->start)] = b->open;
      opens.last_close = b->close;
    }
    ensemble.begin_session(hours, eod);
    synchronizer.begin_session();
    std::vector<Pending> rows;
    std::array<std::size_t, 3> next{};
    const auto resolve_until = [&](int minute) {
      for (std::size_t h = 0; h < 3; ++h) {
        for (; next[h] < rows.size(); ++next[h]) {
          const Pending& row = rows[next[h]];
          if (opens.known(row.minute, config.horizons[h], eod) > minute) break;
          const double r = opens.r(row.minute, config.horizons[h], eod);
          square[h] = decay * square[h] + r * r;
          weight[h] = decay * weight[h] + 1;
          if (row.learnable) batch[h].advance(row.x, std::clamp(r / row.sigma[h], -5.0, 5.0));
        }
      }
    };
    for (int i = 0; i < hours.minutes; ++i) {
      std::optional<Bar> bar;
      if (next_bar != bars->bars.end() && next_bar->start == hours.minute_start(i)) bar = *next_bar++;
      const auto rows_before = ensemble.predictor().rows_observed();
      const SymbolSignal& signal = ensemble.step(i, synchronizer.next(hours.minute_start(i), bar));
      if (!bar) continue;
      resolve_until(i);
      const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(ensemble.features().data(), kFeatureCount);
      Pending row{.minute = i, .learnable = ensemble.predictor().rows_observed() > rows_before, .x = x};
      for (std::size_t h = 0; h < 3; ++h) {
        row.sigma[h] = std::max(std::sqrt(square[h] / weight[h]), 1e-6);
        if (!row.learnable) continue;
        const double want = batch[h].predict(x);
        worst = std::max(worst, std::abs(signal.prediction[h] - want) / std::max(1.0, std::abs(want)));
      }
      compared += row.learnable;
      if (i + 1 < eod) rows.push_back(row);
    }
    resolve_until(1000);
    ensemble.end_session();
  }
  EXPECT_GE(compared, rows_wanted);
  EXPECT_LT(worst, 1e-8);
  RecordProperty("worst_error", std::to_string(worst));
}

const std::chrono::year k2025{2025};
INSTANTIATE_TEST_SUITE_P(Symbols, LearnerOnRealBars,
                         ::testing::Values(RealCase{"SDS", k2025 / 4 / 14, 3000},  // misses 3 % of its minutes
                                           RealCase{"TQQQ", k2025 / 6 / 16, 19'500},   // 20,000 bars, less the warm-up
                                           RealCase{"UVXY", k2025 / 6 / 16, 19'500}),
                         [](const auto& c) { return c.param.symbol; });

}  // namespace
}  // namespace sentio
