#include "sentio/core/text/decimal.h"

#include <charconv>
#include <cmath>

namespace sentio {

std::optional<Decimal> parse_decimal(std::string_view text) {
  if (text.empty() || text.size() > 40) return std::nullopt;
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  // from_chars also reads "inf" and "nan".
  if (digits.empty() || (digits.front() != '.' && (digits.front() < '0' || digits.front() > '9'))) {
    return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return Decimal{std::string(text), value};
}

}  // namespace sentio
