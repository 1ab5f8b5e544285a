#pragma once
/// Web pages where JSON is due: captive portals, proxies, maintenance.

#include <string_view>

namespace sentio {

/// Judged by the body: such pages come with any status and any Content-Type.
[[nodiscard]] inline bool is_html_page(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '<';
}

/// What a person should read instead of "member x is missing".
inline constexpr const char* kHtmlPage = "an HTML page, not the broker: a captive portal or proxy?";

}  // namespace sentio
