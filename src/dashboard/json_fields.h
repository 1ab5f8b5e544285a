#pragma once
/// Members of a line that may hold anything (private): what is missing or of another type is empty, never an error.

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "sentio/core/time.h"

namespace sentio::dashboard_detail {

using Json = nlohmann::ordered_json;

/// null where the text is no JSON object.
[[nodiscard]] Json parse_object(const std::string& text);
[[nodiscard]] std::string text_of(const Json& j, const char* key);
[[nodiscard]] double number_of(const Json& j, const char* key);  ///< NaN
[[nodiscard]] bool flag_of(const Json& j, const char* key);      ///< false
/// The member as it stands where it is a number, a text, a boolean or null; else null.
[[nodiscard]] Json plain_of(const Json& j, const char* key);
/// The member where it is an object or an array; else null.
[[nodiscard]] Json part_of(const Json& j, const char* key);
/// A number, null where it is none.
[[nodiscard]] inline Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

}  // namespace sentio::dashboard_detail
