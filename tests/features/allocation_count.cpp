// A file of its own: where the compiler sees both sides it takes malloc in new and free in delete for a
// mismatch.

#include "allocation_count.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<long> allocations{0};
}

namespace sentio::testing {
long allocation_count() {
  return allocations;
}
}  // namespace sentio::testing

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
