/// TradingSession::fits(): what may be stepped. Everything that a step takes for an invariant of its event, asked
/// beforehand; the checks within the steps stay, for what is our own doing.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sentio/session/trading_session.h"

namespace sentio {

namespace {

/// A day's events are its own; a clock that is further off is not a clock.
constexpr std::chrono::hours kAroundSession{24};
/// An execution's own time only dates it: a broker that sends an odd one must not cost us the shares.
constexpr TimePoint kTradeFirst{std::chrono::sys_days{std::chrono::year{1970} / 1 / 1}};
constexpr TimePoint kTradeLast{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

std::string amount(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", v);
  return text;
}

bool sound(Qty qty, Price price) {
  // Negated comparisons would let NaN in.
  return qty >= kSmallestQty && price > Price{0} && qty * price <= kUsdMax;
}

}  // namespace

/// Each returns what is wrong; empty: it fits.
struct TradingSession::Door {
  const TradingSession& s;
  TimePoint now;

  [[nodiscard]] std::string time(const SessionHours& hours) const {
    if (now < s.now_) {
      return "its time " + format_utc(now) + " is before that of the event before it, " + format_utc(s.now_);
    }
    if (now >= hours.open - kAroundSession && now <= hours.close + kAroundSession) return {};
    return "its time " + format_utc(now) + " is not of the session of " + format_date(hours.date);
  }
  [[nodiscard]] std::string symbol(SymbolId id) const {
    return id < s.options_.universe.size() ? std::string{} : "there is no symbol " + std::to_string(id);
  }
  [[nodiscard]] std::string order(const OrderKey& key) const { return symbol(key.symbol); }
  [[nodiscard]] const std::string& name(SymbolId id) const { return s.options_.universe[id].name; }

  std::string operator()(const SessionOpened& e) const {
    if (s.in_session_) return "the session is open already";
    if (!s.flat()) return "the session before it did not end flat";
    if (!(e.hours.date.ok() && e.hours.minutes > 0 && e.hours.minutes <= kFullSessionMinutes &&
          e.hours.close == e.hours.minute_start(e.hours.minutes))) {
      return "its hours are those of no session";
    }
    if (s.hours_.date >= e.hours.date) return "the session of " + format_date(s.hours_.date) + " is over";
    return time(e.hours);
  }

  std::string operator()(const BarsArrived& e) const {
    if (e.minute != s.minute_ + 1 || e.minute >= s.hours_.minutes) {
      return "bars of minute " + std::to_string(e.minute) +
             (s.minute_ + 1 < s.hours_.minutes ? ", minute " + std::to_string(s.minute_ + 1) + " is next"
                                               : std::string(", the last minute is over"));
    }
    if (now < s.hours_.minute_end(e.minute)) return "bars of minute " + std::to_string(e.minute) + " before its end";
    if (e.bars.size() != s.options_.universe.size()) {
      return "bars of " + std::to_string(e.bars.size()) + " symbols instead of " +
             std::to_string(s.options_.universe.size());
    }
    for (std::size_t i = 0; i < e.bars.size(); ++i) {
      if (!e.bars[i]) continue;
      if (std::string wrong = bar(static_cast<SymbolId>(i), *e.bars[i], e.minute); !wrong.empty()) return wrong;
    }
    return {};
  }
  [[nodiscard]] std::string bar(SymbolId id, const Bar& bar, int minute) const {
    if (bar.start != s.hours_.minute_start(minute)) return "a bar of " + name(id) + " of another minute";
    if (!plausible(bar)) return "a bar of " + name(id) + " that is no market's";
    const Qty held = s.ledger_.position(id).qty;
    if (!(held * Price{bar.close} <= kUsdMax)) return "a price of " + name(id) + " that no position of ours has";
    return {};
  }

  std::string operator()(const OrderFilled& e) const {
    const Fill& f = e.fill;
    if (std::string wrong = order(f.order); !wrong.empty()) return wrong;
    const std::string what =
        "an execution of " + amount(f.qty.v) + " " + name(f.order.symbol) + " at " + amount(f.price.v);
    if (!sound(f.qty, f.price)) return what + ": no such trade";
    if (f.at < kTradeFirst || f.at > kTradeLast) return what + " at no time that a market was open";
    const WorkingOrder* working = s.working_.find(f.order.symbol);
    if (working == nullptr || !(working->order.key == f.order)) return what + ": its order is not at work";
    if (f.qty > working->left()) return what + ": its order has " + amount(working->left().v) + " left";
    if (working->order.side == Side::sell && f.qty > s.ledger_.position(f.order.symbol).qty + kSmallestQty) {
      return what + ": more than is held";
    }
    if (std::find(s.executions_.begin(), s.executions_.end(), f.execution) != s.executions_.end()) {
      return what + ": execution " + std::to_string(f.execution) + " is booked already";
    }
    return {};
  }
  std::string operator()(const OrderCanceled& e) const { return order(e.order); }
  std::string operator()(const OrderRejected& e) const { return order(e.order); }

  std::string operator()(const PositionAdopted& e) const {
    if (std::string wrong = symbol(e.symbol); !wrong.empty()) return wrong;
    const std::string what =
        amount(e.qty.v) + " " + name(e.symbol) + " at " + amount(e.avg_entry.v) + " cannot be taken over: ";
    if (!s.trading_ || s.minute_ >= 0) return what + "the day is under way";
    if (!sound(e.qty, e.avg_entry)) return what + "no such position";
    const bool held = s.ledger_.position(e.symbol).qty > Qty{0} || s.working_.find(e.symbol) != nullptr;
    if (held) return what + "it is held already";
    return {};
  }
  std::string operator()(const PositionClosedByBroker& e) const {
    if (std::string wrong = symbol(e.symbol); !wrong.empty()) return wrong;
    const std::string what = "the broker's sale of " + amount(e.qty.v) + " " + name(e.symbol) + " at " + amount(e.price.v);
    if (!sound(e.qty, e.price)) return what + ": no such trade";
    if (e.at < kTradeFirst || e.at > kTradeLast) return what + " at no time that a market was open";
    if (s.working_.find(e.symbol) != nullptr) return what + ": an order of ours is at work";
    if (e.qty > s.ledger_.position(e.symbol).qty + kSmallestQty) return what + ": more than is held";
    return {};
  }
  std::string operator()(const SessionClosed&) const {
    if (s.minute_ + 1 == s.hours_.minutes) return {};
    return "the session's end, minute " + std::to_string(s.minute_ + 1) + " is next";
  }
  std::string operator()(const SymbolHalted& e) const { return symbol(e.symbol); }
  // No more than a wish or a state: nothing about them can be wrong.
  std::string operator()(const EodTimer&) const { return {}; }
  std::string operator()(const EntriesSuspended&) const { return {}; }
  std::string operator()(const MaintenanceMode&) const { return {}; }
  std::string operator()(const BreakerLatched&) const { return {}; }
  std::string operator()(const FlattenRequested&) const { return {}; }
};

Result<> TradingSession::fits(TimePoint now, const Event& event) const {
  const Door door{*this, now};
  std::string wrong;
  if (const auto* opened = std::get_if<SessionOpened>(&event)) {
    wrong = door(*opened);
  } else if (!in_session_) {
    wrong = hours_.date.ok() ? "the session is over" : "the session has not begun";
  } else {
    wrong = door.time(hours_);
    if (wrong.empty()) wrong = std::visit(door, event);
  }
  if (wrong.empty()) return {};
  return fail(Errc::mismatch, {}, std::move(wrong));
}

}  // namespace sentio
