#include "sentio/reports/run_comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "sentio/analysis/execution_cost.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

/// All executions of one order.
struct OrderFill {
  TimePoint minute{};
  std::string order, symbol, side;
  double qty = 0, notional = 0, fees = 0;
  bool matched = false;
  [[nodiscard]] double price() const { return qty > 0 ? notional / qty : 0; }
  [[nodiscard]] double sign() const { return side == "buy" ? -1 : 1; }  // of its cash
};

std::vector<OrderFill> fills_of(const DayRecords& day) {
  std::map<std::tuple<std::string, std::string, std::string>, OrderFill> orders;
  for (const TradeLine& trade : day.trades) {
    OrderFill& fill = orders[{trade.order_id, trade.symbol, trade.side}];
    if (fill.qty == 0) fill = {.minute = trade.ts, .order = trade.order_id, .symbol = trade.symbol, .side = trade.side};
    fill.minute = std::min(fill.minute, trade.ts);
    fill.qty += trade.qty;
    fill.notional += trade.qty * trade.price;
    fill.fees += trade.fees;
  }
  std::vector<OrderFill> fills;
  for (auto& [key, fill] : orders) {
    fill.minute = std::chrono::floor<std::chrono::minutes>(fill.minute);
    fills.push_back(std::move(fill));
  }
  std::stable_sort(fills.begin(), fills.end(), [](const OrderFill& a, const OrderFill& b) {
    return std::tie(a.minute, a.symbol) < std::tie(b.minute, b.symbol);
  });
  return fills;
}

class FillMatcher {
 public:
  FillMatcher(const DayRecords& live, const DayRecords& mock)
      : live_(fills_of(live)), mock_(fills_of(mock)) {
    out_.date = live.hours.date;
    pair_up([](const OrderFill& a, const OrderFill& b) { return a.order == b.order; });
    pair_up([](const OrderFill& a, const OrderFill& b) { return a.minute == b.minute; });
    for (const OrderFill& fill : live_)
      if (!fill.matched) alone(fill, true);
    for (const OrderFill& fill : mock_)
      if (!fill.matched) alone(fill, false);
    std::stable_sort(out_.fills.begin(), out_.fills.end(), [](const ComparedFill& a, const ComparedFill& b) {
      return std::tie(a.minute, a.symbol) < std::tie(b.minute, b.symbol);
    });
    const auto pnl = [](const DayRecords& day) {
      return day.run.days.front().equity_end - day.run.days.front().equity_start;
    };
    MoneyDifference& money = out_.money;
    money.live = pnl(live);
    money.mock = pnl(mock);
    money.rest = money.total() - money.price - money.fees - money.trades;
  }
  [[nodiscard]] DayComparison take() { return std::move(out_); }

 private:
  template <class Same>
  void pair_up(Same same) {
    for (OrderFill& ours : live_) {
      if (ours.matched) continue;
      const auto its = std::find_if(mock_.begin(), mock_.end(), [&](const OrderFill& other) {
        return !other.matched && other.symbol == ours.symbol && other.side == ours.side && same(ours, other);
      });
      if (its == mock_.end()) continue;
      ours.matched = its->matched = true;
      both(ours, *its);
    }
  }
  void both(const OrderFill& live, const OrderFill& mock) {
    const double shares = std::min(live.qty, mock.qty);
    const double difference = live.sign() * (live.notional - mock.notional);
    const double price = live.sign() * shares * (live.price() - mock.price());
    out_.money.price += price;
    out_.money.trades += difference - price;
    out_.money.fees -= live.fees - mock.fees;
    const bool equal = live.qty == mock.qty && std::abs(live.price() - mock.price()) < 1e-9 * mock.price();
    ++(equal ? out_.fills_equal : out_.fills_differ);
    if (!equal)
      out_.fills.push_back(
          {live.minute, live.symbol, live.side, live.qty, mock.qty, live.price(), mock.price()});
  }
  void alone(const OrderFill& fill, bool live) {
    const double direction = live ? 1 : -1;
    out_.money.trades += direction * fill.sign() * fill.notional;
    out_.money.fees -= direction * fill.fees;
    ++(live ? out_.only_live : out_.only_mock);
    ComparedFill shown{.minute = fill.minute, .symbol = fill.symbol, .side = fill.side};
    (live ? shown.live_qty : shown.mock_qty) = fill.qty;
    (live ? shown.live_price : shown.mock_price) = fill.price();
    out_.fills.push_back(shown);
  }

  std::vector<OrderFill> live_, mock_;
  DayComparison out_;
};

