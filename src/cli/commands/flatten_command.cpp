/// `flatten`: out of everything, now.

#include <unistd.h>

#include <cstdio>
#include <thread>

#include "commands.h"
#include "options/account_flags.h"
#include "sentio/core/text/text.h"
#include "sentio/live/broker_flatten.h"
#include "sentio/live/instance_lock.h"
#include "sentio/live/ledger_check.h"
#include "sentio/live/live_connections.h"
#include "sentio/live/live_run.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;
using Wall = std::chrono::steady_clock;

constexpr std::chrono::seconds kRequestMax{15};
constexpr std::chrono::milliseconds kLook{500};
constexpr std::chrono::seconds kAgain{1};

constexpr const char* kFlattenExamples =
    "Examples:\n"
    "  sentio_cli flatten --paper\n"
    "  sentio_cli flatten --real --yes --wait 300\n"
    "\n"
    "Cancels every open order in our instruments and sells every position in them. Where a live process runs, it\n"
    "is asked to do so itself and enters nothing more today. Waits until the broker holds nothing of them: exit 0;\n"
    "exit 7 when that takes longer than --wait (with a closed market the orders wait for the open).";

struct FlattenFlags {
  CommonOptions common;
  AccountFlags account;
  bool yes = false, dry_run = false;
  int wait_seconds = 120;
};

void confirm_or_finish(const FlattenFlags& flags, LiveAccount account) {
  if (account == LiveAccount::paper || flags.yes || flags.dry_run) return;
  if (::isatty(STDIN_FILENO) == 0) finish(Error{Errc::usage, "flatten --real", "needs --yes where nobody can be asked"});
  word_or_finish("This sells everything in the REAL account. Type FLATTEN to go on: ", "FLATTEN", "flatten --real");
}

/// Everything in the configured instruments and in those the program knows.
class Flatten {
 public:
  Flatten(BrokerAccountInterface& broker, const Universe& universe, const FlattenFlags& flags)
      : broker_(broker), universe_(universe), flags_(flags) {}

  /// False: the process ended before it looked.
  [[nodiscard]] bool request_or_finish(const fs::path& folder, int pid) const {
    say("asking the live process " + std::to_string(pid) + " to sell everything");
    if (flags_.dry_run) return true;
    const fs::path request = flatten_request_file(folder);
    value_or_finish(write_file_atomically(request, "flatten\n", Durability::process_kill));
    std::error_code ignored;
    for (const auto end = Wall::now() + kRequestMax; fs::exists(request, ignored);) {
      if (!InstanceLock::holder(folder)) {
        say("the live process has ended");
        // Gone already: it obeyed at its end. Otherwise the next start must not find it.
        return !fs::remove(request, ignored);
      }
      if (Wall::now() > end) {
        fs::remove(request, ignored);
        finish(Error{Errc::timed_out, "flatten", "the live process does not answer; end it and run flatten again"});
      }
      std::this_thread::sleep_for(kLook);
    }
    return true;
  }

  /// Asks again and again until nothing is held: an error is no reason to leave the rest.
  [[noreturn]] void close_or_finish() const {
    BrokerFlatten all(broker_, universe_, {.whose = FlattenPolicy::Whose::all, .only_tell = flags_.dry_run},
                      {.deed = [this](const std::string& text) { say(text); },
                       .trouble = [](const std::string& text) { print_warning(text); },
                       .wait =
                           [](std::chrono::milliseconds span) {
                             std::this_thread::sleep_for(span);
                             return true;
                           },
                       .market_open = {}});
    for (const auto end = deadline();; std::this_thread::sleep_for(kAgain)) {
      const bool taken = all.attempt();
      if (flags_.dry_run) finish(ExitCode::ok);
      const auto left = all.left();
      if (left && left->empty()) finish_flat();
      // What has just been taken gets its look.
      if (Wall::now() > end && !taken) finish_held(left.value_or(std::vector<std::string>{}));
    }
  }

  /// A running process sells; only look.
  [[noreturn]] void await_or_finish() const {
    if (flags_.dry_run) finish(ExitCode::ok);
    for (const auto end = deadline();; std::this_thread::sleep_for(kLook)) {
      const auto positions = broker_.positions();
      std::vector<std::string> held;
      if (positions) held = held_at_broker(universe_, *positions);
      if (positions && held.empty()) finish_flat();
      if (Wall::now() > end) finish_held(held);
    }
  }

 private:
  void say(const std::string& text) const {
    if (!flags_.common.quiet) print_and_go_on((flags_.dry_run ? "would be: " : "") + text + "\n");
  }

  [[nodiscard]] Wall::time_point deadline() const { return Wall::now() + std::chrono::seconds{flags_.wait_seconds}; }

  [[noreturn]] void finish_flat() const {
    say("flat");
    finish(ExitCode::ok);
  }

  [[noreturn]] void finish_held(const std::vector<std::string>& held) const {
    const std::string text = held.empty() ? "" : ": " + joined(held);
    print_warning("NOT FLAT after " + std::to_string(flags_.wait_seconds) + " s" + text);
    finish(ExitCode::not_flat);
  }

  BrokerAccountInterface& broker_;
  const Universe& universe_;
  const FlattenFlags& flags_;
};

[[noreturn]] void run_flatten(const FlattenFlags& flags) {
  const LiveAccount account = account_or_finish(flags.account);
  const RunSetup setup = setup_or_finish(flags.common);
  const LiveKeys keys = keys_or_finish(flags.account, account);
  const LiveEndpoints endpoints = endpoints_or_finish(flags.account, account);
  const fs::path folder = log_folder_or_finish(flags.common, "live_trading");
  confirm_or_finish(flags, account);
  RealTimePacer pacer([] { return TimePoint{std::chrono::system_clock::now()}; });
  const auto broker =
      value_or_finish(LiveConnector(endpoints, keys, "iex", setup.universe, pacer).broker());
  (void)value_or_finish(broker->account());  // keys and network, before anything is asked of anybody
  const Flatten flatten(*broker, setup.universe, flags);
  if (const auto pid = InstanceLock::holder(folder)) {
    if (flatten.request_or_finish(folder, *pid)) flatten.await_or_finish();
  }
  const InstanceLock lock = value_or_finish(InstanceLock::take(folder));
  flatten.close_or_finish();
}

}  // namespace

void add_flatten(CLI::App& app) {
  auto* command = app.add_subcommand("flatten", "Cancel every order and sell every position, now");
  auto flags = std::make_shared<FlattenFlags>();
  add_account_flags(*command, flags->account);
  command->add_flag("--yes", flags->yes, "Do not ask");
  command->add_flag("--dry-run", flags->dry_run, "Say what would be done");
  command->add_option("--wait", flags->wait_seconds, "Seconds to wait for the last sale")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  add_setup_flags(*command, flags->common);
  command->add_option("--log-dir", flags->common.log_dir, "Where a live process writes")->capture_default_str();
  command->add_flag("-q,--quiet", flags->common.quiet, "Problems only");
  command->footer(kFlattenExamples);
  command->callback([flags] { run_flatten(*flags); });
}

}  // namespace sentio::cli
