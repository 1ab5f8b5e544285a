// Which row is learned when: delays, staggering, re-derivations, failures, refusals.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "learning_support.h"

namespace sentio::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> weights_of(const MultiHorizonPredictor& learner, int h) {
  return {learner.weights(h).begin(), learner.weights(h).end()};
}

std::vector<std::uint8_t> bytes_of(const MultiHorizonPredictor& learner) {
  ByteWriter out;
  learner.save(out);
  return out.take();
}

TEST(MultiHorizonPredictor, SharedHorizonsEqualIndependentSingleHorizonLearners) {
  constexpr int kFeatures = 21;
  constexpr int kSession = 60;
  constexpr std::array kDelay{1, 4, 9};
  const LearnerConfig together = learner_config(.97, .3, 25, 3);
  MultiHorizonPredictor shared(together, kFeatures, 16, "ERX");
  std::vector<MultiHorizonPredictor> alone;
  for (int h = 0; h < 3; ++h) alone.emplace_back(learner_config(.97, .3, 25, 1), kFeatures, 1, "ERX");
  Tape tape(TapeKind::benign, kFeatures, 11);
  std::vector<std::array<double, 3>> labels;
  std::vector<std::array<std::vector<double>, 3>> want;  // weights of the single learners after each row
  const auto resolve = [&](int h) {
    const auto row = static_cast<std::size_t>(shared.rows_resolved(h));
    ASSERT_TRUE(shared.resolve(h, labels[row][static_cast<std::size_t>(h)]));
    EXPECT_EQ(weights_of(shared, h), want[row][static_cast<std::size_t>(h)])
        << "row " << row << " horizon " << h;
  };
  for (int s = 0; s < 5 * kSession; ++s) {
    const std::vector<double>& x = tape.next_row();
    labels.push_back({tape.next_label(0), tape.next_label(1), tape.next_label(2)});
    want.emplace_back();
    for (int h = 0; h < 3; ++h) {
      ASSERT_TRUE(alone[static_cast<std::size_t>(h)].observe(x));
      ASSERT_TRUE(alone[static_cast<std::size_t>(h)].resolve(0, labels.back()[static_cast<std::size_t>(h)]));
      want.back()[static_cast<std::size_t>(h)] = weights_of(alone[static_cast<std::size_t>(h)], 0);
    }
    ASSERT_TRUE(shared.observe(x));
    const bool last_of_session = s % kSession == kSession - 1;  // the session's end resolves everything
    for (int h = 2; h >= 0; --h)
      while (shared.rows_resolved(h) <= (last_of_session ? s : s - kDelay[static_cast<std::size_t>(h)]))
        resolve(h);
  }
  EXPECT_EQ(shared.rows_resolved(0), 5 * kSession);
  EXPECT_EQ(shared.rows_resolved(2), 5 * kSession);
}

TEST(MultiHorizonPredictor, ManyRederivedRowsMayWaitAtOnce) {
  constexpr int kFeatures = 9;
  for (const int interval : {1, 2, 5}) {
    MultiHorizonPredictor late(learner_config(.96, .1, interval, 1), kFeatures, 30, "SDS");
    MultiHorizonPredictor prompt(learner_config(.96, .1, interval, 1), kFeatures, 1, "SDS");
    Tape tape(TapeKind::benign, kFeatures, 2);
    std::vector<double> labels;
    for (int s = 0; s < 120; ++s) {
      labels.push_back(tape.next_label(0));
      ASSERT_TRUE(prompt.observe(tape.next_row()));
      ASSERT_TRUE(prompt.resolve(0, labels.back()));
      ASSERT_TRUE(late.observe(tape.row()));
      while (s % 30 == 29 && late.rows_resolved(0) <= s) {
        ASSERT_TRUE(late.resolve(0, labels[static_cast<std::size_t>(late.rows_resolved(0))]));
      }
    }
    EXPECT_EQ(weights_of(late, 0), weights_of(prompt, 0)) << "K = " << interval;
  }
}

