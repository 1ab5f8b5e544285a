#pragma once
/// What the page's JSON takes over from a line that may hold anything (private); core's json_fields.h reads the rest.

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "sentio/core/text/json_fields.h"

namespace sentio::dashboard_detail {

using Json = nlohmann::ordered_json;

/// null where the text is no JSON object.
[[nodiscard]] inline Json parse_object(const std::string& text) {
  Json j = Json::parse(text, nullptr, false);
  return j.is_object() ? j : Json(nullptr);
}
/// The member as it stands where it is a number, a text, a boolean or null; else null.
[[nodiscard]] inline Json plain_of(const Json& j, const char* key) {
  const Json* value = fields::member(j, key);
  return value != nullptr && value->is_primitive() ? *value : Json(nullptr);
}
/// The member where it is an object or an array; else null.
[[nodiscard]] inline Json part_of(const Json& j, const char* key) {
  const Json* value = fields::member(j, key);
  return value != nullptr && value->is_structured() ? *value : Json(nullptr);
}
/// A number, null where it is none.
[[nodiscard]] inline Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

}  // namespace sentio::dashboard_detail
