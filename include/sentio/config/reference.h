#pragma once
/// The reference of all configuration keys, from the tables that parse them.

#include <string>

namespace sentio {

/// Markdown: one table per section of a strategy file, then symbols.json and fees.json, each row
/// with key, default, range and meaning. docs/configuration.md contains it; a test keeps it so.
[[nodiscard]] std::string configuration_reference();

}  // namespace sentio
