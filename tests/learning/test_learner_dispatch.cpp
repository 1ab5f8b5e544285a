// Every instruction set: the same numbers to rounding, the same bytes every time.

#include <gtest/gtest.h>

#include <array>

#include "learning_support.h"
#include "sentio/learning/dispatch.h"

namespace sentio::testing {
namespace {

class Dispatch : public ::testing::Test {
 protected:
  ~Dispatch() override { (void)set_dispatch(best_dispatch()); }
  static std::vector<DispatchLevel> levels() {
    std::vector<DispatchLevel> all;
    for (const auto level : {DispatchLevel::baseline, DispatchLevel::avx2, DispatchLevel::avx512})
      if (level <= best_dispatch()) all.push_back(level);
    return all;
  }
  struct Outcome {
    std::vector<double> predictions;
    std::vector<std::uint8_t> bytes;
  };
  static Outcome run(DispatchLevel level, int features, TapeKind kind) {
    EXPECT_TRUE(set_dispatch(level));
    MultiHorizonPredictor learner(learner_config(.98, .1, 100, 3), features, 16, "UPRO");
    Tape tape(kind, features, 21);
    Outcome outcome;
    for (int s = 0; s < 450; ++s) {
      const PerHorizon prediction = learner.predict(tape.next_row());
      outcome.predictions.insert(outcome.predictions.end(), prediction.begin(), prediction.begin() + 3);
      EXPECT_TRUE(learner.observe(tape.row()));
      for (int h = 0; h < 3; ++h) {
        const double y = tape.next_label(h);
        if (s >= 4 * h) {
          EXPECT_TRUE(learner.resolve(h, y));
        }
      }
    }
    ByteWriter out;
    learner.save(out);
    outcome.bytes = out.take();
    return outcome;
  }
};

TEST_F(Dispatch, LevelsAgreeToRounding) {
  for (const int features : {1, 7, 8, 9, 17, 64, 126})
    for (const TapeKind kind : {TapeKind::benign, TapeKind::duplicated_columns}) {
      const Outcome want = run(DispatchLevel::baseline, features, kind);
      double size = 0;
      for (const double p : want.predictions) size = std::max(size, std::abs(p));
      for (const DispatchLevel level : levels()) {
        const Outcome got = run(level, features, kind);
        ASSERT_EQ(got.predictions.size(), want.predictions.size());
        double worst = 0;
        for (std::size_t i = 0; i < want.predictions.size(); ++i)
          worst = std::max(worst, std::abs(got.predictions[i] - want.predictions[i]));
        EXPECT_LT(worst, 1e-10 * size) << to_string(level) << " n = " << features;
      }
    }
}

TEST_F(Dispatch, EachLevelIsReproducibleToTheByte) {
  for (const DispatchLevel level : levels()) {
    const Outcome once = run(level, 126, TapeKind::benign);
    const Outcome twice = run(level, 126, TapeKind::benign);
    EXPECT_EQ(once.bytes, twice.bytes) << to_string(level);
    EXPECT_EQ(once.predictions, twice.predictions) << to_string(level);
  }
}

TEST_F(Dispatch, NamesAreParsedAndUnknownOnesRefused) {
  EXPECT_EQ(parse_dispatch("baseline").value(), DispatchLevel::baseline);
  for (const DispatchLevel level : levels()) EXPECT_EQ(parse_dispatch(to_string(level)).value(), level);
  EXPECT_EQ(parse_dispatch("AVX2").error().code, Errc::usage);
  EXPECT_EQ(parse_dispatch("").error().code, Errc::usage);
  if (best_dispatch() < DispatchLevel::avx512) {
    EXPECT_FALSE(parse_dispatch("avx512"));
    EXPECT_FALSE(set_dispatch(DispatchLevel::avx512));
  }
}

TEST_F(Dispatch, SettingALevelIsSeen) {
  for (const DispatchLevel level : levels()) {
    ASSERT_TRUE(set_dispatch(level));
    EXPECT_EQ(current_dispatch(), level);
  }
}

}  // namespace
}  // namespace sentio::testing
