#include "feed/feed_volume.h"

#include <algorithm>
#include <cstdio>

namespace sentio {

namespace {

constexpr int kMinutes = 30;
/// A quiet or a wild morning moves volumes by factors of three; another tape by fifty.
constexpr double kFarBelow = .1, kFarAbove = 10;
/// Fewer minutes say little: a start in the middle of the half hour.
constexpr int kMinutesNeeded = 10;

double volume_between(const std::vector<Bar>& bars, TimePoint from, TimePoint to) {
  double sum = 0;
  for (auto bar = std::ranges::lower_bound(bars, from, {}, &Bar::start); bar != bars.end() && bar->start < to; ++bar) {
    sum += bar->volume;
  }
  return sum;
}

}  // namespace

std::vector<double> first_volumes(const std::vector<SymbolBars>& bars, const std::vector<SessionHours>& sessions) {
  std::vector<double> expected;
  for (const SymbolBars& symbol : bars) {
    double sum = 0;
    int minutes = 0;
    for (const SessionHours& hours : sessions) {
      const double volume = volume_between(symbol.bars, hours.open, hours.minute_start(kMinutes));
      if (volume <= 0) continue;  // a session that it lacks
      sum += volume;
      minutes += kMinutes;
    }
    expected.push_back(minutes > 0 ? sum / minutes : 0);
  }
  return expected;
}

std::optional<std::string> FeedVolume::hear(const BarsArrived& set) {
  if (judged_ || expected_.empty()) return std::nullopt;
  if (set.minute < kMinutes) {
    ++minutes_;
    for (std::size_t i = 0; i < seen_.size(); ++i) seen_[i] += set.bars[i] ? set.bars[i]->volume : 0;
    if (set.minute + 1 < kMinutes) return std::nullopt;
  }
  judged_ = true;
  const auto ratio = median_ratio();
  if (!ratio || (*ratio >= kFarBelow && *ratio <= kFarAbove)) return std::nullopt;
  char text[240];
  std::snprintf(text, sizeof text,
                "in the first half hour the feed's volumes were %.3g times those of the warm-up's bars: it is another tape "
                "than the learners know; warm up from it (--warmup-from feed) or trade on the one they learned from",
                *ratio);
  return text;
}

std::optional<double> FeedVolume::median_ratio() const {
  if (minutes_ < kMinutesNeeded) return std::nullopt;
  std::vector<double> ratios;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    if (expected_[i] > 0) ratios.push_back(seen_[i] / (expected_[i] * minutes_));
  }
  if (ratios.empty()) return std::nullopt;
  const auto middle = ratios.begin() + std::ssize(ratios) / 2;
  std::ranges::nth_element(ratios, middle);
  return *middle;
}

}  // namespace sentio
