#include "assets.h"

#include "sentio/page/embedded_file.h"

SENTIO_ASSET(dashboard_style, SENTIO_ASSET_DASHBOARD_STYLE)
SENTIO_ASSET(dashboard_script, SENTIO_ASSET_DASHBOARD_SCRIPT)
SENTIO_ASSET(dashboard_body, SENTIO_ASSET_DASHBOARD_BODY)

namespace sentio::dashboard_detail {

std::string_view dashboard_style() { return asset_dashboard_style(); }
std::string_view dashboard_script() { return asset_dashboard_script(); }
std::string_view dashboard_body() { return asset_dashboard_body(); }

}  // namespace sentio::dashboard_detail
