#pragma once
/// The parts of a page as HTML (private to the module).

#include "sentio/page/page.h"

namespace sentio::page_detail {

[[nodiscard]] std::string headline_html(const PageHeadline& headline);
/// `chart`: the index of the page's next chart; counted on.
[[nodiscard]] std::string section_html(const PageSection& section, int& chart);
[[nodiscard]] const char* class_of(PageTone tone);

}  // namespace sentio::page_detail