TEST(Ewrls, FirstRederivationIsStaggeredBySymbolThenEveryKRows) {
  for (const std::string symbol : {"TQQQ", "SQQQ", "SPXL", "SDS", "UVXY"}) {
    const auto offset = static_cast<std::int64_t>(fnv1a(symbol) % 30);
    Ewrls ewrls({.lambda = .98, .ridge = .1, .rederive_interval = 30, .features = 5, .pending_max = 1},
                symbol);
    Tape tape(TapeKind::benign, 5, 1);
    for (std::int64_t s = 0; s < 200; ++s) {
      ASSERT_TRUE(ewrls.observe(tape.next_row()));
      ewrls.release_before(s + 1);
      const std::int64_t age = s < offset ? s + 1 : (s - offset) % 30;
      EXPECT_EQ(ewrls.rows_since_rederivation(), age) << symbol << " row " << s;
    }
  }
}

TEST(Ewrls, IntervalsBeyondTheRingOfRowsFoldInBetween) {
  constexpr int kFeatures = 6;
  MultiHorizonPredictor learner(learner_config(.999, 1, 700, 1), kFeatures, 1, "FAS");
  BatchReference reference(.999, 1, 700, kFeatures, 1, "FAS");
  Tape tape(TapeKind::benign, kFeatures, 4);
  double worst = 0;
  for (int s = 0; s < 1600; ++s) {
    const double y = tape.next_label(0);
    ASSERT_TRUE(learner.observe(tape.next_row()));
    ASSERT_TRUE(learner.resolve(0, y));
    reference.step(tape.row(), std::span(&y, 1));
    worst = std::max(worst, relative_error(learner.weights(0), reference.weights(0)));
  }
  EXPECT_LT(worst, 1e-10);
}

/// Two equal columns of 2^30: their block of A is singular and the ridge is far below A's last bit.
class FailedFactorization : public ::testing::Test {
 protected:
  static constexpr int kFeatures = 2;
  const std::vector<double> huge{0x1p30, 0x1p30};
  const std::vector<double> usual{1.0, -0.5};
};

TEST_F(FailedFactorization, KeepsPCountsItselfAndIsRetriedAtEveryRow) {
  Ewrls ewrls({.lambda = .5, .ridge = .125, .rederive_interval = 4, .features = kFeatures, .pending_max = 1},
              "");
  const auto first = static_cast<std::int64_t>(fnv1a("") % 4);
  std::int64_t row = 0;
  const auto observe = [&](const std::vector<double>& x) {
    ASSERT_TRUE(ewrls.observe(x));
    ewrls.release_before(++row);
  };
  while (row <= first) observe(usual);
  ASSERT_EQ(ewrls.rederivations(), 1);
  observe(huge);
  while (ewrls.rows_since_rederivation() < 3) observe(usual);
  ASSERT_EQ(ewrls.factorization_failures(), 0);
  observe(usual);
  EXPECT_EQ(ewrls.factorization_failures(), 1);
  EXPECT_EQ(ewrls.rows_since_rederivation(), 4) << "m keeps counting";
  observe(usual);
  EXPECT_EQ(ewrls.factorization_failures(), 2) << "tried again at the next row";
  while (ewrls.rederivations() == 1 && row < 200) observe(usual);
  EXPECT_EQ(ewrls.rederivations(), 2) << "the outlier is forgotten, the ridge is seen again";
  const std::int64_t failures = ewrls.factorization_failures();
  for (int k = 0; k < 3; ++k) observe(usual);
  EXPECT_EQ(ewrls.rederivations(), 2);
  observe(usual);
  EXPECT_EQ(ewrls.rederivations(), 3) << "K rows after the one that succeeded";
  EXPECT_EQ(ewrls.factorization_failures(), failures);
}

TEST_F(FailedFactorization, WeightsStayFiniteAndAreExactAgainAfterwards) {
  MultiHorizonPredictor learner(learner_config(.5, .125, 4, 1), kFeatures, 1, "");
  Eigen::Matrix2d a = Eigen::Matrix2d::Zero();
  Eigen::Vector2d b = Eigen::Vector2d::Zero();
  Dice dice(3);
  int compared = 0;
  for (int s = 0; s < 400; ++s) {
    const std::vector<double> x = s == 6 ? huge : std::vector<double>{dice.normal(), dice.normal()};
    const double y = dice.normal();
    const Eigen::Map<const Eigen::Vector2d> row(x.data());
    a = .5 * a + row * row.transpose();
    b = .5 * b + row * y;
    ASSERT_TRUE(learner.observe(x));
    ASSERT_TRUE(learner.resolve(0, y));
    for (const double w : learner.weights(0)) ASSERT_TRUE(std::isfinite(w)) << "row " << s;
    if (s < 200 || learner.covariance().rows_since_rederivation() != 0) continue;
    ++compared;
    EXPECT_LT(relative_error(learner.weights(0), (a + .125 * Eigen::Matrix2d::Identity()).ldlt().solve(b)),
              1e-10);
  }
  EXPECT_GT(learner.factorization_failures(), 0);
  EXPECT_EQ(compared, 50) << "every fourth row again";
}

