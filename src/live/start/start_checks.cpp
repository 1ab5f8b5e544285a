#include "start/start_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sentio/core/client_order_id.h"
#include "sentio/core/text/json_line.h"
#include "sentio/core/text/text.h"
#include "sentio/run/problems.h"

namespace sentio {

namespace {

using std::chrono::nanoseconds;

/// Some of it may be held for a moment.
constexpr double kBuyingPowerOfCash = 0.95;

/// A word of the broker's as it may be shown.
std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  return text.empty() ? "(nothing)" : tame(text, kLongest);
}

/// "150", "0.5": quantities have at most 9 decimals.
std::string shares_text(double shares) {
  std::string out;
  append_number(out, shares, 9);
  return out;
}

std::string some_shares(double shares) {
  return shares_text(shares) + (std::fabs(shares) == 1 ? " share" : " shares");
}

bool same_shares(double a, double b) {
  return std::fabs(a - b) <= kShareTolerance;
}

std::string hours_text(std::chrono::minutes open, std::chrono::minutes close) {
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d-%02d:%02d", static_cast<int>(open.count() / 60),
                static_cast<int>(open.count() % 60), static_cast<int>(close.count() / 60),
                static_cast<int>(close.count() % 60));
  return text;
}

bool has_attribute(const BrokerAsset& asset, std::string_view attribute) {
  return std::ranges::find(asset.attributes, attribute) != asset.attributes.end();
}

// ---- reconciliation -----------------------------------------------------------------------------

bool is_ours(const BrokerOrder& order) {
  const auto parts = parse_client_order_id(order.client_order_id);
  return parts && parts->symbol == order.symbol && order.side.value_or(parts->side) == parts->side;
}

/// Signed shares that the order moved so far.
double net_filled(const BrokerOrder& order) {
  const Side side = order.side.value_or(parse_client_order_id(order.client_order_id)->side);
  return side == Side::buy ? order.filled_qty.value : -order.filled_qty.value;
}

bool later(const BrokerOrder& a, const BrokerOrder& b) {
  if (a.filled_qty.value != b.filled_qty.value) return a.filled_qty.value > b.filled_qty.value;
  return a.ended && !b.ended;
}

/// Two lists put together, or two pages, may name an order twice.
std::vector<BrokerOrder> each_once(const std::vector<BrokerOrder>& orders) {
  std::vector<BrokerOrder> once;
  for (const BrokerOrder& order : orders) {
    const auto same = std::ranges::find(once, order.id, &BrokerOrder::id);
    if (same == once.end()) {
      once.push_back(order);
    } else if (later(order, *same)) {
      *same = order;
    }
  }
  return once;
}

/// What replaced an order of ours at the broker is ours: it gets our name for it.
std::vector<BrokerOrder> under_first_names(std::vector<BrokerOrder> orders) {
  const auto forerunner = [&](const BrokerOrder& order) {
    return std::ranges::find_if(orders, [&](const BrokerOrder& old) {
      return (!old.id.empty() && old.id == order.replaces) || (!order.id.empty() && old.replaced_by == order.id);
    });
  };
  for (BrokerOrder& order : orders) {
    auto first = forerunner(order);
    for (std::size_t steps = 0; first != orders.end() && steps < orders.size(); ++steps) {
      order.client_order_id = first->client_order_id;
      first = forerunner(*first);
    }
  }
  return orders;
}

/// "buy 50 (new, id 61e69015…)"
std::string described(const BrokerOrder& order) {
  std::string text = order.side ? std::string(to_string(*order.side)) : std::string("order");
  if (order.qty) {
    text += " " + shown(order.qty->text);
  } else if (order.notional) {
    text += " for " + shown(order.notional->text) + " USD";
  }
  return text + " (" + shown(order.status) + ", id " + shown(order.id) + ")";
}

class Reconciler {
 public:
  Reconciler(const Universe& universe, const std::vector<BrokerOrder>& orders, bool adopt)
      : universe_(universe),
        orders_(under_first_names(each_once(orders))),
        adopt_(adopt),
        explained_(universe.size(), 0.0),
        counted_twice_(universe.size(), 0.0) {
    for (const BrokerOrder& order : orders_) {
      const auto symbol = universe_.find(order.symbol);
      if (!symbol || !is_ours(order)) continue;
      explained_[*symbol] += net_filled(order);
      const auto next = std::ranges::find(orders_, order.replaced_by, &BrokerOrder::id);
      const bool replaced = !order.replaced_by.empty() && next != orders_.end();
      if (replaced && next->filled_qty.value >= order.filled_qty.value) counted_twice_[*symbol] += net_filled(order);
    }
  }

