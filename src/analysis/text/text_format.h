#pragma once
/// Numbers as the reports write them (private to the module).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio::analysis_detail {

using Maybe = std::optional<double>;

[[nodiscard]] std::string fixed(Maybe value, int decimals);              ///< "0.42"
[[nodiscard]] std::string signed_fixed(Maybe value, int decimals);       ///< "+0.8"
[[nodiscard]] std::string percent(Maybe fraction, int decimals);         ///< "52.3%"
[[nodiscard]] std::string signed_percent(Maybe fraction, int decimals);  ///< "+0.73%"
[[nodiscard]] std::string percent_short(double fraction);                ///< "0.5%", "50%": no trailing zeros
/// Appends a unit to a number; "n/a" stays bare.
[[nodiscard]] std::string with_unit(std::string number, std::string_view unit);
[[nodiscard]] std::string usd(Maybe amount);                                                  ///< "1,234.50"
[[nodiscard]] std::string signed_usd(Maybe amount);                                           ///< "-1,234.50"
[[nodiscard]] std::string count(long long n);                                                 ///< "12,345"
[[nodiscard]] std::string counted(long long n, std::string_view one, std::string_view many);  ///< "1 day"

/// "  Label:              value           note", with the design's columns; no trailing blanks.
[[nodiscard]] std::string metric(std::string_view label, std::string_view value, std::string_view note = "");
[[nodiscard]] std::string padded(std::string text, std::size_t width);  ///< left-aligned ASCII
[[nodiscard]] std::string right_aligned(const std::string& text, std::size_t width);
[[nodiscard]] std::string mark(bool good, std::string_view when_good, std::string_view when_bad);

/// A table: first column left-aligned, the others right-aligned, two blanks between, indented by two.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace sentio::analysis_detail
