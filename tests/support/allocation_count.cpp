// A file of its own: where the compiler sees both sides it takes malloc in new and free in delete for a
// mismatch. Arrays come here by way of the library's own operators.

#include "allocation_count.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> allocations{0}, blocks{0};
std::atomic<std::size_t> bytes{0};

void* taken(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations;
  ++blocks;
  bytes += ::malloc_usable_size(memory);
  return memory;
}

void give_back(void* memory) {
  if (memory == nullptr) return;
  --blocks;
  bytes -= ::malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

namespace sentio::testing {

long allocation_count() {
  return allocations;
}

LiveMemory live_memory() {
  return {blocks, bytes};
}

}  // namespace sentio::testing

void* operator new(std::size_t size) {
  return taken(std::malloc(size == 0 ? 1 : size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return taken(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
