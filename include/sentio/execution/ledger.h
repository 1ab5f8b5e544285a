#pragma once
/// The session's own book: cash, shares, marks, profit. Decisions read nothing else.

#include <cstdint>
#include <vector>

#include "sentio/config/fee_table.h"
#include "sentio/core/bar.h"
#include "sentio/core/money.h"
#include "sentio/core/order.h"

namespace sentio {

/// Fees of one execution, USD, unrounded.
struct Fees {
  Usd sec{}, taf{}, cat{}, commission{};
  [[nodiscard]] Usd total() const { return sec + taf + cat + commission; }
};

/// sec = q·p·rate (sells), taf = min(q·rate, cap) (sells), cat = q·rate (both sides), commission whole.
/// One execution counts as one trade: an order filled in parts meets the cap and the commission per part.
[[nodiscard]] Fees fees_of(const FeeRates& rates, Side side, Qty qty, Price price);

/// 10⁴·(2·half-spread + 2·CAT + TAF + SEC·price)/price: what a round trip of one share costs at that price.
[[nodiscard]] Bps round_trip_cost(const FeeRates& rates, Price half_spread, Price price);

struct Position {
  Qty qty{};
  Price avg_entry{};  ///< of the shares held; fees not included
  Price mark{};       ///< last real close (or fill price until one comes)
};

/// What one execution did to the book.
struct Booked {
  Usd pnl{};                ///< realised, net of this execution's fees; 0 on buys
  double pnl_fraction = 0;  ///< pnl / cost of the shares sold; 0 on buys
  bool opened = false;      ///< first shares of a position
  bool closed = false;      ///< last shares of a position
};

/// Invariants, checked in every build after every set (check()): cash + Σ qty·mark = equity to the cent,
/// Σ realised − buy-side fees = change of cash over closed round trips, no negative shares.
class Ledger {
 public:
  Ledger(Usd cash, std::size_t symbols);
  /// Applies one execution. Selling more than is held is a broken invariant. The same execution number
  /// must not come twice: the caller de-duplicates.
  Booked apply(const Fill& fill, Side side, SymbolId symbol, const Fees& fees);
  void mark(SymbolId symbol, Price last_close);
  [[nodiscard]] const Position& position(SymbolId symbol) const { return positions_[symbol]; }
  [[nodiscard]] std::size_t open_positions() const;
  [[nodiscard]] Usd cash() const { return cash_; }
  [[nodiscard]] Usd equity() const;
  [[nodiscard]] Usd realized() const { return realized_; }
  [[nodiscard]] Usd fees_paid() const { return fees_; }
  [[nodiscard]] std::int64_t executions() const { return executions_; }
  void check() const;

 private:
  friend struct LedgerTampering;  // of tests: an amount that changes by itself
  Booked buy(Position& position, const Fill& fill, const Fees& fees);
  Booked sell(Position& position, const Fill& fill, const Fees& fees);

  Usd start_cash_{}, cash_{}, realized_{}, fees_{}, buy_fees_{};
  std::int64_t executions_ = 0;
  std::vector<Position> positions_;
};

}  // namespace sentio
