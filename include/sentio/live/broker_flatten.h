#pragma once
/// Out at the broker, past the session's own orders: the one meaning of "flatten" there.

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sentio/ports/broker_account.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// Shares of one instrument that are ours.
struct OwnShares {
  std::string symbol;
  double qty = 0;
};
/// Everything the session's ledger holds, by SymbolId.
[[nodiscard]] std::vector<OwnShares> own_shares(const TradingSession& session);

/// Who flattens says how far it goes; what is done, and in which order, is the same for all.
struct FlattenPolicy {
  enum class Whose {
    ours,  ///< shares named by the caller, orders with client ids of ours; nobody else's, ever
    all,   ///< whatever the account holds or has ordered in the universe, short positions included
  };
  Whose whose = Whose::ours;
  bool keep_positions = false;  ///< only purchases are cancelled; sales and positions stay as they are
  bool urgent = false;          ///< one try of each question, with the quota of exits
  bool only_tell = false;       ///< says what it would do
};

/// The last rung of the day's end and of a flatten (AccountWatch), the end of a day that cannot be recorded
/// (leave_account()) and the command `flatten` are this class with three policies.
///
/// Whose    `ours`: at most the shares told last; what the account held beyond them when a symbol was first looked at
///          is somebody else's and stays. `all`: everything in the universe, foreign or not.
/// Orders   purchases are cancelled first, then sales: nothing may be added to what is sold. Of `ours` all with our
///          client ids in the universe; of `all` every one, but for those that close a position already.
/// Then     once none of them is open any more, or after 2.5 s, the broker is asked to close each position: by a market
///          order of its own, which leaves out what has been sold by then. What it has taken is not asked for again
///          before ask_again().
/// Held     Shares of ours that somebody else's sale holds are freed first: that sale is cancelled, whoever gave it; of
///          what is not free then as much as is free is sold, and the rest with the next attempt. Sales that hold nobody's
///          shares but their own stay.
/// Errors   are told, and the rest goes on: an order that cannot be cancelled is no reason to keep the others.
/// Threads  one at a time; blocks.
class BrokerFlatten {
 public:
  struct Hooks {
    /// One line each: what was done (or would be), and what could not be.
    std::function<void(const std::string&)> deed, trouble;
    /// Lets time pass; false: leave off.
    std::function<bool(std::chrono::milliseconds)> wait;
    std::function<bool()> market_open;  ///< false: closing orders would wait for tomorrow; empty: always sent
  };
  /// The broker and the universe outlive it.
  BrokerFlatten(BrokerAccountInterface& broker, const Universe& universe, FlattenPolicy policy, Hooks hooks);

  /// What is ours now; shares that are missing in a later list are out.
  void ours(std::vector<OwnShares> shares) { ours_ = std::move(shares); }
  /// What the broker has taken may have been refused since.
  void ask_again() { closing_.clear(); }
  /// The first half of attempt(). False: leave off.
  bool cancel();
  /// Cancels, waits, closes. True: the broker has taken an order to close a position.
  bool attempt();
  /// "TQQQ 10" for each position that is still to go; nothing: the broker cannot be asked.
  [[nodiscard]] std::optional<std::vector<std::string>> left();

 private:
  /// Of a position, what this policy sells.
  struct Lot {
    std::string symbol, shares_text;
    std::optional<double> shares;  ///< nothing: all of it
  };
  [[nodiscard]] Result<int> cancel_once();
  [[nodiscard]] bool cancels(const BrokerOrder& order) const;
  bool close_positions();
  bool make_free(Lot& lot, const std::vector<BrokerPosition>* positions);
  bool refuse(const Lot& lot, const std::string& why) const;
  [[nodiscard]] double being_closed(const std::string& symbol);
  bool cancel_holders(const std::string& symbol);
  [[nodiscard]] std::vector<Lot> lots(const std::vector<BrokerPosition>& positions);
  [[nodiscard]] double left_of(const OwnShares& ours, const std::vector<BrokerPosition>& positions);

  BrokerAccountInterface& broker_;
  const Universe& universe_;
  FlattenPolicy policy_;
  Hooks hooks_;
  std::vector<OwnShares> ours_;
  std::map<std::string, double> foreign_;  ///< shares that were not ours at the first look
  std::set<std::string> closing_;          ///< the broker has taken the closing order
  std::map<std::string, std::string> closing_orders_;  ///< all so far: broker id, symbol
};

}  // namespace sentio
