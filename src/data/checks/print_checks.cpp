/// Bad prints: prices far from the minutes before and after.

#include <algorithm>
#include <cmath>

#include "checks/finding_text.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;

constexpr double kCent = 0.01;
constexpr double kRangeFloor = 2e-4;    // of the price: a quiet minute of a large fund
constexpr std::ptrdiff_t kWindow = 30;  // bars to either side that tell what a range usually is

double true_range(std::span<const Bar> bars, std::ptrdiff_t i) {
  const Bar& bar = bars[static_cast<std::size_t>(i)];
  if (i == 0) return bar.high - bar.low;
  const double before = bars[static_cast<std::size_t>(i - 1)].close;
  return std::max(bar.high, before) - std::min(bar.low, before);
}

/// The median true range around bar i; itself and its neighbours, which the print may have touched, left out.
double typical_range(std::span<const Bar> bars, std::ptrdiff_t i) {
  std::vector<double> ranges;
  ranges.reserve(2 * kWindow);
  const auto end = std::min(std::ssize(bars), i + kWindow + 1);
  for (auto j = std::max<std::ptrdiff_t>(0, i - kWindow); j < end; ++j) {
    if (std::abs(j - i) > 1) ranges.push_back(true_range(bars, j));
  }
  if (ranges.empty()) return 0;
  const auto middle = ranges.begin() + std::ssize(ranges) / 2;
  std::ranges::nth_element(ranges, middle);
  return *middle;
}

/// A print beyond its neighbours.
struct Excursion {
  double size = 0;   ///< USD beyond the nearer neighbour
  double level = 0;  ///< that neighbour's high or low
  double price = 0;  ///< the print
  bool up = false;
};

/// One session's bars. Of the two bars after a print the nearer one counts, and before it the last sound one,
/// so that a bad pair is no cover for itself.
class PrintScan {
 public:
  PrintScan(std::span<const Bar> bars, const PrintOptions& options) : bars_(bars), options_(options) {}

  template <class Report>
  void run(const Report& report) {
    for (std::ptrdiff_t i = 0; i < std::ssize(bars_); ++i) {
      const bool edge = i == 0 || i + 1 == std::ssize(bars_);
      const double k = edge ? options_.edge_ranges : options_.ranges;
      const Excursion excursion = excursion_of(i);
      const double floor = std::max(kCent, kRangeFloor * excursion.level);
      if (excursion.size > k * floor) {
        const double typical = std::max(floor, typical_range(bars_, i));
        if (excursion.size > k * typical) {
          report(bar(i), excursion, excursion.size / typical);
          continue;
        }
      }
      last_sound_ = i;
    }
  }

 private:
  [[nodiscard]] const Bar& bar(std::ptrdiff_t i) const { return bars_[static_cast<std::size_t>(i)]; }

  [[nodiscard]] Excursion excursion_of(std::ptrdiff_t i) const {
    const double high = neighbour(
        i, [](const Bar& b) { return b.high; }, [](double a, double b) { return a > b; });
    const double low = neighbour(
        i, [](const Bar& b) { return b.low; }, [](double a, double b) { return a < b; });
    const double up = bar(i).high - high, down = low - bar(i).low;
    return up >= down ? Excursion{.size = up, .level = high, .price = bar(i).high, .up = true}
                      : Excursion{.size = down, .level = low, .price = bar(i).low};
  }

  /// The farthest that the bars around i reach; the bar's own value where there are too few to say.
  template <class Value, class Beyond>
  [[nodiscard]] double neighbour(std::ptrdiff_t i, const Value& value, const Beyond& beyond) const {
    const auto farther = [&](double a, double b) { return beyond(a, b) ? a : b; };
    const auto n = std::ssize(bars_);
    if (n < 3) return value(bar(i));
    if (i == 0) return farther(value(bar(1)), value(bar(2)));
    const double before = value(bar(last_sound_ >= 0 ? last_sound_ : i - 1));
    if (i + 1 == n) return farther(before, value(bar(n - 3)));
    double after = value(bar(i + 1));
    if (i + 2 < n && !beyond(value(bar(i + 2)), after)) after = value(bar(i + 2));
    return farther(before, after);
  }

  std::span<const Bar> bars_;
  const PrintOptions& options_;
  std::ptrdiff_t last_sound_ = -1;
};

/// "open, high": which of the bar's prices lie beyond the neighbour, most of the way to the print.
std::string fields_of(const Bar& bar, const Excursion& excursion) {
  const double half = (excursion.level + excursion.price) / 2;
  const auto beyond = [&](double value) { return excursion.up ? value > half : value < half; };
  std::string text;
  for (const auto& [name, value] : {std::pair{"open", bar.open}, std::pair{"high", bar.high},
                                    std::pair{"low", bar.low}, std::pair{"close", bar.close}}) {
    if (beyond(value)) text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

}  // namespace

Findings check_prints(const SymbolHistory& history, const PrintOptions& options) {
  Tally warned, refused;
  for (const BarDay& day : history.days) {
    PrintScan(history.session_bars(day), options)
        .run([&](const Bar& bar, const Excursion& excursion, double ranges) {
          const double share = excursion.size / excursion.level;
          Tally& tally = share >= options.refused ? refused : warned;
          tally.add(bar.start, minute_text(bar.start) + " " + fields_of(bar, excursion) + " " +
                                   number_text(excursion.price) + ", " + fixed(100 * share, 1) + " % and " +
                                   fixed(ranges, 0) + " usual minutes beyond its neighbours");
        });
  }
  Findings found;
  for (const auto& [tally, severity] :
       {std::pair{&refused, Severity::refused}, std::pair{&warned, Severity::warned}}) {
    if (tally->count() == 0) continue;
    found.push_back(tally->finding(
        FindingKind::bad_print, severity, history.symbol,
        counted(tally->count(), "bar") + " with a price that is gone a minute later: " + tally->examples()));
  }
  return found;
}

}  // namespace sentio
