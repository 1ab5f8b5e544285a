/// `dashboard`: the day that is written into a log folder, in a browser.

#include <stop_token>

#include "commands.h"
#include "options/common_options.h"
#include "options/signal_stop.h"
#include "sentio/dashboard/dashboard.h"
#include "sentio/log/log.h"

namespace sentio::cli {

namespace {

struct DashboardFlags {
  CommonOptions common;
  std::string mode = "live";
  int port = 8717;
};

constexpr const char* kDashboardExamples =
    "Examples:\n"
    "  sentio_cli dashboard                                  # then open http://127.0.0.1:8717\n"
    "  sentio_cli dashboard --log-dir logs/rehearsals --port 0\n"
    "  sentio_cli dashboard --mode mock                      # the replayed day that was written last\n"
    "  ssh -N -L 8717:127.0.0.1:8717 you@trading-machine     # from your desk or phone: the same address there\n"
    "\n"
    "Read-only, and in a process of its own: it reads the files that live, rehearse or mock write and never\n"
    "locks, writes or asks anything; its own log is off unless --log-level asks for it. Listens on 127.0.0.1 only;\n"
    "whoever can log in to this machine can look.\n"
    "Follows the newest day of the folder, also one that begins later. Runs until SIGINT or SIGTERM.\n"
    "Also served: /snapshot.json and /events (server-sent events); docs/user-guide.md explains the members.";

[[noreturn]] void run_dashboard_command(const DashboardFlags& flags) {
  begin_log(flags.common, "dashboard");
  std::stop_source stop;
  const SignalStop signals([&stop] { stop.request_stop(); });
  const auto folder = std::filesystem::path(flags.common.log_dir) / (flags.mode + "_trading");
  const auto announce = [&folder](int port) {
    log_line(LogLevel::info, "dashboard_begins", {{"port", port}, {"folder", folder.string()}});
    print_or_finish("dashboard of " + folder.string() + " on http://127.0.0.1:" + std::to_string(port) + "\n");
  };
  value_or_finish(run_dashboard({.folder = folder, .port = flags.port}, announce, stop.get_token()));
  finish(ExitCode::ok);
}

}  // namespace

void add_dashboard(CLI::App& app) {
  auto* command = app.add_subcommand("dashboard", "Watch a live, rehearsed or replayed day in a browser");
  auto flags = std::make_shared<DashboardFlags>();
  command->add_option("--port", flags->port, "Port on 127.0.0.1; 0 = any free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_option("--log-dir", flags->common.log_dir, "Where the day is written")->capture_default_str();
  command->add_option("--mode", flags->mode, "Whose files: LOG-DIR/live_trading or LOG-DIR/mock_trading")
      ->check(CLI::IsMember({"live", "mock"}))
      ->capture_default_str();
  flags->common.log_level = "off";  // it writes nothing unless asked to
  add_log_level_flag(*command, flags->common);
  command->footer(kDashboardExamples);
  command->callback([flags] { run_dashboard_command(*flags); });
}

}  // namespace sentio::cli
