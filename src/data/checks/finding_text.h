#pragma once
/// Words that findings share.

#include <string>
#include <vector>

#include "sentio/data/bar_findings.h"

namespace sentio::data {

/// "2025-10-14 10:51", New York.
[[nodiscard]] std::string minute_text(TimePoint t);
/// `value` with so many decimals.
[[nodiscard]] std::string fixed(double value, int decimals);
/// The shortest digits that read back to the same double.
[[nodiscard]] std::string number_text(double value);
/// "1 row", "2 rows".
[[nodiscard]] std::string counted(std::int64_t count, const std::string& noun);

/// Gathers cases of one kind into one finding: how many, from when to when, and the first few in words.
class Tally {
 public:
  void add(TimePoint at, const std::string& example = {}) { add(at, at, example); }
  void add(TimePoint first, TimePoint last, const std::string& example);
  [[nodiscard]] std::int64_t count() const { return count_; }
  /// The examples, "A; B; C; …".
  [[nodiscard]] std::string examples() const;
  [[nodiscard]] Finding finding(FindingKind kind, Severity severity, const std::string& symbol,
                                std::string text) const;

 private:
  std::int64_t count_ = 0;
  TimePoint first_{}, last_{};
  std::vector<std::string> examples_;
};

}  // namespace sentio::data
