#pragma once
/// JSON text to a value, stricter than the library: a key that stands twice is noticed.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/config/strategy_config.h"

namespace sentio::config_detail {

/// A JSON value for a message: ASCII, on one line, shortened where it is long.
[[nodiscard]] std::string shown(const nlohmann::json& value);

/// "oes_config" and "ewrls_lambda" give "oes_config.ewrls_lambda"; an empty parent gives the key alone.
[[nodiscard]] std::string dotted(std::string_view parent, std::string_view key);

/// Notes are ignored wherever they stand.
[[nodiscard]] inline bool is_note(std::string_view key) {
  return key.starts_with('_');
}

/// Parses `source` (comments allowed). An object is returned also where something was wrong; each
/// problem is appended to `problems`, starting with the source's name:
///   - text that is not JSON, or whose outermost value is not an object (an empty object is returned),
///   - a key that stands twice in one object with different values (notes aside).
[[nodiscard]] nlohmann::json parse_document(const ConfigSource& source, std::vector<std::string>& problems);

}  // namespace sentio::config_detail
