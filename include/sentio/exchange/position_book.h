#pragma once
/// Cash and signed positions of the imitation's one account.

#include <map>
#include <string>
#include <vector>

#include "sentio/core/bar.h"
#include "sentio/core/text/decimal.h"

namespace sentio::exchange {

/// Quantities have nine decimals: what is below half of the last one is rounding.
inline constexpr double kShareDust = kShareTolerance / 2;

struct BookPosition {
  double qty = 0;             ///< shares, negative when short
  double avg_entry = 0;       ///< USD per share
  double mark = 0;            ///< last price; 0 = none known
  double previous_close = 0;  ///< last price before the session; 0 = none known
  [[nodiscard]] double market_value() const { return qty * mark; }
  [[nodiscard]] double cost_basis() const { return qty * avg_entry; }
};

/// Plain bookkeeping. Fees, dividends and interest come from outside.
class PositionBook {
 public:
  PositionBook(double cash, std::size_t symbols) : start_cash_(cash), cash_(cash), positions_(symbols) {}
  /// `signed_qty` > 0 bought, < 0 sold. A trade through zero closes first and opens at `price`.
  void trade(SymbolId symbol, double signed_qty, double price);
  void mark(SymbolId symbol, double price) { positions_[symbol].mark = price; }
  void set_previous_close(SymbolId symbol, double price);
  /// An instrument that is not on this exchange, traded by hand; its price is that of its last trade.
  void trade_elsewhere(const std::string& name, double signed_qty, double price);
  void move_cash(double usd) { cash_ += usd; }
  void set_deducted(double usd) { deducted_ = usd; }  ///< fees of the day so far
  void book_whole_cents() { whole_cents_ = true; }    ///< each execution from now on
  /// Shares that were there before the day: no cash moves, the equity of yesterday counts them.
  void add_foreign(SymbolId symbol, double qty);
  [[nodiscard]] const BookPosition& operator[](SymbolId symbol) const { return positions_[symbol]; }
  [[nodiscard]] std::size_t size() const { return positions_.size(); }
  [[nodiscard]] double cash() const { return cash_ - deducted_; }
  [[nodiscard]] double long_value() const;
  [[nodiscard]] double short_value() const;  ///< <= 0
  [[nodiscard]] double equity() const { return cash() + long_value() + short_value(); }
  /// By name, without those that are flat.
  [[nodiscard]] const std::map<std::string, BookPosition>& elsewhere() const { return elsewhere_; }
  [[nodiscard]] double last_equity() const { return start_cash_ + foreign_value_; }

 private:
  void pay(double usd);

  double start_cash_, cash_, foreign_value_ = 0, deducted_ = 0;
  bool whole_cents_ = false;
  std::vector<BookPosition> positions_;
  std::map<std::string, BookPosition> elsewhere_;
};

}  // namespace sentio::exchange
