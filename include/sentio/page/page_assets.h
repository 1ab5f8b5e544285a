#pragma once
/// The files of src/page/assets and the chart library: what every page of ours has inside.

#include <string_view>

namespace sentio {

[[nodiscard]] std::string_view chart_library_script();
[[nodiscard]] std::string_view chart_library_style();
[[nodiscard]] std::string_view chart_library_licence();
[[nodiscard]] std::string_view page_style();
[[nodiscard]] std::string_view page_script();  ///< draws the charts of html_page()

}  // namespace sentio
