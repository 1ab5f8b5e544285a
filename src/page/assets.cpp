#include "sentio/page/embedded_file.h"
#include "sentio/page/page_assets.h"

SENTIO_ASSET(library_script, SENTIO_ASSET_LIBRARY_SCRIPT)
SENTIO_ASSET(library_style, SENTIO_ASSET_LIBRARY_STYLE)
SENTIO_ASSET(library_licence, SENTIO_ASSET_LIBRARY_LICENCE)
SENTIO_ASSET(page_script, SENTIO_ASSET_PAGE_SCRIPT)
SENTIO_ASSET(page_style, SENTIO_ASSET_PAGE_STYLE)

namespace sentio {

// Both end with a link to a source map, which a browser's developer tools would try to load.
std::string_view chart_library_script() {
  const std::string_view all = asset_library_script();
  return all.substr(0, all.rfind("//# sourceMappingURL"));
}
std::string_view chart_library_style() {
  const std::string_view all = asset_library_style();
  return all.substr(0, all.rfind("/*# sourceMappingURL"));
}
std::string_view chart_library_licence() { return asset_library_licence(); }
std::string_view page_script() { return asset_page_script(); }
std::string_view page_style() { return asset_page_style(); }

}  // namespace sentio
