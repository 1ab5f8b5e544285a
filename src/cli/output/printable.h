#pragma once
/// Text from files and their names, made fit for a terminal.

#include <string>
#include <string_view>

namespace sentio::cli {

/// UTF-8 stays; control characters (of ASCII and U+0080 to U+009F, line ends too) and bytes that are no UTF-8
/// become '?'.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sentio::cli
