#pragma once
/// The files of src/dashboard/assets (private).

#include <string_view>

namespace sentio::dashboard_detail {

[[nodiscard]] std::string_view dashboard_style();
[[nodiscard]] std::string_view dashboard_script();
/// From <body> on; the licence of the charts is to stand in place of "@licence@".
[[nodiscard]] std::string_view dashboard_body();

}  // namespace sentio::dashboard_detail
