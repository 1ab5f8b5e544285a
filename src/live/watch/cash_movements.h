#pragma once
/// What moved cash in the account past the session's ledger.

#include <set>
#include <string>
#include <vector>

#include "sentio/ports/broker_account.h"

namespace sentio {

/// The activities that no order of ours made, oldest first: dividends, interest, transfers, fees, executions by hand.
/// Ours are orders with our client ids, those that replaced one, and the broker's `closing` ones (by its ids), whose
/// sales the ledger has. `orders`: by submission.
[[nodiscard]] std::vector<AccountActivity> not_ours(const std::vector<AccountActivity>& activities,
                                                    const std::vector<BrokerOrder>& orders,
                                                    const std::set<std::string>& closing);

/// The latest of them whose cash comes to `gap` within `allowance`, all of them first: what came before the session
/// read its cash is in that cash already. Empty: none do.
[[nodiscard]] std::vector<AccountActivity> explaining(const std::vector<AccountActivity>& movements, double gap,
                                                      double allowance);

[[nodiscard]] double cash_of(const std::vector<AccountActivity>& movements);
/// "dividend +12.30 USD", "bought 7 TQQQ at 80.25, not by us: -561.75 USD"
[[nodiscard]] std::string told(const AccountActivity& movement);
/// "-561.75"
[[nodiscard]] std::string signed_usd(double usd);

}  // namespace sentio
