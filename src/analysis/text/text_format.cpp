#include "text/text_format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "sentio/core/check.h"

namespace sentio::analysis_detail {

namespace {

constexpr std::size_t kValueColumn = 22, kNoteColumn = 38;
constexpr double kFixedMax = 1e9;  // beyond, digits are noise and columns break

std::string printed(const char* format, int decimals, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, decimals, value);
  return text.data();
}

// A tiny loss rounded away is not "-0.00".
std::string without_negative_zero(std::string text) {
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string with_thousands(std::string digits) {
  auto at = digits.find('.');
  if (at == std::string::npos) at = digits.size();
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  while (at > first + 3) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string with_sign(std::string text) {
  const bool number = text.find_first_of("0123456789") != std::string::npos;
  if (number && !text.starts_with('-')) text.insert(text.begin(), '+');
  return text;
}

}  // namespace

std::string fixed(Maybe value, int decimals) {
  if (!value || !std::isfinite(*value)) return "n/a";
  if (std::abs(*value) >= kFixedMax) return printed("%.*e", 1, *value);
  return without_negative_zero(printed("%.*f", decimals, *value));
}

std::string signed_fixed(Maybe value, int decimals) {
  return with_sign(fixed(value, decimals));
}

std::string percent(Maybe fraction, int decimals) {
  const std::string digits = fixed(fraction ? Maybe(*fraction * 100) : std::nullopt, decimals);
  return digits == "n/a" ? digits : digits + "%";
}

std::string signed_percent(Maybe fraction, int decimals) {
  return with_sign(percent(fraction, decimals));
}

std::string percent_short(double fraction) {
  return printed("%.*g", 4, fraction * 100) + "%";
}

std::string with_unit(std::string number, std::string_view unit) {
  return number == "n/a" ? number : number.append(unit);
}

std::string usd(Maybe amount) {
  const std::string digits = fixed(amount, 2);
  return digits.find('e') == std::string::npos && digits != "n/a" ? with_thousands(digits) : digits;
}

std::string signed_usd(Maybe amount) {
  return with_sign(usd(amount));
}

std::string count(long long n) {
  return with_thousands(std::to_string(n));
}

std::string counted(long long n, std::string_view one, std::string_view many) {
  std::string text = count(n);
  return (text += ' ').append(n == 1 ? one : many);
}

std::string metric(std::string_view label, std::string_view value, std::string_view note) {
  std::string line = "  ";
  line.append(label) += ':';
  line = padded(std::move(line), kValueColumn - 1);
  (line += ' ').append(value);
  if (note.empty()) return line += '\n';
  // Two blanks where the value reaches into the notes' column.
  const bool wide = line.size() >= kNoteColumn;
  (line = padded(std::move(line), kNoteColumn)).append(wide ? "  " : "").append(note);
  return line += '\n';
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string right_aligned(const std::string& text, std::size_t width) {
  std::string out(text.size() < width ? width - text.size() : 0, ' ');
  return out += text;
}

std::string mark(bool good, std::string_view when_good, std::string_view when_bad) {
  std::string text = good ? "✅ " : "❌ ";
  return text.append(good ? when_good : when_bad);
}

std::string Table::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    SENTIO_CHECK(row.size() == widths.size());
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string out;
  for (const auto& row : rows_) {
    out += "  " + padded(row.front(), widths.front());
    for (std::size_t c = 1; c < row.size(); ++c) out += "  " + right_aligned(row[c], widths[c]);
    out += "\n";
  }
  return out;
}

}  // namespace sentio::analysis_detail
