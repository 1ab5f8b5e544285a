#pragma once
/// A page as one self-contained HTML file: style, scripts and data are inside, nothing is loaded, and a
/// content security policy says so. Figures, tables and the heat map are plain HTML; only charts need
/// JavaScript.
///
/// Charts   dygraphs (MIT), inlined at build time; its licence stands at the foot of the page.
/// Errors   none. Text of any bytes is escaped; numbers that are not finite are gaps.
/// Threads  pure; the same page gives the same bytes.

#include <string>

#include "sentio/page/page.h"

namespace sentio {

[[nodiscard]] std::string html_page(const Page& page);

/// The numbers of the charts alone, as the page's script reads them: series as differences of integers,
/// scaled by 10^decimals, null for gaps. Holds no '<', so it may stand in a script element.
[[nodiscard]] std::string page_data_json(const Page& page);

}  // namespace sentio