  Result<Reconciliation> run(const std::vector<BrokerPosition>& positions) {
    for (const BrokerPosition& position : positions) take(position);
    for (const BrokerOrder& order : orders_) {
      if (!order.ended) take(order);
    }
    note_vanished(positions);
    std::ranges::sort(found_.held, {}, &Reconciliation::Held::symbol);
    if (auto refused = problems_.as(Errc::reconciliation); !refused) return tl::unexpected(refused.error());
    return std::move(found_);
  }

 private:
  void take(const BrokerPosition& position) {
    if (position.shares == 0) return;
    const auto symbol = universe_.find(position.symbol);
    if (!symbol) {
      note(shown(position.symbol) + ": " + some_shares(position.shares) +
           ", not one of our instruments; left alone");
      return;
    }
    const std::string holds = position.symbol + ": the broker holds " + some_shares(position.shares);
    if (position.shares < 0) {
      problems_.add(holds + ", a short position, which this program never has; buy them back");
    } else if (!same_shares(position.shares, std::round(position.shares))) {
      problems_.add(holds + ", not a whole number; sell them, this program trades whole shares only");
    } else if (!(position.avg_entry_price.value > 0)) {
      problems_.add(holds + " at no entry price; sell them, or ask the broker");
    } else {
      hold(*symbol, position, holds);
    }
  }
  void hold(SymbolId symbol, const BrokerPosition& position, const std::string& holds) {
    const bool foreign = !same_shares(position.shares, explained_[symbol]) &&
                         !same_shares(position.shares, explained_[symbol] - counted_twice_[symbol]);
    const std::string disagreement = holds + ", our orders explain " + shares_text(explained_[symbol]);
    if (foreign && !adopt_) {
      problems_.add(disagreement + "; sell them, or take them over with --adopt");
      return;
    }
    if (foreign) note(disagreement + "; taken over");
    found_.held.push_back({.symbol = symbol,
                           .qty = Qty{std::round(position.shares)},
                           .avg_entry = Price{position.avg_entry_price.value},
                           .foreign = foreign});
  }
  void take(const BrokerOrder& order) {
    if (!universe_.find(order.symbol)) {
      note(shown(order.symbol) + ": open order, " + described(order) +
           ", not one of our instruments; left alone");
    } else if (is_ours(order)) {
      found_.own_open.push_back(order);
    } else if (adopt_) {
      found_.foreign_open.push_back(order);
    } else {
      problems_.add(order.symbol + ": an open order that is not ours, " + described(order) +
                    "; cancel it, or have it cancelled with --adopt");
    }
  }
  /// Sold by hand, or by orders older than the list: nothing to adopt, but worth a line.
  void note_vanished(const std::vector<BrokerPosition>& positions) {
    for (std::size_t i = 0; i < universe_.size(); ++i) {
      const std::string& name = universe_[static_cast<SymbolId>(i)].name;
      const bool held =
          std::ranges::any_of(positions, [&](const auto& p) { return p.symbol == name && p.shares != 0; });
      if (held || same_shares(explained_[i], 0)) continue;
      note(name + ": our orders explain " + some_shares(explained_[i]) +
           ", the broker holds none; nothing is adopted");
    }
  }
  void note(std::string text) { found_.notes.push_back(std::move(text)); }

  const Universe& universe_;
  std::vector<BrokerOrder> orders_;
  bool adopt_;
  std::vector<double> explained_;  ///< by SymbolId: net filled shares of our own orders
  /// Of those, what a successor may have counted among its own: that is documented nowhere.
  std::vector<double> counted_twice_;
  Reconciliation found_;
  Problems problems_;
};

}  // namespace

nanoseconds clock_skew(const MarketClock& broker, TimePoint asked_at, TimePoint answered_at) {
  // A clock that is set while the question is out can put the answer before it.
  const auto [first, last] = std::minmax(asked_at, answered_at);
  if (broker.timestamp < first) return broker.timestamp - first;
  if (broker.timestamp > last) return broker.timestamp - last;
  return nanoseconds{0};
}

Result<> check_clock(const MarketClock& broker, TimePoint asked_at, TimePoint answered_at,
                     std::chrono::nanoseconds allowed) {
  const nanoseconds skew = clock_skew(broker, asked_at, answered_at);
  if (std::chrono::abs(skew) <= allowed) return {};
  const double seconds = std::fabs(std::chrono::duration<double>(skew).count());
  char text[160];
  std::snprintf(
      text, sizeof text,
      "this machine's clock is %.1f s %s the broker's, at most %d are allowed; synchronise it, e.g. with "
      "timedatectl set-ntp true",
      seconds, skew.count() > 0 ? "behind" : "ahead of", static_cast<int>(std::chrono::floor<std::chrono::seconds>(allowed).count()));
  return fail(Errc::rejected, "clock", text);
}

