#include "sentio/live/ledger_check.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/bytes.h"
#include "sentio/core/text/json_line.h"

namespace sentio {
namespace {

constexpr double kLeastAllowance = 1, kOfEquity = 1e-4, kCent = 0.01;
/// How far beyond its price an order may be executed.
constexpr double kBeyondPrice = 1.1;

std::string number(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string span_text(const Span& span) {
  return number(span.low) + (span.high > span.low ? " to " + number(span.high) : "");
}

double shares_at(const std::vector<BrokerPosition>& positions, const std::string& symbol) {
  const auto at = std::find_if(positions.begin(), positions.end(),
                               [&](const BrokerPosition& p) { return p.symbol == symbol; });
  return at == positions.end() ? 0 : at->shares;
}

Span hull(const Span& a, const Span& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

}  // namespace

double Span::off(double value) const {
  if (value >= low && value <= high) return 0;
  return value > high ? value - high : value - low;
}

double cash_allowance(double equity, std::int64_t executions, double fees) {
  return std::max(kLeastAllowance, equity * kOfEquity) + kCent * static_cast<double>(executions) + fees;
}

ExpectedBook expected_book(const TradingSession& session) {
  const Ledger& ledger = session.ledger();
  ExpectedBook book;
  book.cash = {ledger.cash().v, ledger.cash().v};
  book.fees = ledger.fees_paid().v;
  book.allowance = cash_allowance(ledger.equity().v, ledger.executions(), book.fees);
  for (std::size_t i = 0; i < session.universe().size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const double held = ledger.position(symbol).qty.v;
    Span& shares = book.shares.emplace_back(held, held);
    const WorkingOrder* working = session.working_orders().find(symbol);
    if (working == nullptr) continue;
    const double left = working->left().v, usd = left * working->order.price().v * kBeyondPrice;
    if (working->order.side == Side::buy) {
      shares.high += left;
      book.cash.low -= usd;
    } else {
      shares.low -= left;
      book.cash.high += usd;
    }
  }
  return book;
}

ExpectedBook either(const ExpectedBook& a, const ExpectedBook& b) {
  ExpectedBook book = a;
  book.cash = hull(a.cash, b.cash);
  book.fees = std::max(a.fees, b.fees);
  book.allowance = std::max(a.allowance, b.allowance);
  for (std::size_t i = 0; i < book.shares.size(); ++i) book.shares[i] = hull(a.shares[i], b.shares[i]);
  return book;
}

std::vector<std::string> share_differences(const Universe& universe, const ExpectedBook& expected,
                                           const std::vector<BrokerPosition>& positions) {
  std::vector<std::string> differences;
  for (std::size_t i = 0; i < universe.size(); ++i) {
    const std::string& name = universe[static_cast<SymbolId>(i)].name;
    const double theirs = shares_at(positions, name);
    // Written so that a number that is none is a difference.
    if (std::abs(expected.shares[i].off(theirs)) <= kShareTolerance) continue;
    differences.push_back(name + ": we hold " + span_text(expected.shares[i]) + " shares, the broker " + number(theirs));
  }
  return differences;
}

std::vector<std::string> held_at_broker(const Universe& universe, const std::vector<BrokerPosition>& positions) {
  std::vector<std::string> held;
  for (const BrokerPosition& p : positions) {
    if (p.shares != 0 && universe.find(p.symbol)) held.push_back(p.symbol + " " + p.qty.text);
  }
  return held;
}

}  // namespace sentio
