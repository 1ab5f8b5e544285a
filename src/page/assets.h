#pragma once
/// The files of src/page/assets and the chart library, as they were when the program was built (private).

#include <string_view>

namespace sentio::page_detail {

[[nodiscard]] std::string_view chart_library_script();
[[nodiscard]] std::string_view chart_library_style();
[[nodiscard]] std::string_view chart_library_licence();
[[nodiscard]] std::string_view page_script();
[[nodiscard]] std::string_view page_style();

}  // namespace sentio::page_detail
