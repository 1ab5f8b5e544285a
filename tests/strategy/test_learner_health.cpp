#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/strategy/learner_health.h"
#include "sentio/strategy/online_ensemble.h"
#include "synthetic_bars.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;

LearnerHealth sound() {
  LearnerHealth health{.horizons = 2,
                       .features = 126,
                       .rows_learned = 1000,
                       .effective_window = 200,
                       .condition = 50,
                       .pivot_min = 1,
                       .eigenvalue_min = .1,
                       .trace_p = 10};
  for (HorizonHealth& h : health.horizon)
    h = {.labels = 387, .error_ratio = 1.05, .prediction_variance = .2, .weight_drift = .5};
  return health;
}

const HealthConfig kStrict{.max_condition = 100,
                           .min_effective_window = 126,
                           .max_weight_drift = 1,
                           .max_rmse_ratio = 1.1,
                           .max_prediction_variance_ratio = 1};

TEST(LearnerHealth, EveryLimitIsNamedWhenItIsBroken) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    HealthLimit limit;
    int horizon;
    std::function<void(LearnerHealth&)> damage;
  } rows[] = {
      {HealthLimit::none, -1, [](LearnerHealth&) {}},
      {HealthLimit::none, -1, [](LearnerHealth& h) { h.condition = 100; }},  // at the limit is within it
      {HealthLimit::none, -1, [](LearnerHealth& h) { h.horizon[2].error_ratio = 9; }},  // an unused horizon
      {HealthLimit::non_finite, -1, [nan](LearnerHealth& h) { h.trace_p = nan; }},
      {HealthLimit::non_finite, -1, [nan](LearnerHealth& h) { h.horizon[1].weight_norm = nan; }},
      {HealthLimit::factorization_failures, -1, [](LearnerHealth& h) { h.factorization_failures = 1; }},
      {HealthLimit::condition, -1, [](LearnerHealth& h) { h.condition = 101; }},
      {HealthLimit::effective_window, -1, [](LearnerHealth& h) { h.effective_window = 125; }},
      {HealthLimit::weight_drift, 1, [](LearnerHealth& h) { h.horizon[1].weight_drift = 1.1; }},
      {HealthLimit::error_ratio, 0,
       [](LearnerHealth& h) { h.horizon[0].error_ratio = h.horizon[1].error_ratio = 1.2; }},
      {HealthLimit::prediction_variance, 1,
       [](LearnerHealth& h) { h.horizon[1].prediction_variance = 1.1; }}};
  for (const auto& row : rows) {
    LearnerHealth health = sound();
    row.damage(health);
    EXPECT_EQ(broken_limit(health, kStrict), (BrokenLimit{row.limit, row.horizon})) << to_string(row.limit);
  }
}

TEST(LearnerHealth, DefaultsOnlyStopFailuresAndNumbersThatAreNone) {
  LearnerHealth health{.horizons = 1, .effective_window = 1, .condition = 1e17};
  health.horizon[0] = {.error_ratio = 50, .prediction_variance = 1000, .weight_drift = 99};
  EXPECT_TRUE(broken_limit(health, {}).healthy());
  health.factorization_failures = 1;
  EXPECT_EQ(broken_limit(health, {}).limit, HealthLimit::factorization_failures);
  EXPECT_TRUE(broken_limit(health, {.max_factorization_failures = 1}).healthy());
}

TEST(LearnerHealth, WithoutLabelsThereIsNoSkillAndNoHarm) {
  HorizonHealth health;
  HorizonStatistics{}.describe(health);
  EXPECT_EQ(health.directional_accuracy, 0.5);
  EXPECT_EQ(health.error_ratio, 1.0);
  EXPECT_EQ(health.slope, 0.0);
  EXPECT_EQ(health.prediction_variance, 0.0);
}

