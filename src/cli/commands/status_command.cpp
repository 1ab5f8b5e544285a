/// `status`: is the live process well, and does the broker hold what we think.

#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands.h"
#include "options/account_flags.h"
#include "options/common_options.h"
#include "output/status_book.h"
#include "sentio/live/live_connections.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// A status is up to 5 s old; a fill in between is no difference.
constexpr std::chrono::seconds kSecondLook{6};

struct StatusFlags {
  AccountFlags account;
  std::string log_dir = "logs";
  bool health = false, positions = false, json = false;
  [[nodiscard]] bool both() const { return health == positions; }
};

constexpr const char* kStatusExamples =
    "Examples:\n"
    "  sentio_cli status                       # health, and positions where there are keys\n"
    "  sentio_cli status --health --json       # for a monitor; asks nobody\n"
    "  sentio_cli status --positions --real\n"
    "\n"
    "Health: LOG-DIR/live_trading/status.json, which a live process writes every 5 s. A process is due from\n"
    "five minutes before the open to the close. Positions: our own book (status.json, or today's journal "
    "where\n"
    "no process runs) beside the broker's; symbols that are not this system's are shown and left alone.\n"
    "Exit 0: fine. 3: something is stale or unhealthy. 4: the broker cannot be asked. 5: positions differ.";

/// What the broker said, or why it did not.
struct BrokerSide {
  std::optional<Error> problem;
  bool asked = false;  ///< there were keys to ask with
  double cash = 0, pending_fees = 0;
  std::vector<BrokerPosition> positions;
};

/// Everything that is printed.
struct Report {
  std::string account;
  TimePoint now{};
  std::vector<HealthLine> health;
  std::optional<BrokerSide> broker;
  OwnBook own;
  std::vector<BookLine> books;

  [[nodiscard]] bool differs() const {
    return !std::ranges::all_of(books, [](const BookLine& l) { return l.ok; });
  }
  [[nodiscard]] bool healthy() const {
    return std::ranges::all_of(health, [](const HealthLine& l) { return l.ok; });
  }
};

class StatusCommand {
 public:
  explicit StatusCommand(const StatusFlags& flags)
      : flags_(flags), account_(flags.account.real ? LiveAccount::real : LiveAccount::paper) {}
  [[noreturn]] void run();

 private:
  void connect();
  void read_own();
  void ask_positions();
  void look_at_books();
  void assess();
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string books_text() const;
  void add_books(Json& j) const;
  [[nodiscard]] std::string json(ExitCode code) const;
  [[nodiscard]] ExitCode exit_code() const;

  [[nodiscard]] bool wants_positions() const { return flags_.positions || flags_.both(); }
  [[nodiscard]] bool wants_health() const { return flags_.health || flags_.both(); }
  [[nodiscard]] bool is_ours(std::string_view account) const {
    return account == to_string(account_) || (account == "rehearse" && !flags_.account.exchange.empty());
  }

  const StatusFlags& flags_;
  LiveAccount account_;
  fs::path folder_ = fs::path(flags_.log_dir) / "live_trading";
  RealTimePacer pacer_{[] { return TimePoint{std::chrono::system_clock::now()}; }};
  std::unique_ptr<LiveBrokerInterface> broker_;  ///< ends before the pacer
  BrokerSide side_;
  std::optional<LiveStatus> status_;
  std::optional<int> pid_;
  Report report_;
};

/// Connects where somebody must be asked: for positions, and for an exchange-sim's own time.
void StatusCommand::connect() {
  report_.now = TimePoint{std::chrono::system_clock::now()};
  const LiveEndpoints endpoints = endpoints_or_finish(flags_.account, account_);
  if (!wants_positions() && flags_.account.exchange.empty()) return;
  auto keys = keys_of(flags_.account, account_);
  if (!keys && keys.error().code != Errc::unauthorized) finish(keys.error());
  if (!keys) {
    side_.problem = keys.error();
    return;
  }
  side_.asked = true;
  static const Universe none;  // questions need no instruments
  broker_ = value_or_finish(LiveConnector(endpoints, *keys, "iex", none, pacer_).broker());
  if (flags_.account.exchange.empty()) return;
  const auto clock = broker_->clock();
  if (clock) report_.now = clock->timestamp;
  if (!clock) side_.problem = clock.error();
}

void StatusCommand::read_own() {
  status_.reset();
  auto status = read_status(folder_);
  if (!status && status.error().code != Errc::not_found) finish(status.error());
  pid_ = running_pid(folder_);
  if (!status) return;
  if (is_ours(status->account)) {
    status_ = *std::move(status);
    return;
  }
  pid_.reset();
  print_warning((folder_ / "status.json").string() + ": is of the " + status->account + " account, not of " +
                std::string(to_string(account_)) + "; left aside");
}

void StatusCommand::ask_positions() {
  if (!broker_ || side_.problem) return;
  const auto account = broker_->account();
  auto positions = account ? broker_->positions() : tl::unexpected(account.error());
  if (!positions) {
    side_.problem = positions.error();
    return;
  }
  side_.cash = account->cash.value;
  side_.pending_fees = account->pending_fees;
  side_.positions = *std::move(positions);
}

void StatusCommand::look_at_books() {
  ask_positions();
  const Date date = new_york_date(report_.now);
  report_.own = value_or_finish(own_book({.folder = folder_,
                                          .date = date,
                                          .is_ours = [this](std::string_view a) { return is_ours(a); },
                                          .status = status_ ? &*status_ : nullptr,
                                          .running = pid_ && status_ && written_by(*status_, *pid_)}));
  report_.broker = side_;
  report_.books = compare_books(report_.own, side_.problem ? nullptr : &side_.positions);
}

