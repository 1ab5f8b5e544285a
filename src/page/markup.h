#pragma once
/// Text and numbers inside HTML and inside the page's script element (private to the module).

#include <string>
#include <string_view>

namespace sentio::page_detail {

/// `text` as it may stand between tags and in quoted attributes. Control characters but line
/// breaks become blanks.
[[nodiscard]] std::string html(std::string_view text);
/// A JSON string that no HTML parser takes for markup: <, >, &, U+2028 and U+2029 are written as \u escapes.
void append_script_string(std::string& out, std::string_view text);
/// Letters, digits and '-' of `text`; anything else becomes '-'.
[[nodiscard]] std::string identifier(std::string_view text);
/// Plain digits with up to `decimals` places, as CSS and SVG want them.
[[nodiscard]] std::string plain_number(double value, int decimals);

}  // namespace sentio::page_detail
