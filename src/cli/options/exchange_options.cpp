#include "options/exchange_options.h"

#include <charconv>

#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

/// "10:30" to minutes after the open.
int minute_or_finish(const std::string& flag, const std::string& text, const SessionHours& hours) {
  int hour = -1, minute = -1;
  const bool shape = text.size() == 5 && text[2] == ':' &&
                     std::from_chars(text.data(), text.data() + 2, hour).ptr == text.data() + 2 &&
                     std::from_chars(text.data() + 3, text.data() + 5, minute).ptr == text.data() + 5 &&
                     hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
  if (!shape) finish(Error{Errc::usage, flag, "'" + text + "' is not a time of day like 10:30"});
  const TimePoint at = from_new_york(hours.date, std::chrono::hours{hour} + std::chrono::minutes{minute});
  if (at < hours.open || at > hours.close) {
    finish(Error{Errc::usage, flag, text + " New York is outside the session of " + format_date(hours.date)});
  }
  return static_cast<int>((at - hours.open) / kBarLength);
}

std::vector<exchange::Fault> faults_or_finish(const ExchangeFlags& flags) {
  std::vector<exchange::Fault> faults;
  if (!flags.faults_file.empty()) {
    const std::string text = value_or_finish(read_text_file(flags.faults_file));
    faults = value_or_finish(exchange::parse_fault_script(text, flags.faults_file));
  }
  for (const std::string& line : flags.faults) {
    auto fault = exchange::parse_fault(line);
    if (!fault) finish(Error{Errc::usage, "--fault \"" + line + "\"", fault.error().detail});
    faults.push_back(*std::move(fault));
  }
  return faults;
}

}  // namespace

void add_exchange_flags(CLI::App& command, ExchangeFlags& flags) {
  command.add_option("--date", flags.date, "Recorded session to serve, YYYY-MM-DD")->required();
  command.add_option("--from", flags.from, "Start of the window, New York HH:MM (default: the open)");
  command.add_option("--to", flags.to, "End of the window, New York HH:MM (default: the close)");
  command.add_option("--faults", flags.faults_file, "Script of faults, one a line (docs/exchange-sim.md)");
  command.add_option("--fault", flags.faults, "One fault, e.g. --fault 'at 10:31 mute data 90s'; repeatable");
  command.add_option("--speed", flags.speed, "N = N times real time; 0 = lock step, as fast as the driver")
      ->check(number_from(0, 1e6))
      ->capture_default_str();
}

SessionHours session_or_finish(const ExchangeFlags& flags) {
  const Date date = date_or_finish("--date", flags.date);
  const auto hours = NyseCalendar::session(date);
  if (!hours) {
    finish(Error{Errc::no_session, flags.date,
                 "no session: " + std::string(NyseCalendar::closure_reason(date))});
  }
  return *hours;
}

ExchangeOptions exchange_options_or_finish(const ExchangeFlags& flags, const RunSetup& setup,
                                           const SessionHours& hours) {
  ExchangeOptions options;
  options.universe = setup.universe;
  options.session = hours.date;
  options.fill = setup.config.fill;
  options.cash = flags.cash;
  options.port = flags.port;
  options.speed = flags.speed;
  options.faults = faults_or_finish(flags);
  if (!flags.from.empty()) options.from_minute = minute_or_finish("--from", flags.from, hours);
  if (!flags.to.empty()) options.to_minute = minute_or_finish("--to", flags.to, hours) - 1;
  const int last = options.to_minute.value_or(hours.minutes - 1);
  if (options.from_minute > last) finish(Error{Errc::usage, "--to", "must be later than --from"});
  return options;
}

}  // namespace sentio::cli
