/// The dashboard's page: the reports' style and chart library, a body of its own.

#include "assets.h"
#include "sentio/dashboard/dashboard.h"
#include "sentio/page/page_assets.h"

namespace sentio {

namespace {

constexpr std::string_view kDashboardHead =
    "<!doctype html>\n<html lang=\"en\" data-errors=\"0\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n<title>sentio</title>\n<style>\n";

}  // namespace

std::string dashboard_page() {
  using namespace dashboard_detail;
  std::string out;
  for (const std::string_view part :
       {kDashboardHead, chart_library_style(), std::string_view("\n"), page_style(), dashboard_style(),
        std::string_view("</style>\n</head>\n"), dashboard_body(), std::string_view("<script>\n"), chart_library_script(),
        std::string_view("\n</script>\n<script>\n"), dashboard_script(), std::string_view("\n</script>\n</body>\n</html>\n")}) {
    out += part;
  }
  // The licence has to stand wherever the library does.
  const std::string_view place = "@licence@";
  out.replace(out.find(place), place.size(), chart_library_licence());
  return out;
}

}  // namespace sentio