Result<> check_calendar(const SessionHours& ours, const std::optional<CalendarDay>& broker) {
  using std::chrono::minutes;
  const auto open = std::chrono::duration_cast<minutes>(new_york_time_of_day(ours.open));
  const auto close = std::chrono::duration_cast<minutes>(new_york_time_of_day(ours.close));
  if (broker && broker->date == ours.date && broker->open == open && broker->close == close) return {};
  std::string theirs = "no session";
  if (broker) {
    theirs = hours_text(broker->open, broker->close);
    if (broker->date != ours.date) theirs = format_date(broker->date) + " " + theirs;
  }
  return fail(Errc::mismatch, format_date(ours.date),
              "the broker's calendar says " + theirs + ", this program's " + hours_text(open, close) +
                  "; check with nyse.com which is right and do not trade that day before they agree");
}

Result<> check_account(const BrokerAccount& account) {
  Problems problems;
  const auto refuse = [&](const std::string& what) { problems.add("account: " + what); };
  for (const std::string& hindrance : account.hindrances) refuse(hindrance);
  if (account.currency != "USD") refuse("currency is " + shown(account.currency) + ", only USD is traded");
  const auto positive = [&](const char* name, const Decimal& amount) {
    if (std::isfinite(amount.value) && amount.value > 0) return;
    refuse(std::string(name) + " is " + shown(amount.text) + ", must be above 0");
  };
  positive("cash", account.cash);
  positive("equity", account.equity);
  return problems.as(Errc::rejected);
}

std::vector<std::string> account_warnings(const BrokerAccount& account) {
  std::vector<std::string> lines;
  if (account.leverage && *account.leverage <= 1) {
    lines.emplace_back("account: leverage 1, the broker lends nothing (limited margin: equity below 2,000 USD); entries "
                       "never count on more than the cash of sales that are done");
  }
  // Written so that a buying power that is no number is named.
  if (!(account.buying_power.value >= kBuyingPowerOfCash * account.cash.value)) {
    lines.push_back("account: buying power is " + shown(account.buying_power.text) + " USD, below the cash of " +
                    shown(account.cash.text) + "; entries beyond it will be refused: look at the broker's pages for a margin "
                    "call, open orders or held funds");
  }
  return lines;
}

Result<> check_assets(const Universe& universe, const std::vector<BrokerAsset>& assets) {
  Problems problems;
  for (const SymbolInfo& symbol : universe) {
    const auto asset = std::ranges::find(assets, symbol.name, &BrokerAsset::symbol);
    constexpr const char* kNext = "; leave it out with --symbols";
    if (asset == assets.end()) {
      problems.add(symbol.name + ": the broker does not know it" + kNext);
    } else if (!asset->active) {
      problems.add(symbol.name + ": the broker says " + shown(asset->status) + ", not active" + kNext);
    } else if (!asset->tradable) {
      problems.add(symbol.name + ": the broker says it is not tradable" + kNext);
    } else if (has_attribute(*asset, "ipo")) {
      problems.add(symbol.name + ": the broker takes limit orders only until its public offering is over (ipo)" + kNext);
    }
  }
  return problems.as(Errc::rejected);
}

std::vector<std::string> asset_warnings(const Universe& universe, const std::vector<BrokerAsset>& assets) {
  std::vector<std::string> lines;
  for (const BrokerAsset& asset : assets) {
    if (!universe.find(asset.symbol) || !has_attribute(asset, "ptp_no_exception")) continue;
    lines.push_back(asset.symbol + ": a publicly traded partnership (ptp_no_exception): the broker refuses purchases until the "
                    "account's setting ptp_no_exception_entry is on; set it there, or leave it out with --symbols");
  }
  return lines;
}

Result<Reconciliation> reconcile(const Universe& universe, const std::vector<BrokerPosition>& positions,
                                 const std::vector<BrokerOrder>& orders, bool adopt) {
  return Reconciler(universe, orders, adopt).run(positions);
}

Result<> check_resumed(const Universe& universe, const Reconciliation& found, const TradingSession& session) {
  Problems problems;
  for (std::size_t i = 0; i < universe.size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const auto held = std::ranges::find(found.held, symbol, &Reconciliation::Held::symbol);
    const double broker = held == found.held.end() ? 0 : held->qty.v;
    const double ledger = session.ledger().position(symbol).qty.v;
    double lowest = ledger, highest = ledger;
    if (const WorkingOrder* working = session.working_orders().find(symbol)) {
      if (working->order.side == Side::buy) highest += working->left().v;
      if (working->order.side == Side::sell) lowest -= working->left().v;
    }
    if (broker >= lowest - kShareTolerance && broker <= highest + kShareTolerance) continue;
    std::string explained = shares_text(lowest);
    if (highest > lowest) explained += " to " + shares_text(highest);
    problems.add(universe[symbol].name + ": the broker holds " + some_shares(broker) +
                 ", today's journal explains " + explained + "; sentio_cli flatten closes everything");
  }
  return problems.as(Errc::reconciliation);
}

}  // namespace sentio
