/// The lines of doctor that ask the broker, and those about bars, whose holes the broker may fill.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sentio/core/text/text.h"
#include "sentio/data/bar_verification.h"
#include "sentio/live/live_connections.h"
#include "sentio/live/live_warm_up.h"
#include "sentio/mock/warm_up.h"
#include "start/doctor_lines.h"
#include "start/start_questions.h"

namespace sentio {

namespace {

/// Minutes without a bar from which a session is worth a look: these instruments trade every minute.
constexpr int kGapWorthALook = 30;

std::string new_york_minute(TimePoint at) {
  return format_new_york(at).substr(0, 16);
}

/// What live takes as it is, and a person should have seen.
void add_oddities(const BarVerification& found, std::vector<std::string>& out) {
  for (const SessionCoverage& s : found.sessions) {
    if (s.longest_gap < kGapWorthALook) continue;
    const auto hours = NyseCalendar::session(s.date);
    out.push_back(found.symbol + ": " + std::to_string(s.longest_gap) + " minutes without a bar from " +
                  new_york_minute(hours->minute_start(s.longest_gap_minute)));
  }
  for (const PriceJump& jump : found.jumps) {
    char text[120];
    std::snprintf(text, sizeof text, ": %+.0f%% at %s%s", (jump.ratio - 1) * 100, new_york_minute(jump.at).c_str(),
                  jump.split ? ", which looks like a split" : "");
    out.push_back(found.symbol + text);
  }
}

class BrokerLines {
 public:
  BrokerLines(const DoctorDay& day, DoctorLines& lines) : day_(day), lines_(lines) {}

  void run() {
    connect();
    account();
    clock();
    calendar();
    instruments();
    positions();
    bars();
    learned_state();
  }

 private:
  void connect() {
    static const Universe none;  // queries of the account need no instruments
    if (day_.request.offline) {
      why_not_ = "not asked (--offline)";
    } else if (day_.keys == nullptr) {
      why_not_ = "not asked: no keys";
    } else {
      connector_.emplace(day_.request.endpoints, *day_.keys, day_.request.alpaca_feed,
                         day_.setup != nullptr ? day_.setup->universe : none, *day_.pacer);
      auto broker = connector_->broker();
      if (broker) broker_ = *std::move(broker);
      if (!broker) why_not_ = broker.error().message();
    }
  }

  void account() {
    if (!broker_) return lines_.skip("account", why_not_);
    const auto account = ask_account(*broker_);
    if (!account) {
      broker_.reset();
      connector_.reset();
      why_not_ = "not asked: the account cannot be read";
      return lines_.fail("account", account.error());
    }
    const std::string text = account->status + ", equity " + account->equity.text + " USD, buying power " +
                             account->buying_power.text + " USD";
    const std::vector<std::string> warnings = account_warnings(*account);
    const auto checked = check_account(*account);
    if (!checked || warnings.empty()) return lines_.judge("account", checked, text);
    lines_.warn("account", text + "\n" + joined(warnings, "\n"));
  }

  void clock() {
    if (!broker_) return lines_.skip("clock", why_not_);
    const auto skew = ask_clock(*broker_, *day_.pacer);
    if (!skew) return lines_.fail("clock", skew.error());
    char text[64];
    std::snprintf(text, sizeof text, "%+.1f s against the broker's", std::round(skew->seconds * 10) / 10 + 0.0);
    lines_.judge("clock", skew->verdict, text);
  }

  void calendar() {
    if (!broker_) return lines_.skip("broker calendar", why_not_);
    if (day_.hours == nullptr) return lines_.skip("broker calendar", "no session");
    lines_.judge("broker calendar", ask_calendar(*broker_, *day_.hours), "has the same hours");
  }

  void instruments() {
    if (!broker_ || day_.setup == nullptr) return lines_.skip("instruments", needs());
    const auto warnings = ask_assets(*broker_, day_.setup->universe);
    if (!warnings) return lines_.fail("instruments", warnings.error());
    if (warnings->empty()) return lines_.ok("instruments", "known and tradable");
    lines_.warn("instruments", "known and tradable\n" + joined(*warnings, "\n"));
  }

