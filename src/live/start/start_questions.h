#pragma once
/// What a start asks the broker, one question at a time: `live` stops at the first bad answer, `doctor` hears all.
/// Nothing is changed at the broker. Each blocks for a few tries; judged by start_checks.h.

#include "sentio/live/live_pacer.h"
#include "sentio/ports/broker_account.h"
#include "start/start_checks.h"

namespace sentio {

/// The account, not yet judged. Errors name the next step for keys and network.
[[nodiscard]] Result<BrokerAccount> ask_account(BrokerAccountInterface& broker);

struct AskedClock {
  double seconds = 0;  ///< our clock less the broker's
  Result<> verdict;    ///< check_clock()
};
[[nodiscard]] Result<AskedClock> ask_clock(BrokerAccountInterface& broker, const LivePacer& pacer);

/// The broker's hours of that day are ours.
[[nodiscard]] Result<> ask_calendar(BrokerAccountInterface& broker, const SessionHours& hours);

/// Every instrument is known and tradable; asset_warnings().
[[nodiscard]] Result<std::vector<std::string>> ask_assets(BrokerAccountInterface& broker, const Universe& universe);

/// Positions and the orders of the last week, reconciled; those of session `date` alone where they explain what is
/// held: days end flat, and today's orders explain a position better than a week with trades by hand in it.
[[nodiscard]] Result<Reconciliation> ask_book(BrokerAccountInterface& broker, TimePoint now, const Universe& universe, Date date,
                                              bool adopt);

}  // namespace sentio
