// No allocation after construction.

#include <gtest/gtest.h>

#include "allocation_count.h"
#include "learning_support.h"

namespace sentio::testing {
namespace {

TEST(LearnerMemory, NothingIsAllocatedAfterConstruction) {
  for (const int interval : {1, 10, 100}) {
    const long at_start = allocation_count();
    MultiHorizonPredictor learner(learner_config(.98, .1, interval, 3), 30, 8, "QQQ");
    ASSERT_GT(allocation_count(), at_start) << "the counter works";
    Tape tape(TapeKind::benign, 30, 1);
    const long before = allocation_count();
    double sum = 0;
    for (int s = 0; s < 1000; ++s) {
      sum += learner.predict(tape.next_row())[0];
      ASSERT_TRUE(learner.observe(tape.row()));
      for (int h = 0; h < std::min(s, 3); ++h) {
        ASSERT_TRUE(learner.resolve(h, tape.next_label(h)));
      }
      if (s % 100 == 0) sum += learner.trace_p() + learner.condition_estimate() + learner.weight_drift(0);
      if (s % 390 == 0) learner.mark_session();
    }
    EXPECT_EQ(allocation_count(), before);
    EXPECT_TRUE(std::isfinite(sum));
  }
}

}  // namespace
}  // namespace sentio::testing
