#include "sentio/core/client_order_id.h"

#include <algorithm>
#include <charconv>

#include "sentio/core/calendar.h"

namespace sentio {
namespace {

/// `text` as digits only; nullopt for anything else.
std::optional<int> digits_of(std::string_view text) {
  int value = 0;
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<ClientIdParts> parse_client_order_id(std::string_view text) {
  // sen-20250926-0931-TQQQ-B-0; a symbol may hold a dash of its own, so the tail is cut from the right.
  constexpr std::string_view kPrefix = "sen-";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  if (text.size() < 19 || text[8] != '-' || text[13] != '-') return std::nullopt;
  const auto day = digits_of(text.substr(0, 8));
  const auto wall = digits_of(text.substr(9, 4));
  const std::string_view rest = text.substr(14);
  const std::size_t attempt_dash = rest.rfind('-');
  if (!day || !wall || attempt_dash == std::string_view::npos || attempt_dash < 3) return std::nullopt;
  const auto attempt = digits_of(rest.substr(attempt_dash + 1));
  if (!attempt || *attempt > 255 || rest[attempt_dash - 2] != '-') return std::nullopt;
  const char side = rest[attempt_dash - 1];
  if (side != 'B' && side != 'S') return std::nullopt;

  ClientIdParts parts;
  parts.session =
      Date{std::chrono::year{*day / 10'000}, std::chrono::month{static_cast<unsigned>(*day / 100 % 100)},
           std::chrono::day{static_cast<unsigned>(*day % 100)}};
  // The wall time is the END of the set, and sessions open at 09:30.
  const int minute = *wall / 100 * 60 + *wall % 100 - (9 * 60 + 30) - 1;
  if (!parts.session.ok() || *wall % 100 > 59 || minute < 0 || minute >= kFullSessionMinutes)
    return std::nullopt;
  parts.minute = static_cast<std::int16_t>(minute);
  parts.symbol = std::string(rest.substr(0, attempt_dash - 2));
  if (parts.symbol.empty()) return std::nullopt;
  parts.side = side == 'B' ? Side::buy : Side::sell;
  parts.attempt = static_cast<std::uint8_t>(*attempt);
  return parts;
}

}  // namespace sentio
