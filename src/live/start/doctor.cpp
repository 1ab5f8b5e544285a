#include "sentio/live/doctor.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sentio/core/text/text.h"
#include "sentio/live/instance_lock.h"
#include "sentio/live/live_connections.h"
#include "sentio/live/live_run.h"
#include "sentio/live/live_status.h"
#include "sentio/run/run_ends.h"
#include "sentio/store/atomic_file.h"
#include "start/doctor_lines.h"
#include "start/live_start.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kMorning{9};  // of a day that is named, on whose clock nobody is yet

/// The line of that name on `status`' page, which knows the calendar's end and how much disk a day needs.
HealthLine health_line(const HealthFacts& facts, std::string_view name) {
  const auto lines = assess_health(facts);
  const auto found = std::ranges::find(lines, name, &HealthLine::name);
  return found == lines.end() ? HealthLine{std::string(name), false, "unknown"} : *found;
}

/// Nobody listens there, and we could. Errors: the system's reason.
Result<> port_is_free(int port) {
  const std::string where = "127.0.0.1:" + std::to_string(port);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(Errc::io, where, std::strerror(errno));
  const int on = 1;  // what a server sets: the remains of closed connections are no listener
  (void)::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int reason = errno;
  ::close(fd);
  return bound ? Result<>{} : fail(Errc::io, where, std::strerror(reason));
}

class Doctor {
 public:
  explicit Doctor(const DoctorRequest& request) : request_(request) {}

  Result<DoctorPage> run() {
    if (auto opened = open(); !opened) return tl::unexpected(opened.error());
    calendar();
    instance();
    configuration();
    keys();
    key_file();
    examine_at_broker({.request = request_,
                       .date = page_.date,
                       .hours = page_.hours ? &*page_.hours : nullptr,
                       .setup = setup_ ? &*setup_ : nullptr,
                       .keys = keys_ ? &*keys_ : nullptr,
                       .pacer = clock_.pacer.get()},
                      lines_);
    log_folder();
    disk();
    port();
    stops();
    last_session();
    page_.lines = lines_.take();
    return std::move(page_);
  }

 private:
  Result<> open() {
    if (!request_.endpoints.control_url.empty() && !request_.offline) {
      auto clock = open_clock(request_.endpoints);
      if (!clock) return tl::unexpected(clock.error());
      clock_ = *std::move(clock);
    } else {
      clock_.pacer = std::make_unique<RealTimePacer>([] { return TimePoint{std::chrono::system_clock::now()}; });
    }
    page_.now = clock_.pacer->now();
    page_.date = new_york_date(page_.now);
    if (request_.date && *request_.date != page_.date) {
      page_.date = *request_.date;
      page_.now = from_new_york(page_.date, kMorning);
    }
    page_.hours = NyseCalendar::session(page_.date);
    return {};
  }

  void calendar() {
    const HealthLine line = health_line({.now = page_.now, .today = page_.hours}, "calendar");
    const std::string half = page_.hours && page_.hours->half_day() ? "; a half day" : "";
    if (line.ok) return lines_.ok("calendar", line.text + half);
    lines_.warn("calendar", line.text + half + "; update the program before then");
  }

  void instance() {
    const auto pid = InstanceLock::holder(request_.folder);
    if (!pid) return lines_.ok("instance", "no live process runs here");
    lines_.fail("instance",
                "a live process runs here" + (*pid > 0 ? " (process " + std::to_string(*pid) + ")" : std::string()) +
                    "; look at it with sentio_cli status, stop it, or use another --log-dir",
                ExitCode::already_running);
  }

  void configuration() {
    auto setup = load_setup(request_.setup, request_.home);
    if (!setup) return lines_.fail("configuration", setup.error());
    setup_ = *std::move(setup);
    std::string text = setup_->config_name + ", " + std::to_string(setup_->universe.size()) + " instruments";
    for (const std::string& warning : setup_->config.warnings) text += "\n" + warning;
    setup_->config.warnings.empty() ? lines_.ok("configuration", text) : lines_.warn("configuration", text);
  }

  void keys() {
    auto keys = load_live_keys(request_.account, request_.env_file, request_.environment);
    if (!keys) return lines_.fail("keys", keys.error());
    keys_ = *std::move(keys);
    lines_.ok("keys", "of the " + std::string(to_string(request_.account)) + " account are set" +
                          (keys_->polygon_key.empty() ? "" : ", and one for Polygon"));
  }

