#include "sentio/analysis/override_reason.h"

#include <array>
#include <optional>

namespace sentio {

namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};

/// The first code point of a text that is not empty; nothing where its bytes are not UTF-8 (RFC 3629).
std::optional<CodePoint> first_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return CodePoint{lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return std::nullopt;
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (text.size() < bytes) return std::nullopt;
  char32_t value = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) return std::nullopt;
    value = value << 6U | (next & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[bytes] || surrogate || value > 0x10FFFF) return std::nullopt;
  return CodePoint{value, bytes};
}

/// Blanks, and everything that moves the cursor, hides or reorders what is read.
bool blank(char32_t c) {
  const auto within = [c](char32_t low, char32_t high) { return c >= low && c <= high; };
  return c <= ' ' || within(0x7F, 0xA0) || c == 0xAD || c == 0x061C || within(0x200B, 0x200F) ||
         within(0x2028, 0x202E) || within(0x2060, 0x206F) || c == 0xFEFF || within(0xE0000, 0xE007F);
}

}  // namespace

std::string harmless_reason(std::string_view reason) {
  std::string out;
  bool gap = false;
  while (!reason.empty()) {
    const auto c = first_code_point(reason);
    const std::size_t bytes = c ? c->bytes : 1;
    if (c && blank(c->value)) {
      gap = true;
    } else {
      if (gap && !out.empty()) out += ' ';
      gap = false;
      out += c ? reason.substr(0, bytes) : "?";
    }
    reason.remove_prefix(bytes);
  }
  return out;
}

}  // namespace sentio
