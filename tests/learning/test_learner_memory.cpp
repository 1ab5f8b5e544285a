// No allocation after construction.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "learning_support.h"

namespace {
std::atomic<long> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* p = alignment > alignof(std::max_align_t)
                ? std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment)
                : std::malloc(size == 0 ? 1 : size);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
}  // namespace

void* operator new(std::size_t size) {
  return counted(size, 0);
}
void* operator new[](std::size_t size) {
  return counted(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete[](void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}

namespace sentio::testing {
namespace {

TEST(LearnerMemory, NothingIsAllocatedAfterConstruction) {
  for (const int interval : {1, 10, 100}) {
    const long at_start = allocations;
    MultiHorizonPredictor learner(learner_config(.98, .1, interval, 3), 30, 8, "QQQ");
    ASSERT_GT(allocations, at_start) << "the counter works";
    Tape tape(TapeKind::benign, 30, 1);
    const long before = allocations;
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
    EXPECT_EQ(allocations, before);
    EXPECT_TRUE(std::isfinite(sum));
  }
}

}  // namespace
}  // namespace sentio::testing