void compare_execution(const DayRecords& live, const DayRecords& mock, DayComparison& out) {
  std::map<std::string, ExecutionDifference> symbols;
  const DayResult& lived = live.run.days.front();
  for (std::size_t i = 0; i < live.trades.size(); ++i) {
    ExecutionDifference& symbol = symbols[live.trades[i].symbol];
    ++symbol.live_executions;
    std::optional<double> cost;
    if (lived.executions_measured) cost = cost_of(lived.executions[i], CostPart::trading);
    symbol.live_measured += cost.value_or(0);
    symbol.live_not_measured += !cost;
  }
  for (const TradeLine& trade : mock.trades) {
    ++symbols[trade.symbol].mock_executions;
    symbols[trade.symbol].mock_assumed += trade.spread_cost;
  }
  out.execution.symbol = "all";
  for (auto& [name, symbol] : symbols) {
    symbol.symbol = name;
    out.execution.live_measured += symbol.live_measured;
    out.execution.mock_assumed += symbol.mock_assumed;
    out.execution.live_executions += symbol.live_executions;
    out.execution.live_not_measured += symbol.live_not_measured;
    out.execution.mock_executions += symbol.mock_executions;
    out.execution_by_symbol.push_back(symbol);
  }
}

/// One line without its newline, removed from `text`. A half-written last line does not count.
std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

void compare_signals(std::string_view live, const std::string& live_file, std::string_view mock,
                     const std::string& mock_file, DayComparison& out) {
  while (true) {
    const auto ours = next_line(live), its = next_line(mock);
    if (!ours && !its) return;
    if (ours && its && *ours == *its) {
      ++out.signals;
      continue;
    }
    const std::string at = ":" + std::to_string(out.signals + 1) + ": ";
    const auto shown = [](const std::optional<std::string_view>& line) {
      return line ? std::string(*line) : std::string("no such line");
    };
    out.difference = live_file + at + shown(ours) + "\n    " + mock_file + at + shown(its);
    return;
  }
}

std::string signed_money(double usd) {
  char text[40];
  std::snprintf(text, sizeof text, "%+.2f", std::abs(usd) < 0.005 ? 0.0 : usd);
  return text;
}

std::string side_text(double qty, double price) {
  if (qty == 0) return "nothing";
  char text[60];
  std::snprintf(text, sizeof text, "%.6g at %.4f", qty, price);
  return text;
}

std::string fill_text(const ComparedFill& fill) {
  return "    " + format_new_york(fill.minute).substr(11, 5) + " " + fill.symbol + " " + fill.side + ": live " +
         side_text(fill.live_qty, fill.live_price) + ", mock " + side_text(fill.mock_qty, fill.mock_price) + "\n";
}

std::string execution_text(const ExecutionDifference& e) {
  std::string out = "live measured " + signed_money(e.live_measured) + " over " + std::to_string(e.live_executions) +
                    " executions";
  if (e.live_not_measured > 0) out += " (" + std::to_string(e.live_not_measured) + " not measured)";
  return out + ", mock assumed " + signed_money(e.mock_assumed) + " over " + std::to_string(e.mock_executions) +
         ", difference " + signed_money(e.total()) + "\n";
}

}  // namespace

DayComparison compare_trades(const DayRecords& live, const DayRecords& mock) {
  DayComparison out = FillMatcher(live, mock).take();
  compare_execution(live, mock, out);
  return out;
}

Result<DayComparison> compare_days(const DayRecords& live, const std::filesystem::path& live_folder,
                                   const DayRecords& mock, const std::filesystem::path& mock_folder) {
  DayComparison out = compare_trades(live, mock);
  const std::string name = "signals_" + format_date(out.date) + ".jsonl";
  const auto ours = read_text_file(live_folder / name);
  if (!ours) return tl::unexpected(ours.error());
  const auto its = read_text_file(mock_folder / name);
  if (!its) return tl::unexpected(its.error());
  compare_signals(*ours, (live_folder / name).string(), *its, (mock_folder / name).string(), out);
  return out;
}

std::string comparison_text(const std::vector<DayComparison>& days) {
  std::string out = "Live against Mock (differences are live - mock, USD):\n";
  for (const DayComparison& day : days) {
    out += "  " + format_date(day.date) + "\n";
    out += "    Signals: " + (day.difference ? "DIFFER first at\n    " + *day.difference
                                             : "all " + std::to_string(day.signals) + " are equal") + "\n";
    out += "    Fills: " + std::to_string(day.fills_equal) + " equal, " + std::to_string(day.fills_differ) +
           " with another price or size, " + std::to_string(day.only_live) + " only live, " +
           std::to_string(day.only_mock) + " only mock\n";
    for (const ComparedFill& fill : day.fills) out += fill_text(fill);
    const MoneyDifference& m = day.money;
    out += "    P&L: live " + signed_money(m.live) + ", mock " + signed_money(m.mock) + ", difference " +
           signed_money(m.total()) + ": price " + signed_money(m.price) + ", fees " + signed_money(m.fees) +
           ", missing and extra trades " + signed_money(m.trades) + ", rest " + signed_money(m.rest) + "\n";
    out += "    Execution costs: " + execution_text(day.execution);
    for (const ExecutionDifference& symbol : day.execution_by_symbol)
      if (std::abs(symbol.total()) >= 0.005 || symbol.live_not_measured > 0)
        out += "      " + symbol.symbol + ": " + execution_text(symbol);
  }
  return out;
}

}  // namespace sentio