RC_GTEST_PROP(LearnerHealth, StatisticsAreThoseOfTheirDefinitions, ()) {
  const int n = *rc::gen::inRange(2, 60);
  std::vector<double> p, y;
  HorizonStatistics statistics;
  for (int i = 0; i < n; ++i) {
    p.push_back(*rc::gen::inRange(-1000, 1000) * 1e-3);
    y.push_back(*rc::gen::inRange(-5000, 5000) * 1e-3);
    statistics.add(p.back(), y.back());
  }
  double hits = 0, error = 0, yy = 0, py = 0, pp = 0, mean_p = 0, mean_y = 0, var_p = 0, var_y = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    hits += p[i] * y[i] > 0 ? 1 : (p[i] * y[i] == 0 ? .5 : 0);
    error += (y[i] - p[i]) * (y[i] - p[i]);
    yy += y[i] * y[i];
    py += p[i] * y[i];
    pp += p[i] * p[i];
    mean_p += p[i] / n;
    mean_y += y[i] / n;
  }
  for (std::size_t i = 0; i < p.size(); ++i) {
    var_p += (p[i] - mean_p) * (p[i] - mean_p);
    var_y += (y[i] - mean_y) * (y[i] - mean_y);
  }
  RC_PRE(var_y > 1e-3 && pp > 1e-3);
  HorizonHealth health;
  statistics.describe(health);
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-9 * (1 + std::abs(b)); };
  RC_ASSERT(health.labels == n);
  RC_ASSERT(close(health.directional_accuracy, hits / n));
  RC_ASSERT(close(health.error_ratio, std::sqrt(error / yy)));
  RC_ASSERT(close(health.slope, py / pp));
  RC_ASSERT(close(health.prediction_variance, var_p / var_y));
}

/// One symbol through whole sessions.
class Learner {
 public:
  explicit Learner(const LearnerConfig& config) : ensemble(config, "AAA") {}
  void session(const SessionHours& hours, const SymbolBars& bars) {
    open(hours);
    for (int i = 0; i < hours.minutes; ++i) step(hours, bars, i);
    ensemble.end_session();
  }
  void open(const SessionHours& hours) {
    ensemble.begin_session(hours, hours.minutes - 2);
    synchronizer_.begin_session();
  }
  void step(const SessionHours& hours, const SymbolBars& bars, int minute) {
    while (next_ < bars.bars.size() && bars.bars[next_].start < hours.minute_start(minute)) ++next_;
    std::optional<Bar> bar;
    if (next_ < bars.bars.size() && bars.bars[next_].start == hours.minute_start(minute))
      bar = bars.bars[next_];
    ensemble.step(minute, synchronizer_.next(hours.minute_start(minute), bar));
  }
  OnlineEnsemble ensemble;

 private:
  SymbolSynchronizer synchronizer_{DataConfig{}};
  std::size_t next_ = 0;
};

LearnerConfig three_horizons() {
  LearnerConfig config;
  config.horizon_weights = {.3, .5, .2};
  return config;
}

const std::vector<SessionHours>& days() {
  static const auto all = NyseCalendar::sessions_before(Date{2025y / 9 / 1}, 4);
  return all;
}
const SymbolBars& walk() {
  static const auto bars = testing::walk_bars("AAA", days(), 5);
  return bars;
}

