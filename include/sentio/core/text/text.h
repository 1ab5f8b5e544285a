#pragma once
/// Small things done to words.

#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// Somebody else's words as they may stand in a log, an alert or on a terminal: printable ASCII, one line, at most
/// `longest` characters.
[[nodiscard]] std::string tame(std::string_view text, std::size_t longest);

/// "a, b, c"
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view separator = ", ");

}  // namespace sentio