void StatusCommand::assess() {
  report_.health = assess_health({.status = status_,
                                  .lock_holder_pid = pid_,
                                  .now = report_.now,
                                  .today = NyseCalendar::session(new_york_date(report_.now)),
                                  .disk_free_bytes = disk_free_bytes(folder_)});
}

ExitCode StatusCommand::exit_code() const {
  if (report_.differs()) return ExitCode::reconciliation;
  // Without flags positions are a courtesy: no keys, no complaint.
  if (side_.problem && (side_.asked || flags_.positions)) return ExitCode::broker;
  return report_.healthy() ? ExitCode::ok : ExitCode::data;
}

std::string row(bool ok, const std::string& name, const std::string& text) {
  std::string line = (ok ? "✅ " : "❌ ") + name;
  line.append(name.size() < 14 ? 14 - name.size() : 1, ' ');
  return line + text + "\n";
}

std::string books_row(const char* mark, const std::string& name, const std::string& own,
                      const std::string& broker, const std::string& note) {
  char line[160];
  std::snprintf(line, sizeof line, "%s %-12s%16s%16s%s%s\n", mark, name.c_str(), own.c_str(), broker.c_str(),
                note.empty() ? "" : "  ", note.c_str());
  return line;
}

std::string shares_text(double shares) {
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", shares);
  return text;
}

std::string usd_text(double usd) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", usd);
  return text;
}

std::string StatusCommand::books_text() const {
  const BrokerSide& broker = *report_.broker;
  std::string out;
  if (broker.problem) {
    out = exit_code() == ExitCode::broker ? row(false, "broker", "cannot be asked")
                                          : "   broker        not asked: " + broker.problem->message() + "\n";
  }
  out += books_row("  ", "", "own", "broker", "");
  for (const BookLine& l : report_.books) {
    const bool compared = l.is_instrument && l.broker;
    const char* note = !l.is_instrument ? "not this system's" : l.ok ? "" : "DIFFERS";
    out += books_row(!compared ? "  "
                     : l.ok    ? "✅"
                               : "❌",
                     l.symbol, l.is_instrument ? shares_text(l.own) : "-",
                     l.broker ? shares_text(*l.broker) : "?", note);
  }
  if (report_.books.empty()) out += books_row(broker.problem ? "  " : "✅", "no positions", "", "", "");
  const auto& cash = report_.own.cash;
  const std::string difference = broker.problem ? "" : cash_word(report_.own, broker.cash, broker.pending_fees);
  out += books_row("  ", "cash", cash ? usd_text(*cash) : "-", broker.problem ? "?" : usd_text(broker.cash),
                   difference);
  return out + "   own book: " + report_.own.source + "\n";
}

std::string StatusCommand::text() const {
  const auto now = std::chrono::floor<std::chrono::seconds>(report_.now);
  std::string out = "sentio " + report_.account + ", " + format_new_york(now) + "\n\n";
  for (const HealthLine& l : report_.health) out += row(l.ok, l.name, l.text);
  if (!report_.broker) return out;
  return out + (report_.health.empty() ? "" : "\n") + books_text();
}

void StatusCommand::add_books(Json& j) const {
  if (side_.problem) j["broker_problem"] = side_.problem->message();
  j["own_source"] = report_.own.source;
  j["positions"] = Json::array();
  for (const BookLine& l : report_.books) {
    j["positions"].push_back({{"symbol", l.symbol},
                              {"own", l.own},
                              {"broker", l.broker ? Json(*l.broker) : Json(nullptr)},
                              {"instrument", l.is_instrument},
                              {"ok", l.ok}});
  }
  const auto& cash = report_.own.cash;
  j["cash"] = {{"own", cash ? Json(*cash) : Json(nullptr)},
               {"broker", side_.problem ? Json(nullptr) : Json(side_.cash)},
               {"explained", report_.own.cash_explained},
               {"allowance", report_.own.cash_allowance}};
}

std::string StatusCommand::json(ExitCode code) const {
  Json j = {{"account", report_.account}, {"now", format_new_york(report_.now)}};
  if (wants_health()) {
    j["health"] = Json::array();
    for (const HealthLine& l : report_.health)
      j["health"].push_back({{"name", l.name}, {"ok", l.ok}, {"text", l.text}});
  }
  if (wants_positions()) add_books(j);
  j["exit_code"] = static_cast<int>(code);
  return j.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void StatusCommand::run() {
  report_.account = to_string(account_);
  connect();
  read_own();
  if (wants_positions()) {
    look_at_books();
    if (report_.differs() && pid_) {
      std::this_thread::sleep_for(kSecondLook);
      read_own();
      look_at_books();
    }
  }
  if (wants_health()) assess();
  const ExitCode code = exit_code();
  print_and_go_on(flags_.json ? json(code) : text());
  if (code == ExitCode::broker) {
    const Error& problem = *side_.problem;
    const bool refused = side_.asked && problem.code == Errc::unauthorized;
    const std::string hint = "; are these the keys of the " + report_.account + " account?";
    finish(Error{Errc::network, problem.where, problem.detail + (refused ? hint : "")});
  }
  finish(code);
}

}  // namespace

void add_status(CLI::App& app) {
  auto* command =
      app.add_subcommand("status", "Health of the live process, and its positions beside the broker's");
  auto flags = std::make_shared<StatusFlags>();
  command->add_flag("--health", flags->health, "Only health");
  command->add_flag("--positions", flags->positions, "Only positions");
  command->add_flag("--json", flags->json, "One JSON object instead of the table");
  command->add_option("--log-dir", flags->log_dir, "Where live trading writes")->capture_default_str();
  add_account_flags(*command, flags->account);
  command->footer(kStatusExamples);
  command->callback([flags] { StatusCommand(*flags).run(); });
}

}  // namespace sentio::cli
