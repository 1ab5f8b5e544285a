#include "sentio/dashboard/dashboard.h"

#include "sentio/dashboard/day_view.h"
#include "http/server.h"

namespace sentio {

using namespace dashboard_detail;

Result<> run_dashboard(const DashboardOptions& options, const std::function<void(int port)>& ready,
                       const std::stop_token& stop) {
  DayView view(options.folder);
  const auto refresh = [&view](Board& board) {
    view.poll(TimePoint{std::chrono::system_clock::now()});
    // Files may hold bytes that are no UTF-8: they must not throw.
    for (const auto& [name, section] : view.sections())
      board.set(name, section.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  };
  auto server = Server::open({.port = options.port, .page = dashboard_page(), .refresh = refresh});
  if (!server) return tl::unexpected(server.error());
  if (ready) ready((*server)->port());
  (*server)->run(stop);
  return {};
}

}  // namespace sentio