TEST(Ewrls, IsRederivedEarlyWhenPGrowsOutOfRange) {
  MultiHorizonPredictor learner(learner_config(.5, .125, 100000, 1), 2, 1, "");
  Dice dice(3);
  for (int s = 0; s < 800; ++s) {  // nothing but zeros: P = I/(ρλ^m) reaches 1e100 after 330 rows
    const bool quiet = s >= 20 && s < 700;
    const std::vector<double> x{quiet ? 0 : dice.normal(), quiet ? 0 : dice.normal()};
    ASSERT_TRUE(learner.observe(x));
    ASSERT_TRUE(learner.resolve(0, dice.normal()));
    for (const double w : learner.weights(0)) ASSERT_TRUE(std::isfinite(w)) << "row " << s;
  }
  EXPECT_EQ(learner.covariance().early_rederivations(), 2);
  EXPECT_EQ(learner.factorization_failures(), 0);
}

TEST(Ewrls, RowsThatCannotBeRederivedYetAreSkippedUntilLabelsArrive) {
  constexpr int kWaiting = 20;
  MultiHorizonPredictor learner(learner_config(1e-40, .125, 1000, 1), 2, kWaiting, "");
  Dice dice(3);
  for (int round = 0; round < 3; ++round) {
    for (int s = 0; s < kWaiting; ++s)
      ASSERT_TRUE(learner.observe(std::vector<double>{round < 2 ? 0 : dice.normal(), 0}));
    for (int s = 0; s < kWaiting; ++s) {
      ASSERT_TRUE(learner.resolve(0, 1));
      for (const double w : learner.weights(0)) ASSERT_TRUE(std::isfinite(w));
    }
  }
  const std::int64_t early = learner.covariance().early_rederivations();
  EXPECT_GE(early, 2);
  EXPECT_LE(early, 6) << "no more than there is room for P*";
}

struct RefusalCase {
  std::string name;
  double value;
  friend void PrintTo(const RefusalCase& row, std::ostream* out) { *out << row.name; }
};
class Refusal : public ::testing::TestWithParam<RefusalCase> {};

TEST_P(Refusal, LeavesTheStateAlone) {
  constexpr int kFeatures = 11;
  MultiHorizonPredictor learner(learner_config(.98, .1, 7, 2), kFeatures, 4, "TNA");
  Tape tape(TapeKind::benign, kFeatures, 8);
  for (int s = 0; s < 40; ++s) {
    ASSERT_TRUE(learner.observe(tape.next_row()));
    if (s > 0) {
      ASSERT_TRUE(learner.resolve(0, tape.next_label(0)));
      ASSERT_TRUE(learner.resolve(1, tape.next_label(1)));
    }
  }
  const auto before = bytes_of(learner);
  for (std::size_t i = 0; i < kFeatures; ++i) {
    std::vector<double> x = tape.row();
    x[i] = GetParam().value;
    const auto refused = learner.observe(x);
    ASSERT_FALSE(refused) << "feature " << i;
    EXPECT_EQ(refused.error().code, Errc::malformed);
  }
  const auto refused = learner.resolve(1, GetParam().value);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::malformed);
  EXPECT_EQ(bytes_of(learner), before);
}

INSTANTIATE_TEST_SUITE_P(Learner, Refusal,
                         ::testing::Values(RefusalCase{"NaN", kNaN}, RefusalCase{"PlusInfinity", kInfinity},
                                           RefusalCase{"MinusInfinity", -kInfinity},
                                           RefusalCase{"SquareOverflows", 1e200}),
                         [](const auto& instance) { return instance.param.name; });

