#pragma once
/// Typed access to members of a JSON object that anybody may have written.

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/decimal.h"
#include "sentio/core/error.h"
#include "sentio/core/time.h"

namespace sentio::wire {

using Json = nlohmann::json;

/// Discarded (is_discarded()) where the text is not JSON.
inline Json parse(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

/// Null where the member is absent.
inline const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

inline std::string text(const Json& object, const char* key) {
  const Json* m = member(object, key);
  return m != nullptr && m->is_string() ? m->get_ref<const std::string&>() : std::string{};
}

/// The strings of an array; none where it is no array.
inline std::vector<std::string> texts(const Json& object, const char* key) {
  std::vector<std::string> all;
  const Json* m = member(object, key);
  if (m == nullptr || !m->is_array()) return all;
  for (const Json& element : *m) {
    if (element.is_string()) all.push_back(element.get<std::string>());
  }
  return all;
}

inline bool boolean(const Json& object, const char* key) {
  const Json* m = member(object, key);
  return m != nullptr && m->is_boolean() && m->get<bool>();
}

inline std::optional<Decimal> decimal(const Json& object, const char* key) {
  const Json* m = member(object, key);
  if (m == nullptr) return std::nullopt;
  if (m->is_string()) return parse_decimal(m->get_ref<const std::string&>());
  if (m->is_number() && std::isfinite(m->get<double>())) return parse_decimal(m->dump());
  return std::nullopt;
}

inline std::optional<TimePoint> time(const Json& object, const char* key) {
  const Json* m = member(object, key);
  if (m == nullptr || !m->is_string()) return std::nullopt;
  auto t = parse_timestamp(m->get_ref<const std::string&>());
  return t ? std::optional(*t) : std::nullopt;
}

inline tl::unexpected<Error> malformed(const char* what, const char* field) {
  return fail(Errc::malformed, what, std::string("missing or unreadable: ") + field);
}

}  // namespace sentio::wire
