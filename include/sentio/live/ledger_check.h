#pragma once
/// The session's book beside the broker's: shares to the share, cash within what money does.

#include <string>
#include <vector>

#include "sentio/ports/broker_account.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// From `low` to `high`, both included.
struct Span {
  double low = 0, high = 0;
  /// What is missing below (negative) or too much above; 0 within. Of no number: no number.
  [[nodiscard]] double off(double value) const;
};

/// Where the broker's book may stand by ours. An order at work may have been executed as far as it goes, and we may
/// not have heard: until its end shares lie between before and after, and cash does at ten per cent beyond its price.
struct ExpectedBook {
  std::vector<Span> shares;  ///< by SymbolId
  Span cash;                 ///< USD
  double fees = 0;           ///< USD our ledger has charged: a broker charges them later, a paper account never
  double allowance = 0;      ///< USD: cash within it differs by what money does, see cash_allowance()
};
[[nodiscard]] ExpectedBook expected_book(const TradingSession& session);
/// Whatever either allows: the broker was asked at the one moment, and is judged at the other.
[[nodiscard]] ExpectedBook either(const ExpectedBook& a, const ExpectedBook& b);

/// 1 USD or 1 bp of equity, whichever is more; a cent for each execution, because an account's cash is whole cents and
/// executions are not; and the fees that we have charged, at whatever rate and whenever the broker does.
[[nodiscard]] double cash_allowance(double equity, std::int64_t executions, double fees);

/// One line per instrument of the session whose shares are not what is expected; empty: they agree.
[[nodiscard]] std::vector<std::string> share_differences(const Universe& universe, const ExpectedBook& expected,
                                                         const std::vector<BrokerPosition>& positions);

/// "TQQQ 100" for every instrument of the universe that the broker holds.
[[nodiscard]] std::vector<std::string> held_at_broker(const Universe& universe,
                                                      const std::vector<BrokerPosition>& positions);

}  // namespace sentio