TEST(MultiHorizonPredictor, ResolvingWithoutAWaitingRowIsAUsageError) {
  MultiHorizonPredictor learner(learner_config(.98, .1, 7, 2), 3, 4, "TNA");
  EXPECT_EQ(learner.resolve(0, 1.0).error().code, Errc::usage);
  ASSERT_TRUE(learner.observe(std::vector<double>{1, 2, 3}));
  ASSERT_TRUE(learner.resolve(0, 1.0));
  EXPECT_EQ(learner.resolve(0, 1.0).error().code, Errc::usage);
  EXPECT_TRUE(learner.resolve(1, 1.0)) << "the other horizon still waits";
}

TEST(MultiHorizonPredictorDeathTest, BrokenInvariantsStopTheProgram) {
  const std::vector<double> x{1, 2, 3};
  MultiHorizonPredictor learner(learner_config(.98, .1, 7, 2), 3, 2, "TNA");
  EXPECT_DEATH((void)learner.observe(std::vector<double>{1, 2}), "features");
  EXPECT_DEATH((void)learner.resolve(2, 0), "horizons");
  EXPECT_DEATH((void)learner.resolve(-1, 0), "horizons");
  ASSERT_TRUE(learner.observe(x));
  ASSERT_TRUE(learner.observe(x));
  ASSERT_TRUE(learner.resolve(0, 1));
  EXPECT_DEATH((void)learner.observe(x), "pending_max") << "horizon 1 holds two rows";
  ASSERT_TRUE(learner.resolve(1, 1));
  EXPECT_TRUE(learner.observe(x));
  EXPECT_DEATH(MultiHorizonPredictor(learner_config(1.5, .1, 7, 2), 3, 2, "TNA"), "lambda");
  EXPECT_DEATH(MultiHorizonPredictor(learner_config(.9, 0, 7, 2), 3, 2, "TNA"), "ridge");
}

TEST(MultiHorizonPredictor, UnusedHorizonsPredictZeroAndNothingIsPredictedBeforeLearning) {
  MultiHorizonPredictor learner(learner_config(.98, .1, 7, 2), 3, 2, "TNA");
  const std::vector<double> x{1, 2, 3};
  EXPECT_EQ(learner.predict(x), PerHorizon{});
  ASSERT_TRUE(learner.observe(x));
  ASSERT_TRUE(learner.resolve(0, 1));
  EXPECT_GT(learner.predict(x)[0], 0);
  EXPECT_EQ(learner.predict(x)[1], 0);
  EXPECT_EQ(learner.predict(x)[2], 0);
}

TEST(MultiHorizonPredictor, WeightDriftIsMeasuredFromTheSessionMark) {
  MultiHorizonPredictor learner(learner_config(1, 1, 1000000, 1), 1, 2, "TNA");
  const std::vector<double> x{1};
  ASSERT_TRUE(learner.observe(x));
  ASSERT_TRUE(learner.resolve(0, 1));
  EXPECT_DOUBLE_EQ(learner.weights(0)[0], 0.5);  // 1/(1 + ρ)
  EXPECT_DOUBLE_EQ(learner.weight_drift(0), 0.5);
  learner.mark_session();
  EXPECT_EQ(learner.weight_drift(0), 0);
  ASSERT_TRUE(learner.observe(x));
  ASSERT_TRUE(learner.resolve(0, 1));
  EXPECT_DOUBLE_EQ(learner.weight_drift(0), 2.0 / 3 - 0.5);
  EXPECT_DOUBLE_EQ(learner.effective_window(), 2);
  EXPECT_DOUBLE_EQ(learner.trace_p(), 1.0 / 3);
}

TEST(Ewrls, EffectiveWindowIsTheSumOfWeights) {
  Ewrls ewrls({.lambda = .98, .ridge = .1, .rederive_interval = 30, .features = 5, .pending_max = 1}, "SH");
  Tape tape(TapeKind::benign, 5, 1);
  for (int s = 1; s <= 100; ++s) {
    ASSERT_TRUE(ewrls.observe(tape.next_row()));
    ewrls.release_before(s);
    EXPECT_NEAR(ewrls.effective_window(), (1 - std::pow(.98, s)) / .02, 1e-11);
  }
}

}  // namespace
}  // namespace sentio::testing
