#pragma once
/// The close-out of a live day, as the trading thread sees it.

#include <optional>
#include <string>
#include <vector>

#include "day/flatten_ladder.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// What an order of the broker's own sold.
struct BrokerSale {
  std::string symbol;
  double qty = 0, price = 0;
  TimePoint at{};
};

/// When the book must be flat: the session's own orders first, rung by rung (FlattenLadder); from the last rung on the
/// broker sells (BrokerFlatten), and no order of ours is sent any more, or a share could be sold twice. What it sold
/// comes back as sales, each of which becomes one PositionClosedByBroker as soon as it fits. Pure: time comes with
/// poll(); docs/architecture.md has the whole way.
class CloseOut {
 public:
  /// Everything must go from `when` on; only the first call counts.
  void start(TimePoint when) { ladder_.start(when); }
  /// What is due. Once the broker is asked, exits are not ordered again.
  [[nodiscard]] FlattenLadder::Due poll(TimePoint now, bool flat);
  /// The broker has been asked to close.
  [[nodiscard]] bool handed_over() const { return handed_over_; }
  /// When poll() has something to say about a book that is not flat.
  [[nodiscard]] TimePoint next() const { return ladder_.next(); }
  /// The book was not flat a minute after it had to be.
  [[nodiscard]] bool was_late() const { return ladder_.was_late(); }

  void sold(std::vector<BrokerSale> sales);
  /// Takes the first sale that can be booked: an order of ours in its symbol has its end first, because it may have
  /// sold, too. Of more shares than the ledger has only those are ours; where it has none, the door refuses the sale.
  [[nodiscard]] std::optional<PositionClosedByBroker> take_sale(const TradingSession& session);

 private:
  FlattenLadder ladder_;
  bool handed_over_ = false;
  std::vector<BrokerSale> sales_;  ///< not booked yet
};

}  // namespace sentio
