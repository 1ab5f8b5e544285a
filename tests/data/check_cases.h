#pragma once
/// Bars and table rows for the tests of the checks.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "sentio/data/bar_checks.h"
#include "synthetic_bars.h"

namespace sentio::testing {

inline Date day(std::string_view text) {
  return parse_date(text).value();
}

inline TimePoint at(std::string_view new_york_minute) {  // "2025-09-26 10:30"
  const std::string text(new_york_minute);
  const int hour = std::stoi(text.substr(11, 2)), minute = std::stoi(text.substr(14, 2));
  return from_new_york(day(text.substr(0, 10)), std::chrono::minutes{hour * 60 + minute});
}

/// Sessions of a calm walk around 50 USD with 50,000 shares a minute.
inline std::vector<Bar> calm(std::string_view first, std::string_view last, std::uint64_t seed = 1,
                             const WalkOptions& options = {}) {
  return walk_bars("TQQQ", NyseCalendar::sessions(day(first), day(last)), seed, options).bars;
}

inline Bar& bar_at(std::vector<Bar>& bars, std::string_view minute) {
  const auto found = std::ranges::find(bars, at(minute), &Bar::start);
  if (found == bars.end()) throw std::out_of_range(std::string(minute));
  return *found;
}

inline void scale(Bar& bar, double prices, double volume = 1) {
  for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price *= prices;
  bar.volume *= volume;
}

/// "warned bad_print x2": kind, severity and count of each.
inline std::vector<std::string> summary(const Findings& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    lines.push_back(std::string(to_string(finding.severity)) + " " + std::string(to_string(finding.kind)) +
                    " x" + std::to_string(finding.count));
  }
  return lines;
}

/// A check must find exactly `expected` in the bars that `make` returns.
struct CheckCase {
  std::string name;
  std::function<std::vector<Bar>()> make;
  std::vector<std::string> expected;
  friend void PrintTo(const CheckCase& row, std::ostream* out) { *out << row.name; }
};

inline std::string name_of(const ::testing::TestParamInfo<CheckCase>& info) {
  return info.param.name;
}

}  // namespace sentio::testing
