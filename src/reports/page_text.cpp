#include "page_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace sentio::reports_detail {

namespace {

enum class Plus : bool { shown, left_out };

std::string text_of(MaybeNumber value, int decimals, Plus plus, const char* unit) {
  if (!value || !std::isfinite(*value)) return "n/a";
  std::array<char, 400> digits{};  // DBL_MAX has 309 before the point
  std::snprintf(digits.data(), digits.size(), "%.*f", decimals, std::abs(*value));
  std::string text = digits.data();
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  for (auto at = static_cast<std::ptrdiff_t>(std::min(text.find('.'), text.size())) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  if (*value < 0 && !zero) return "−" + text + unit;
  return (plus == Plus::shown && !zero ? "+" : "") + text + unit;
}

MaybeNumber hundredfold(MaybeNumber fraction) {
  return fraction ? MaybeNumber(100 * *fraction) : std::nullopt;
}

}  // namespace

std::string number_text(MaybeNumber value, int decimals) {
  return text_of(value, decimals, Plus::left_out, "");
}
std::string signed_text(MaybeNumber value, int decimals) {
  return text_of(value, decimals, Plus::shown, "");
}
std::string percent_text(MaybeNumber fraction, int decimals) {
  return text_of(hundredfold(fraction), decimals, Plus::left_out, "%");
}
std::string signed_percent_text(MaybeNumber fraction, int decimals) {
  return text_of(hundredfold(fraction), decimals, Plus::shown, "%");
}

}  // namespace sentio::reports_detail
