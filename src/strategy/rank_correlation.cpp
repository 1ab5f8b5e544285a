#include <algorithm>
#include <cmath>

#include "sentio/strategy/learner_health.h"

namespace sentio {

namespace {

/// Twice the mean rank of each value: an integer, ties included, so that its sums are exact.
void double_ranks(std::span<const double> values, std::span<std::int32_t> ranks) {
  std::array<std::int16_t, kFullSessionMinutes> order_store;
  const auto order = std::span(order_store).first(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int16_t>(i);
  const auto value = [&values](std::int16_t i) { return values[static_cast<std::size_t>(i)]; };
  std::sort(order.begin(), order.end(), [&](std::int16_t a, std::int16_t b) { return value(a) < value(b); });
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && value(order[last]) == value(order[first])) ++last;
    for (std::size_t i = first; i < last; ++i)
      ranks[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(first + last + 1);
  }
}

}  // namespace

std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b) {
  const std::size_t n = a.size();
  if (n != b.size() || n < 2 || n > kFullSessionMinutes) return std::nullopt;
  const auto number = [](double v) { return std::isfinite(v); };
  if (!std::all_of(a.begin(), a.end(), number) || !std::all_of(b.begin(), b.end(), number)) return std::nullopt;
  std::array<std::int32_t, kFullSessionMinutes> ranks_a, ranks_b;
  double_ranks(a, ranks_a);
  double_ranks(b, ranks_b);
  const auto mean = static_cast<std::int64_t>(n + 1);  // of double ranks
  std::int64_t aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t x = ranks_a[i] - mean, y = ranks_b[i] - mean;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  if (aa == 0 || bb == 0) return std::nullopt;
  return static_cast<double>(ab) / std::sqrt(static_cast<double>(aa) * static_cast<double>(bb));
}

}  // namespace sentio
