#pragma once
/// Members of a JSON object that anybody may have written: what is absent, null or of another type is empty, never
/// an error. Of nlohmann's trees, sorted or in their own order. Brings the whole library: for .cpp files and private
/// headers.

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/text/decimal.h"
#include "sentio/core/error.h"
#include "sentio/core/time.h"

namespace sentio::fields {

using Json = nlohmann::json;

/// Discarded (is_discarded()) where the text is not JSON.
inline Json parse(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

/// Null where the member is absent.
template <class J>
const J* member(const J& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

template <class J>
std::string text(const J& object, const char* key) {
  const J* m = member(object, key);
  return m != nullptr && m->is_string() ? m->template get_ref<const std::string&>() : std::string{};
}

/// The strings of an array; none where it is no array.
template <class J>
std::vector<std::string> texts(const J& object, const char* key) {
  std::vector<std::string> all;
  const J* m = member(object, key);
  if (m == nullptr || !m->is_array()) return all;
  for (const J& element : *m) {
    if (element.is_string()) all.push_back(element.template get<std::string>());
  }
  return all;
}

template <class J>
bool boolean(const J& object, const char* key) {
  const J* m = member(object, key);
  return m != nullptr && m->is_boolean() && m->template get<bool>();
}

/// NaN where there is no number.
template <class J>
double number(const J& object, const char* key) {
  const J* m = member(object, key);
  return m != nullptr && m->is_number() ? m->template get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// Of a string or of a number.
template <class J>
std::optional<Decimal> decimal(const J& object, const char* key) {
  const J* m = member(object, key);
  if (m == nullptr) return std::nullopt;
  if (m->is_string()) return parse_decimal(m->template get_ref<const std::string&>());
  if (m->is_number() && std::isfinite(m->template get<double>())) return parse_decimal(m->dump());
  return std::nullopt;
}

template <class J>
std::optional<TimePoint> time(const J& object, const char* key) {
  const J* m = member(object, key);
  if (m == nullptr || !m->is_string()) return std::nullopt;
  auto t = parse_timestamp(m->template get_ref<const std::string&>());
  return t ? std::optional(*t) : std::nullopt;
}

/// Unix milliseconds; only instants a TimePoint can hold.
template <class J>
std::optional<TimePoint> milliseconds(const J& object, const char* key) {
  const double ms = number(object, key);
  if (!(ms > 0) || ms > 9e12) return std::nullopt;
  return TimePoint{std::chrono::milliseconds{static_cast<std::int64_t>(ms)}};
}

inline tl::unexpected<Error> malformed(const char* what, const char* field) {
  return fail(Errc::malformed, what, std::string("missing or unreadable: ") + field);
}

}  // namespace sentio::fields
