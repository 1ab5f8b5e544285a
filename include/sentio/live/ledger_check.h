#pragma once
/// The session's book beside the broker's.

#include <string>
#include <vector>

#include "sentio/ports/broker_account.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// One line per difference; empty: they agree. Shares must be equal in every instrument of the session; cash to
/// the fees that the ledger has charged (the broker charges them later, a paper account never) and 1 cent.
/// Meaningful only while no order is open on either side.
[[nodiscard]] std::vector<std::string> compare_books(const TradingSession& session, const BrokerAccount& account,
                                                     const std::vector<BrokerPosition>& positions);

/// "TQQQ 100" for every instrument of the universe that the broker holds.
[[nodiscard]] std::vector<std::string> held_at_broker(const Universe& universe,
                                                      const std::vector<BrokerPosition>& positions);

}  // namespace sentio