  void positions() {
    if (!broker_ || day_.setup == nullptr) return lines_.skip("positions", needs());
    const auto book = ask_book(*broker_, day_.pacer->now(), day_.setup->universe, day_.date, false);
    if (!book) return lines_.fail("positions", book.error());
    std::vector<std::string> found = book->notes;
    for (const auto& held : book->held) {
      found.push_back(day_.setup->universe[held.symbol].name + ": held since the last session, explained by our orders; "
                      "sentio_cli flatten sells it, live takes it over");
    }
    for (const BrokerOrder& order : book->own_open) {
      found.push_back(order.symbol + ": our open order " + order.client_order_id + "; live cancels it");
    }
    if (found.empty()) return lines_.ok("positions", "flat, no open orders in our instruments");
    lines_.warn("positions", joined(found, "\n"));
  }

  void bars() {
    if (day_.setup == nullptr) return lines_.skip("bars", needs());
    if (!day_.request.warmup_state.empty()) return lines_.skip("bars", "not needed with --warmup-state");
    std::unique_ptr<BarHistory> history;
    if (connector_) {
      if (auto made = connector_->history(FeedVendor::alpaca)) history = *std::move(made);
    }
    auto bars = load_warm_up_bars({.folder = day_.request.data_dir,
                                   .universe = day_.setup->universe,
                                   .day = day_.date,
                                   .sessions_wanted = day_.request.warmup_sessions,
                                   .stamp = day_.request.stamp,
                                   .accepted = day_.request.accepted,
                                   .allow_short = day_.request.allow_short_warmup,
                                   .jobs = day_.request.jobs,
                                   .history = history.get()});
    if (!bars) {
      Error error = bars.error();
      if (history == nullptr && error.code == Errc::not_found) error.detail += "\nthe broker was not asked for what is missing";
      return lines_.fail("bars", error);
    }
    std::string span;
    if (!bars->sessions.empty()) {
      span = ", " + format_date(bars->sessions.front().date) + " to " + format_date(bars->sessions.back().date);
    }
    const std::string text = std::to_string(bars->sessions.size()) + " of " +
                             std::to_string(day_.request.warmup_sessions) + " sessions of " +
                             std::to_string(bars->bars.size()) + " instruments" + span;
    if (bars->notes.empty()) {
      lines_.ok("bars", text);
    } else {
      lines_.warn("bars", text + "\n" + joined(bars->notes, "\n") + "\nlive does the same; add bars to " +
                              day_.request.data_dir.string());
    }
    quality(bars->bars, bars->review);
  }

  void quality(const std::vector<SymbolBars>& bars, const DataReview& review) {
    std::vector<std::string> odd;
    for (const Finding& finding : review.findings) odd.push_back(load_line(finding, review.accepted));
    for (const SymbolBars& symbol : bars) add_oddities(verify_bars(symbol), odd);
    if (odd.empty()) return lines_.ok("bar quality", "no long gap, no jump");
    lines_.warn("bar quality", joined(odd, "\n") + "\nlearned from as they are; sentio_cli verify-data says more");
  }

  void learned_state() {
    if (day_.request.warmup_state.empty()) return;
    if (day_.setup == nullptr) return lines_.skip("learned state", needs());
    const auto state =
        load_warm_up_state(day_.request.warmup_state, day_.setup->config, day_.setup->universe, day_.date);
    if (!state) return lines_.fail("learned state", state.error());
    lines_.ok("learned state", std::to_string(state->header.sessions) + " sessions up to " +
                                   format_date(state->header.last_session));
  }

  [[nodiscard]] std::string needs() const { return day_.setup == nullptr ? "needs the configuration" : why_not_; }

  const DoctorDay& day_;
  DoctorLines& lines_;
  std::optional<LiveConnector> connector_;
  std::unique_ptr<LiveBrokerInterface> broker_;
  std::string why_not_;
};

}  // namespace

void examine_at_broker(const DoctorDay& day, DoctorLines& lines) {
  BrokerLines(day, lines).run();
}

}  // namespace sentio
