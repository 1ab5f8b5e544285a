#pragma once
/// config.env: shell-style KEY=value with comments; secrets live here and nowhere else.

#include <map>
#include <string>
#include <string_view>

#include "sentio/core/error.h"

namespace sentio {

/// Parses shell-style assignments: blank lines, # comments (also after a value), optional `export `,
/// single or double quotes. Malformed lines are an error naming `name:line`, never echoing the value.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_env(std::string_view text, std::string_view name);

}  // namespace sentio