TEST(LearnerHealth, CountsTheSessionsLabelsAndComparesWeightsWithTheLastClose) {
  Learner learner(three_horizons());
  EXPECT_EQ(learner.ensemble.health().rows_learned, 0);
  EXPECT_NEAR(learner.ensemble.health().condition, 1.0, 1e-9);
  std::vector<std::vector<double>> weights;  // at each close, of the second horizon
  for (const SessionHours& hours : days()) {
    learner.session(hours, walk());
    const auto w = learner.ensemble.predictor().weights(1);
    weights.emplace_back(w.begin(), w.end());
  }
  const LearnerHealth health = learner.ensemble.health();
  // 390 bars teach the z-scores, then every bar before 15:57.
  EXPECT_EQ(health.rows_learned, 3 * 387);
  EXPECT_EQ(health.horizon[1].labels, 387);
  EXPECT_NEAR(health.effective_window, 50, 1e-6);  // 1/(1 − 0.98)
  EXPECT_EQ(health.factorization_failures, 0);
  EXPECT_GE(health.pivot_min, 0.0999);
  EXPECT_LE(health.eigenvalue_min, learner.ensemble.predictor().covariance().pivot_min());
  double change = 0, before = 0;
  for (std::size_t i = 0; i < weights[3].size(); ++i) {
    change += (weights[3][i] - weights[2][i]) * (weights[3][i] - weights[2][i]);
    before += weights[2][i] * weights[2][i];
  }
  EXPECT_NEAR(health.horizon[1].weight_drift, std::sqrt(change / before), 1e-12);
  EXPECT_NEAR(health.horizon[1].slope,
              learner.ensemble.session_sums().prediction_label[1] /
                  learner.ensemble.session_sums().prediction_square[1],
              1e-12);
}

// Walks have nothing to learn: the handbook's short memory then predicts worse than zero, the long one does
// not.
TEST(LearnerHealth, TellsTheHandbookLearnerFromASoundOne) {
  LearnerConfig sound_config = three_horizons();
  sound_config.lambda = .9998;
  sound_config.ridge = 10'000;
  Learner handbook(three_horizons()), sound_learner(sound_config);
  for (const SessionHours& hours : days()) {
    handbook.session(hours, walk());
    sound_learner.session(hours, walk());
  }
  const HealthConfig limits{.max_condition = 1e3, .max_rmse_ratio = 1.1};
  EXPECT_EQ(broken_limit(handbook.ensemble.health(), limits).limit, HealthLimit::condition);
  EXPECT_GT(handbook.ensemble.health().horizon[0].error_ratio, 1.3);
  EXPECT_TRUE(broken_limit(sound_learner.ensemble.health(), limits).healthy());
}

void expect_equal(const LearnerHealth& a, const LearnerHealth& b) {
  EXPECT_EQ(a.condition, b.condition);
  EXPECT_EQ(a.trace_p, b.trace_p);
  EXPECT_EQ(a.effective_window, b.effective_window);
  EXPECT_EQ(a.rows_learned, b.rows_learned);
  EXPECT_EQ(a.factorization_failures, b.factorization_failures);
  for (std::size_t h = 0; h < 3; ++h) {
    EXPECT_EQ(a.horizon[h].labels, b.horizon[h].labels);
    EXPECT_EQ(a.horizon[h].error_ratio, b.horizon[h].error_ratio);
    EXPECT_EQ(a.horizon[h].directional_accuracy, b.horizon[h].directional_accuracy);
    EXPECT_EQ(a.horizon[h].prediction_variance, b.horizon[h].prediction_variance);
    EXPECT_EQ(a.horizon[h].slope, b.horizon[h].slope);
    EXPECT_EQ(a.horizon[h].weight_norm, b.horizon[h].weight_norm);
    EXPECT_EQ(a.horizon[h].weight_drift, b.horizon[h].weight_drift);
  }
}

TEST(LearnerHealth, SurvivesSavingInTheMiddleOfASession) {
  Learner whole(three_horizons()), resumed(three_horizons());
  for (std::size_t d = 0; d < 3; ++d) whole.session(days()[d], walk());
  whole.open(days()[3]);
  for (int i = 0; i < 200; ++i) whole.step(days()[3], walk(), i);
  const LearnerHealth before = whole.ensemble.health();
  EXPECT_GT(before.horizon[0].labels, 100);

  ByteWriter out;
  whole.ensemble.save(out);
  ByteReader in(out.bytes());
  ASSERT_TRUE(resumed.ensemble.load(in).has_value());
  expect_equal(resumed.ensemble.health(), before);
}

}  // namespace
}  // namespace sentio
