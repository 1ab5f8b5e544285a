#pragma once
/// Allocations of this test program so far.

namespace sentio::testing {
long allocation_count();
}  // namespace sentio::testing
