// Saved and loaded equals continued, bit for bit; foreign bytes are refused.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "learning_support.h"

namespace sentio::testing {
namespace {

constexpr std::array kDelay{1, 3, 8};

class Session {
 public:
  Session(int features, int interval, std::uint64_t seed)
      : learner(learner_config(.97, .2, interval, 3), features, 12, "TZA"),
        tape(TapeKind::zero_for_a_day, features, seed) {}
  void step() {
    const std::int64_t s = learner.rows_observed();
    (void)learner.predict(tape.next_row());
    EXPECT_TRUE(learner.observe(tape.row()));
    for (int h = 0; h < 3; ++h) {
      const double y = tape.next_label(h);
      if (s >= kDelay[static_cast<std::size_t>(h)]) {
        EXPECT_TRUE(learner.resolve(h, y));
      }
    }
    if (s % 50 == 17) learner.mark_session();
  }
  [[nodiscard]] std::vector<std::uint8_t> bytes() const {
    ByteWriter out;
    learner.save(out);
    return out.take();
  }
  MultiHorizonPredictor learner;
  Tape tape;
};

void expect_resumes(int features, int interval, int rows_before, std::uint64_t seed) {
  Session run(features, interval, seed);
  for (int s = 0; s < rows_before; ++s) run.step();
  const auto saved = run.bytes();
  Session resumed(features, interval, seed);
  resumed.tape = run.tape;
  ByteReader in(saved);
  ASSERT_TRUE(resumed.learner.load(in));
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(resumed.bytes(), saved);
  for (int s = 0; s < 2 * interval + 30; ++s) {
    run.step();
    resumed.step();
    for (int h = 0; h < 3; ++h) {
      ASSERT_TRUE(std::ranges::equal(run.learner.weights(h), resumed.learner.weights(h))) << "row " << s;
      ASSERT_EQ(run.learner.weight_drift(h), resumed.learner.weight_drift(h));
    }
  }
  EXPECT_EQ(run.bytes(), resumed.bytes());
}

RC_GTEST_PROP(LearnerState, ResumedEqualsContinued, ()) {
  expect_resumes(*rc::gen::inRange(1, 20), *rc::gen::element(1, 4, 9, 40), *rc::gen::inRange(0, 150),
                 *rc::gen::arbitrary<std::uint64_t>());
  RC_ASSERT(!::testing::Test::HasFailure());
}

TEST(LearnerState, ResumesAroundARederivation) {
  const int first = static_cast<int>(fnv1a("TZA") % 40);
  for (int rows = first + 38; rows <= first + 44; ++rows) expect_resumes(13, 40, rows, 5);
}

TEST(LearnerState, FullSizeResumes) {
  expect_resumes(126, 100, 250, 5);
}

TEST(LearnerState, EveryTruncationIsRefusedAndLeavesTheStateAlone) {
  Session run(4, 5, 1);
  for (int s = 0; s < 23; ++s) run.step();
  const auto saved = run.bytes();
  Session other(4, 5, 2);
  for (int s = 0; s < 11; ++s) other.step();
  const auto before = other.bytes();
  for (std::size_t size = 0; size < saved.size(); size += 3) {
    ByteReader in(std::span<const std::uint8_t>(saved).first(size));
    ASSERT_FALSE(other.learner.load(in)) << size;
    ASSERT_EQ(other.bytes(), before) << size;
  }
}

TEST(LearnerState, AnotherConfigurationIsRefused) {
  Session run(4, 5, 1);
  for (int s = 0; s < 23; ++s) run.step();
  const auto saved = run.bytes();
  struct Case {
    LearnerConfig config;
    int features;
    int pending_max;
  };
  for (Case tc : {Case{learner_config(.96, .2, 5, 3), 4, 12}, Case{learner_config(.97, .3, 5, 3), 4, 12},
                  Case{learner_config(.97, .2, 6, 3), 4, 12}, Case{learner_config(.97, .2, 5, 2), 4, 12},
                  Case{learner_config(.97, .2, 5, 3), 5, 12}, Case{learner_config(.97, .2, 5, 3), 4, 13}}) {
    MultiHorizonPredictor learner(tc.config, tc.features, tc.pending_max, "TZA");
    ByteReader in(saved);
    EXPECT_FALSE(learner.load(in));
    EXPECT_EQ(learner.rows_observed(), 0);
  }
}

/// Any byte changed: either refused, or a state that still runs (memory checkers watch).
TEST(LearnerState, FlippedBytesNeverBreakTheProgram) {
  Session run(3, 4, 1);
  for (int s = 0; s < 23; ++s) run.step();
  const auto saved = run.bytes();
  Dice dice(9);
  int refused = 0;
  for (int k = 0; k < 4000; ++k) {
    auto bytes = saved;
    // Every byte of the counters once, then anywhere.
    const std::size_t at = k < 400 ? static_cast<std::size_t>(k) : dice.next() % bytes.size();
    bytes[at] ^= static_cast<std::uint8_t>(1 + dice.below(255));
    MultiHorizonPredictor learner(learner_config(.97, .2, 4, 3), 3, 12, "TZA");
    ByteReader in(bytes);
    if (!learner.load(in)) {
      ++refused;
      continue;
    }
    const std::vector<double> x{1, -1, 0.5};
    for (int h = 0; h < 3; ++h)
      while (learner.rows_resolved(h) < learner.rows_observed()) (void)learner.resolve(h, 0.5);
    for (int s = 0; s < 10; ++s) {
      (void)learner.observe(x);
      for (int h = 0; h < 3; ++h) (void)learner.resolve(h, 0.5);
    }
  }
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace sentio::testing
