/// What the learners keep between two days, damaged: refused, or loaded as it is and fit for use.

#include <gtest/gtest.h>

#include <cmath>

#include "damaged_state.h"
#include "sentio/core/calendar.h"
#include "sentio/strategy/calibration.h"
#include "sentio/strategy/confidence.h"
#include "sentio/strategy/label_book.h"
#include "sentio/strategy/learner_health.h"

namespace sentio {
namespace {

using testing::Bytes;
using testing::expect_refused_or_kept;
using testing::kInfinity;
using testing::kNotANumber;
using testing::saved;
using testing::with;

constexpr int kSpan = 8 + 8 * kMaxHorizons;  // bytes: a length and one double per horizon

/// One place of a state and what it is made.
struct Damage {
  std::string name;
  std::size_t at;
  std::variant<double, int, std::int64_t, std::uint8_t> value;
};

template <class T>
void expect_refused(const T& whole, const std::vector<Damage>& rows) {
  const Bytes bytes = saved(whole);
  for (const Damage& row : rows) {
    SCOPED_TRACE(row.name);
    T state = whole;
    const Bytes damaged = std::visit([&](auto value) { return with(bytes, row.at, value); }, row.value);
    ASSERT_NE(damaged, bytes) << "no damage";
    ByteReader in(damaged);
    const auto loaded = state.load(in);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Errc::malformed);
    EXPECT_EQ(saved(state), bytes);
  }
}

// ---- labels -------------------------------------------------------------------------------------

LabelBook book_with_pending_rows(int rows) {
  LearnerConfig config;
  config.horizons = {1, 5};
  LabelBook book(config);
  book.begin_session(388);
  for (int i = 0; i < rows; ++i) {
    (void)book.on_real_bar(i, 100 + std::sin(i), 100);
    book.add(i, i % 3 != 0, {0.1 * i, 0.2});
  }
  return book;
}

TEST(LearnedState, LabelsRefuseWhatCannotBe) {
  const std::size_t row = 20, next = row + 13 + 2 * kSpan, sums = next + 8 * kMaxHorizons, counts = sums + 3 * kSpan;
  expect_refused(book_with_pending_rows(1), {{"end of the day before it begins", 0, -1},
                                             {"end of the day beyond its close", 0, 391},
                                             {"last close no number", 4, kNotANumber},
                                             {"last close negative", 4, -1.0},
                                             {"no last close with rows", 4, 0.0},
                                             {"more rows than minutes", 12, std::int64_t{391}},
                                             {"row before the open", row, -1},
                                             {"row without a label", row, 387},
                                             {"learnable neither yes nor no", row + 4, std::uint8_t{2}},
                                             {"entry no number", row + 5, kNotANumber},
                                             {"entry infinite", row + 5, kInfinity},
                                             {"sigma of a row zero", row + 21, 0.0},
                                             {"prediction no number", row + 13 + kSpan + 8, kNotANumber},
                                             {"resolved beyond its rows", next, std::int64_t{2}},
                                             {"square sum negative", sums + 8, -1e-9},
                                             {"weight infinite", sums + kSpan + 8, kInfinity},
                                             {"sigma no number", sums + 2 * kSpan + 8, kNotANumber},
                                             {"sigma below its floor", sums + 2 * kSpan + 8, 1e-7},
                                             {"labels negative", counts + 8, std::int64_t{-1}},
                                             {"labels overflowing", counts + 8, std::int64_t{1} << 62},
                                             {"rows without an entry bar negative", counts + kSpan, std::int64_t{-1}}});
}

TEST(LearnedState, LabelRowsOutOfOrderAreRefused) {
  const std::size_t row = 20, row_bytes = 13 + 2 * kSpan;
  expect_refused(book_with_pending_rows(3), {{"minute repeated", row + row_bytes, 0},
                                             {"an older row without its entry", row + 5, 0.0}});
}

TEST(LearnedState, DamagedLabelsResolveToNumbers) {
  const LabelBook whole = book_with_pending_rows(7);
  LearnerConfig config;
  config.horizons = {1, 5};
  const int refused = expect_refused_or_kept(LabelBook(config), saved(whole), [](LabelBook& book) {
    for (const ResolvedLabel& label : book.end_session()) {
      EXPECT_TRUE(std::isfinite(label.r) && std::isfinite(label.y) && std::isfinite(label.prediction));
    }
    for (const double sigma : book.sigma()) EXPECT_TRUE(std::isfinite(sigma));
  });
  EXPECT_GT(refused, 1000);
}

// ---- calibration --------------------------------------------------------------------------------

Calibration calibrated() {
  Calibration calibration;
  CalibrationSums sums;
  sums.prediction_label = {0.5, -1, 3};
  sums.prediction_square = {2, 1, 4};
  for (int day = 0; day < 6; ++day) calibration.end_session(sums);
  return calibration;
}

TEST(LearnedState, CalibrationRefusesWhatCannotBe) {
  expect_refused(calibrated(), {{"label sum no number", 8, kNotANumber},
                                {"label sum infinite", 8, -kInfinity},
                                {"square sum negative", kSpan + 8, -1.0},
                                {"slope above one", 2 * kSpan + 8, 1.5},
                                {"slope negative", 2 * kSpan + 8, -0.5},
                                {"slope no number", 2 * kSpan + 8, kNotANumber},
                                {"sessions negative", 3 * kSpan, -1},
                                {"sessions overflowing", 3 * kSpan, std::numeric_limits<int>::max()}});
}

TEST(LearnedState, DamagedCalibrationGivesSlopes) {
  const int refused = expect_refused_or_kept(Calibration{}, saved(calibrated()), [](Calibration& calibration) {
    calibration.end_session({});
    for (int h = 0; h < kMaxHorizons; ++h) {
      EXPECT_TRUE(calibration.slope(h) >= 0 && calibration.slope(h) <= 1) << calibration.slope(h);
    }
  });
  EXPECT_GT(refused, 100);
}

// ---- confidence ---------------------------------------------------------------------------------

ConfidenceTracker tracked(int labels) {
  ConfidenceTracker tracker;
  for (int i = 0; i < labels; ++i) tracker.add(std::sin(i), std::cos(i));
  return tracker;
}

TEST(LearnedState, ConfidenceRefusesWhatCannotBe) {
  constexpr std::size_t kRing = 8 + 8 * ConfidenceTracker::kWindow, kCount = 2 * kRing;
  expect_refused(tracked(30), {{"prediction no number", 8, kNotANumber},
                               {"prediction too large", 8, 1e200},
                               {"label infinite", kRing + 8, kInfinity},
                               {"count negative", kCount, -1},
                               {"count beyond the window", kCount, 101},
                               {"place negative", kCount + 4, -1},
                               {"place beyond the window", kCount + 4, 100},
                               {"place that is not the count's", kCount + 4, 31}});
}

TEST(LearnedState, DamagedConfidenceIsAFraction) {
  for (const int labels : {0, 30, 130}) {
    const int refused =
        expect_refused_or_kept(ConfidenceTracker{}, saved(tracked(labels)), [](ConfidenceTracker& tracker) {
          tracker.add(0.5, 0.5);
          EXPECT_TRUE(tracker.value() >= 0 && tracker.value() <= 1) << tracker.value();
        });
    EXPECT_GT(refused, 1000) << labels;
  }
}

// ---- statistics of the session ------------------------------------------------------------------

/// HorizonStatistics says through the reader whether it was loaded.
struct Statistics {
  HorizonStatistics statistics;
  void save(ByteWriter& out) const { statistics.save(out); }
  Result<> load(ByteReader& in) {
    HorizonStatistics loaded;
    loaded.load(in);
    if (in.ok()) statistics = loaded;
    return in.result("statistics");
  }
};

Statistics of_labels(int labels) {
  Statistics made;
  for (int i = 0; i < labels; ++i) made.statistics.add(std::sin(i), std::cos(i));
  return made;
}

TEST(LearnedState, StatisticsRefuseWhatCannotBe) {
  expect_refused(of_labels(40), {{"labels negative", 0, std::int64_t{-1}},
                                 {"labels overflowing", 0, std::int64_t{1} << 62},
                                 {"more hits than labels", 8, 41.0},
                                 {"hits no number", 8, kNotANumber},
                                 {"prediction sum infinite", 16, kInfinity},
                                 {"label sum no number", 24, kNotANumber},
                                 {"prediction squares negative", 32, -1.0},
                                 {"label squares negative", 40, -1.0},
                                 {"products no number", 48, kNotANumber},
                                 {"errors negative", 56, -1.0}});
}

TEST(LearnedState, DamagedStatisticsCountOn) {
  const int refused = expect_refused_or_kept(Statistics{}, saved(of_labels(40)), [](Statistics& loaded) {
    loaded.statistics.add(0.5, 0.5);
    HorizonHealth health;
    loaded.statistics.describe(health);
    EXPECT_GT(health.labels, 0);
    EXPECT_TRUE(health.directional_accuracy >= 0 && health.directional_accuracy <= 1);
  });
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace sentio
