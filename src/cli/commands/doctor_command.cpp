/// `doctor`: would today's start go through? One page, before the open.

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "commands.h"
#include "options/account_flags.h"
#include "options/checked_bars.h"
#include "sentio/live/doctor.h"
#include "sentio/live/instance_lock.h"
#include "sentio/run/run_ends.h"

namespace sentio::cli {

namespace {

constexpr std::size_t kDoctorNameWidth = 17;

constexpr const char* kDoctorExamples =
    "Examples:\n"
    "  sentio_cli doctor --paper                        # before the open; cron runs it at 09:00\n"
    "  sentio_cli doctor --paper --date 2026-11-30      # on Sunday, for Monday\n"
    "  sentio_cli doctor --real --offline --json        # files only, asks nobody\n"
    "\n"
    "One line per check: ok, WARN (live starts all the same), FAIL (it would not, or not as you mean) with the next\n"
    "step, - (not looked at). Give it the flags that live gets. It changes nothing at the broker.\n"
    "Exit 0: fine, warnings included. 8: no session that day, whatever else there is (today's is noted in runs.jsonl).\n"
    "Else the code of the first FAIL: 2 configuration, folders, 3 bars, calendar, learned state, 4 broker, keys,\n"
    "clock, 5 positions that nothing explains, 9 a live process runs.";

struct DoctorFlags {
  CommonOptions common;
  AccountFlags account;
  std::string alpaca_feed = "iex", date, warmup_state;
  bool offline = false, allow_short_warmup = false;
  int warmup_days = 20, jobs = 0, dashboard_port = 0;
};

DoctorRequest request_or_finish(const DoctorFlags& flags, LiveAccount account) {
  DoctorRequest r{.setup = flags.common.setup, .home = installation_home(), .account = account};
  r.env_file = flags.account.env_file;
  r.environment = [](const char* name) -> const char* { return std::getenv(name); };
  r.endpoints = endpoints_or_finish(flags.account, account, flags.alpaca_feed);
  r.alpaca_feed = flags.alpaca_feed;
  r.offline = flags.offline;
  if (!flags.date.empty()) r.date = date_or_finish("--date", flags.date);
  r.folder = std::filesystem::path(flags.common.log_dir) / "live_trading";
  r.data_dir = flags.common.data_dir;
  r.stamp = stamp_of(flags.common);
  r.accepted = accepted_or_finish(flags.common);
  r.warmup_state = flags.warmup_state;
  r.warmup_sessions = flags.warmup_days;
  r.allow_short_warmup = flags.allow_short_warmup;
  r.jobs = flags.jobs > 0 ? flags.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  r.dashboard_port = flags.dashboard_port;
  return r;
}

std::string row_of(const DoctorLine& line) {
  std::string out;
  std::istringstream texts(line.text);
  for (std::string text; std::getline(texts, text);) {
    std::string head = out.empty() ? std::string(to_string(line.verdict)) : std::string();
    head.resize(6, ' ');
    head += out.empty() ? line.name : std::string();
    head.resize(6 + kDoctorNameWidth, ' ');
    out += head + text + "\n";
  }
  return out;
}

std::string closing_line(const DoctorPage& page) {
  const auto count = [&page](DoctorVerdict v) { return std::ranges::count(page.lines, v, &DoctorLine::verdict); };
  const auto failed = count(DoctorVerdict::failed), warned = count(DoctorVerdict::warning);
  std::string text = failed > 0     ? "NOT READY: " + std::to_string(failed) + " FAIL, "
                     : page.hours   ? "READY, "
                                    : "nothing fails, ";
  text += std::to_string(warned) + " WARN";
  if (!page.hours) text += "; no session on " + format_date(page.date);
  return text + "\n";
}

std::string page_text(const DoctorPage& page, const std::string& account) {
  const auto now = std::chrono::floor<std::chrono::seconds>(page.now);
  std::string out = "sentio doctor, " + account + ", " + format_new_york(now) + "\n\n";
  for (const DoctorLine& line : page.lines) out += row_of(line);
  return out + "\n" + closing_line(page);
}

std::string page_json(const DoctorPage& page, const std::string& account) {
  using Json = nlohmann::ordered_json;
  Json j = {{"account", account},
            {"now", format_new_york(page.now)},
            {"date", format_date(page.date)},
            {"session", page.hours.has_value()},
            {"checks", Json::array()}};
  for (const DoctorLine& line : page.lines) {
    j["checks"].push_back({{"name", line.name}, {"verdict", to_string(line.verdict)}, {"text", line.text}});
  }
  j["exit_code"] = static_cast<int>(page.exit_code());
  return j.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Cron's evidence that somebody looked on a closed day. A running process, or one that could not be: no matter.
void note_closed_day(const DoctorPage& page, const DoctorRequest& request) {
  if (page.hours || request.date) return;
  const auto lock = InstanceLock::take(request.folder);
  if (!lock) return;
  const auto done = record_run_end(request.folder, {.date = page.date,
                                                    .mode = std::string(to_string(request.account)),
                                                    .outcome = RunOutcome::closed,
                                                    .exit_code = static_cast<int>(ExitCode::no_session),
                                                    .reason = "no session: " + std::string(NyseCalendar::closure_reason(page.date)),
                                                    .ended = page.now});
  if (!done) print_warning(done.error().message());
}

[[noreturn]] void run_doctor(const DoctorFlags& flags) {
  const LiveAccount account = account_or_finish(flags.account);
  const DoctorRequest request = request_or_finish(flags, account);
  const DoctorPage page = value_or_finish(examine(request));
  note_closed_day(page, request);
  const std::string name(to_string(account));
  const bool fine = std::ranges::none_of(page.lines, [](const DoctorLine& line) {
    return line.verdict == DoctorVerdict::warning || line.verdict == DoctorVerdict::failed;
  });
  if (flags.common.json) {
    print_or_finish(page_json(page, name));
  } else if (!flags.common.quiet || (page.hours && !fine)) {
    print_or_finish(page_text(page, name));
  }
  finish(page.exit_code());
}

}  // namespace

void add_doctor(CLI::App& app) {
  auto* command = app.add_subcommand("doctor", "Would today's live start go through? Every check, on one page");
  auto flags = std::make_shared<DoctorFlags>();
  add_account_flags(*command, flags->account);
  command->add_flag("--offline", flags->offline, "Ask nobody: files, keys and folders only");
  command->add_option("--date", flags->date, "Look at that session instead of today's");
  command->add_option("--alpaca-feed", flags->alpaca_feed, "iex or sip, as for live")
      ->check(CLI::IsMember({"iex", "sip"}))
      ->capture_default_str();
  command->add_option("--warmup-days", flags->warmup_days, "Sessions before the day that teach the learners")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--warmup-state", flags->warmup_state, "The state that live starts from instead of bars");
  command->add_flag("--allow-short-warmup", flags->allow_short_warmup, "Missing sessions or bars are a warning");
  command->add_option("--jobs", flags->jobs, "Threads that read bars (0 = all cores)")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_option("--dashboard-port", flags->dashboard_port, "Also look whether that port is free; 8717 is the dashboard's")
      ->check(CLI::Range(1, 65535));
  add_setup_flags(*command, flags->common);
  add_data_flag(*command, flags->common);
  add_stamp_flag(*command, flags->common);
  add_accept_flag(*command, flags->common);
  command->add_option("--log-dir", flags->common.log_dir, "Where live trading writes")->capture_default_str();
  command->add_flag("--json", flags->common.json, "One JSON object instead of the page");
  command->add_flag("-q,--quiet", flags->common.quiet, "Print the page only where it holds a WARN or FAIL, on days with a session");
  command->footer(kDoctorExamples);
  command->callback([flags] { run_doctor(*flags); });
}

}  // namespace sentio::cli
