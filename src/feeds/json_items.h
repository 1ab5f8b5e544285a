#pragma once
/// Members of market data objects, read without exceptions.

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sentio/core/bar.h"
#include "sentio/core/text.h"

namespace sentio::items {

using Json = nlohmann::json;

inline Json parse(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

inline const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

inline std::string text(const Json& object, const char* key) {
  const Json* m = member(object, key);
  return m != nullptr && m->is_string() ? m->get_ref<const std::string&>() : std::string{};
}

/// NaN where there is no number.
inline double number(const Json& object, const char* key) {
  const Json* m = member(object, key);
  return m != nullptr && m->is_number() ? m->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// Unix milliseconds; only instants a TimePoint can hold.
inline std::optional<TimePoint> milliseconds(const Json& object, const char* key) {
  const double ms = number(object, key);
  if (!(ms > 0) || ms > 9e12) return std::nullopt;
  return TimePoint{std::chrono::milliseconds{static_cast<std::int64_t>(ms)}};
}

/// Prices and volume of a vendor's bar; NaN where there is none.
inline Bar prices(const Json& row) {
  Bar bar;
  bar.open = number(row, "o");
  bar.high = number(row, "h");
  bar.low = number(row, "l");
  bar.close = number(row, "c");
  bar.volume = number(row, "v");
  return bar;
}

/// Why a vendor's bar is left out; nullptr: it is not. The same limits as for files.
inline const char* why_left_out(bool has_start, const Bar& bar) {
  if (!has_start || !(bar.high > 0)) return "does not read";
  if (!plausible(bar)) return "has numbers that no market makes";
  return traded(bar) ? nullptr : "has no volume: a minute without a trade";
}

/// For logs.
inline std::string tamed(std::string_view raw) {
  return tame(raw, 200);
}

}  // namespace sentio::items
