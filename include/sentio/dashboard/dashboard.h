#pragma once
/// The verb dashboard without its command line: a log folder's newest day as a page that follows it.
///
/// Serves   http://127.0.0.1:PORT/ (one page, nothing loaded from elsewhere), /snapshot.json and /events (server-sent
///          events: "snapshot", then "changes" with the sections that differ, at most one a second; "pulse").
/// Refuses  other machines (nobody else can connect), other Host names, other sites' pages, all but GET and HEAD.
/// Reads    files only (day_view.h).

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "sentio/core/error.h"

namespace sentio {

struct DashboardOptions {
  std::filesystem::path folder;  ///< LOG-DIR/live_trading; need not exist yet
  int port = 8717;               ///< 0: any free one
};

/// Serves until `stop` is requested. `ready` is called once with the port. Errc::usage: the port is in use.
[[nodiscard]] Result<> run_dashboard(const DashboardOptions& options, const std::function<void(int port)>& ready,
                                     const std::stop_token& stop);

/// The page as it is served.
[[nodiscard]] std::string dashboard_page();

}  // namespace sentio
