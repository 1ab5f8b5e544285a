#pragma once
/// A loop over independent items on a few threads.

#include <atomic>
#include <thread>
#include <vector>

namespace sentio {

/// Calls fn(i) for every i in [0, n), on at most `jobs` threads (this one included). fn must not throw.
template <class Fn>
void parallel_for(int jobs, int n, Fn&& fn) {
  std::atomic<int> next{0};
  const auto work = [&] {
    for (int i = next++; i < n; i = next++) fn(i);
  };
  std::vector<std::jthread> helpers;
  for (int k = 1; k < jobs && k < n; ++k) helpers.emplace_back(work);
  work();
}

}  // namespace sentio
