/// `exchange-sim`: a local exchange over recorded bars.

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stop_token>
#include <thread>

#include "commands.h"
#include "options/checked_bars.h"
#include "options/common_options.h"
#include "options/exchange_options.h"
#include "options/signal_stop.h"
#include "sentio/exchange/exchange_main.h"

namespace sentio::cli {

namespace {

struct ExchangeSimFlags {
  CommonOptions common;
  ExchangeFlags exchange;
  std::string certificate, key;
};

constexpr const char* kExchangeSimExamples =
    "Examples:\n"
    "  sentio_cli exchange-sim --date 2025-09-26 --port 8900 --speed 39\n"
    "  sentio_cli exchange-sim --date 2025-09-26 --from 10:00 --to 11:00 --fault 'at 10:15 drop data'\n"
    "\n"
    "Listens on 127.0.0.1 only; key exchange-key, secret exchange-secret. Prints one line with the address, "
    "serves\n"
    "until SIGINT or SIGTERM. Speed 0 waits for a driver on /control. Protocol and faults: "
    "docs/exchange-sim.md.\n"
    "\n"
    "Faults, each with \"at HH:MM[:SS]\" before it where wanted; D is a duration such as 90s or 5m:\n";

std::string exchange_sim_footer() {
  std::string text = kExchangeSimExamples;
  std::istringstream lines(exchange::fault_help());
  for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
  text.pop_back();
  return text;
}

[[noreturn]] void run_exchange_sim(const ExchangeSimFlags& flags) {
  if (!flags.common.log_dir.empty()) begin_log(flags.common, "exchange-sim");
  const RunSetup setup = setup_or_finish(flags.common);
  const SessionHours hours = session_or_finish(flags.exchange);
  ExchangeOptions options = exchange_options_or_finish(flags.exchange, setup, hours);
  options.certificate_file = flags.certificate;
  options.key_file = flags.key;
  if (flags.certificate.empty() != flags.key.empty()) {
    finish(Error{Errc::usage, "exchange-sim", "--tls-cert and --tls-key belong together"});
  }
  const auto history = NyseCalendar::sessions_before(hours.date, flags.exchange.history_days);
  const Date first = history.empty() ? hours.date : history.front().date;
  const int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  options.recordings = value_or_finish(
      load_bars(flags.common.data_dir, setup.universe,
                {.first = first, .last = hours.date, .stamp = stamp_of(flags.common)}, jobs));
  // An exchange serves what it has; whoever trades or learns from it refuses.
  for (const Finding& finding : check_load(options.recordings, {setup.universe.begin(), setup.universe.end()},
                                           {history, {hours}})) {
    print_warning(load_line(finding));
  }
  std::stop_source stop;
  const SignalStop signals([&stop] { stop.request_stop(); });
  const std::string scheme = flags.certificate.empty() ? "http" : "https";
  const auto announce = [&](int port) {
    const std::string url = scheme + "://127.0.0.1:" + std::to_string(port);
    const nlohmann::ordered_json j = {
        {"date", flags.exchange.date}, {"url", url}, {"port", port}, {"speed", flags.exchange.speed}};
    const std::string pace = flags.exchange.speed > 0 ? "" : ", lock step over /control";
    print_or_finish(flags.common.json ? j.dump() + "\n"
                                      : "exchange-sim " + flags.exchange.date + " on " + url + pace + "\n");
  };
  value_or_finish(run_exchange(options, announce, stop.get_token()));
  finish(ExitCode::ok);
}

}  // namespace

void add_exchange_sim(CLI::App& app) {
  auto* command =
      app.add_subcommand("exchange-sim", "Serve a recorded session as Alpaca and Polygon would, with faults");
  auto flags = std::make_shared<ExchangeSimFlags>();
  add_exchange_flags(*command, flags->exchange);
  command->add_option("--port", flags->exchange.port, "Port on 127.0.0.1; 0 = any free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_option("--cash", flags->exchange.cash, "Cash of the account in USD")
      ->check(number_from(1, 1e12))
      ->capture_default_str();
  command
      ->add_option("--history-days", flags->exchange.history_days,
                   "Sessions before the day that history requests see")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--tls-cert", flags->certificate, "PEM certificate: serve https and wss");
  command->add_option("--tls-key", flags->key, "PEM key of the certificate");
  command->add_flag("--json", flags->common.json, "Print the address as JSON");
  flags->common.log_dir.clear();
  command->add_option("--log-dir", flags->common.log_dir, "Keep an operational log, DIR/sentio.log (default: none)");
  add_log_level_flag(*command, flags->common);
  add_setup_flags(*command, flags->common);
  add_data_flag(*command, flags->common);
  add_stamp_flag(*command, flags->common);
  command->footer(exchange_sim_footer());
  command->callback([flags] { run_exchange_sim(*flags); });
}

}  // namespace sentio::cli