  void key_file() {
    const std::string file = request_.env_file.string();
    if (!keys_) return lines_.skip("key file", "see keys");
    std::error_code ignored;
    if (keys_->file_readable_by_others) {
      return lines_.warn("key file", file + ": others on this machine can read it; chmod 600 " + file);
    }
    lines_.ok("key file", fs::exists(request_.env_file, ignored) ? file + ": nobody else can read it"
                                                                 : "none; the keys are in the environment");
  }

  void log_folder() {
    auto made = ensure_writable_folder(request_.folder);
    if (!made) made.error().detail += "; name another folder with --log-dir";
    lines_.judge("log folder", made, request_.folder.string() + " is writable");
  }

  void disk() {
    const HealthLine line = health_line({.now = page_.now, .disk_free_bytes = disk_free_bytes(request_.folder)}, "disk");
    if (line.ok) return lines_.ok("disk", line.text);
    lines_.warn("disk", line.text + "; make room, e.g. with scripts/weekly_maintenance.sh");
  }

  void port() {
    if (request_.dashboard_port == 0) return;
    const auto free = port_is_free(request_.dashboard_port);
    if (free) return lines_.ok("dashboard port", std::to_string(request_.dashboard_port) + " is free");
    lines_.warn("dashboard port", free.error().message() +
                                      "; if that is not the dashboard already, choose another port. Trading needs none");
  }

  /// Files that keep a good start from trading.
  void stops() {
    std::vector<std::string> found;
    std::error_code ignored;
    const auto look = [&](const fs::path& file, const char* what) {
      if (fs::exists(file, ignored)) found.push_back(file.string() + ": " + what);
    };
    look(request_.maintenance_folder / kMaintenanceFile, "no entries while it is there; remove it to trade");
    look(breaker_file(request_.folder, page_.date), "the circuit breaker tripped; no entries that day");
    look(flatten_request_file(request_.folder), "a flatten that nobody obeyed; remove it, or the day begins by selling");
    if (found.empty()) return lines_.ok("stops", "no maintenance, breaker or flatten file");
    lines_.warn("stops", joined(found, "\n"));
  }

  void last_session() {
    const auto before = NyseCalendar::sessions_before(page_.date, 1);
    const auto ends = read_run_ends(request_.folder);
    if (!ends) return lines_.warn("last session", ends.error().message() + "; correct or remove that line");
    if (ends->empty() || before.empty() || before.front().date < ends->front().date) {
      return lines_.ok("last session", "no live day was recorded here yet");
    }
    const Date date = before.front().date;
    const auto end = std::ranges::find(*ends, date, &RunEnd::date);
    if (end == ends->end()) {
      return lines_.warn("last session", format_date(date) + " has no run_end: it did not run, or was killed; look at "
                                             "what cron said, and at sentio_cli status --positions");
    }
    char mrd[40] = "";
    if (end->mrd) std::snprintf(mrd, sizeof mrd, ", MRD %+.2f%%", *end->mrd * 100);
    const std::string text = format_date(date) + " (" + end->mode + "): " + end->reason + mrd;
    if (end->exit_code == 0) return lines_.ok("last session", text);
    lines_.warn("last session", text + "; exit code " + std::to_string(end->exit_code) +
                                    ", see docs/PRODUCTION_WORKFLOW.md for what to do");
  }

  const DoctorRequest& request_;
  DoctorPage page_;
  DoctorLines lines_;
  LiveClock clock_;
  std::optional<RunSetup> setup_;
  std::optional<LiveKeys> keys_;
};

}  // namespace

std::string_view to_string(DoctorVerdict verdict) {
  switch (verdict) {
    case DoctorVerdict::ok: return "ok";
    case DoctorVerdict::warning: return "WARN";
    case DoctorVerdict::failed: return "FAIL";
    case DoctorVerdict::skipped: return "-";
  }
  return "-";
}

ExitCode DoctorPage::exit_code() const {
  if (!hours) return ExitCode::no_session;
  const auto failed = std::ranges::find(lines, DoctorVerdict::failed, &DoctorLine::verdict);
  return failed == lines.end() ? ExitCode::ok : failed->exit_code;
}

Result<DoctorPage> examine(const DoctorRequest& request) {
  return Doctor(request).run();
}

}  // namespace sentio
