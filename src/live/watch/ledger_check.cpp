#include "sentio/live/ledger_check.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/bytes.h"
#include "sentio/core/json_line.h"

namespace sentio {
namespace {

constexpr double kCent = 0.01;

std::string number(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string usd(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

double shares_at(const std::vector<BrokerPosition>& positions, const std::string& symbol) {
  const auto at = std::find_if(positions.begin(), positions.end(),
                               [&](const BrokerPosition& p) { return p.symbol == symbol; });
  return at == positions.end() ? 0 : at->shares;
}

}  // namespace

std::vector<std::string> compare_books(const TradingSession& session, const BrokerAccount& account,
                                       const std::vector<BrokerPosition>& positions) {
  std::vector<std::string> differences;
  const Ledger& ledger = session.ledger();
  const Universe& universe = session.universe();
  for (std::size_t i = 0; i < universe.size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const double ours = ledger.position(symbol).qty.v, theirs = shares_at(positions, universe[symbol].name);
    if (std::abs(ours - theirs) <= kShareTolerance) continue;
    differences.push_back(universe[symbol].name + ": we hold " + number(ours) + " shares, the broker " +
                          number(theirs));
  }
  const double off = account.cash.value - ledger.cash().v;
  // Written so that a cash that is no number is a difference.
  if (!(std::abs(off) <= ledger.fees_paid().v + kCent)) {
    differences.push_back("cash: ours " + usd(ledger.cash().v) + " USD (after " + usd(ledger.fees_paid().v) +
                          " of fees), the broker's " + usd(account.cash.value));
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
