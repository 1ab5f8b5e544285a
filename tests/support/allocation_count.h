#pragma once
/// Counts what the test program takes by `operator new`. Of a program that links allocation_count.cpp.

#include <cstddef>

namespace sentio::testing {

/// Allocations so far.
long allocation_count();

/// Taken and not given back.
struct LiveMemory {
  long blocks = 0;
  std::size_t bytes = 0;  ///< as the allocator rounds them
};
LiveMemory live_memory();

}  // namespace sentio::testing
