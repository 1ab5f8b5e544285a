#pragma once
/// The obvious ledger: a list of every share lot and every payment, summed from the start each time it is
/// asked.

#include <cmath>
#include <vector>

#include "sentio/execution/ledger.h"

namespace sentio::testing {

class SlowBook {
 public:
  SlowBook(double cash, std::size_t symbols) : cash_(cash), marks_(symbols) {}

  void buy(SymbolId symbol, double qty, double price, double fees) {
    if (held(symbol) == 0) marks_[symbol] = price;
    lots_.push_back({symbol, qty, price});
    payments_.push_back(-qty * price);
    payments_.push_back(-fees);
    fees_ += fees;
    buy_fees_ += fees;
  }
  /// At average cost: the same fraction leaves every lot. Returns the profit net of this sale's fees.
  double sell(SymbolId symbol, double qty, double price, double fees) {
    const double fraction = qty / held(symbol);
    double cost = 0;
    for (Lot& lot : lots_) {
      if (lot.symbol != symbol) continue;
      cost += lot.qty * fraction * lot.price;
      lot.qty -= lot.qty * fraction;
    }
    payments_.push_back(qty * price);
    payments_.push_back(-fees);
    fees_ += fees;
    realized_ += qty * price - cost - fees;
    return qty * price - cost - fees;
  }
  void mark(SymbolId symbol, double price) { marks_[symbol] = price; }

  [[nodiscard]] double held(SymbolId symbol) const {
    double qty = 0;
    for (const Lot& lot : lots_) qty += lot.symbol == symbol ? lot.qty : 0;
    return std::round(qty);  // whole shares; fractions of lots leave dust
  }
  [[nodiscard]] double average(SymbolId symbol) const {
    double qty = 0, cost = 0;
    for (const Lot& lot : lots_) {
      if (lot.symbol != symbol) continue;
      qty += lot.qty;
      cost += lot.qty * lot.price;
    }
    return held(symbol) > 0 ? cost / qty : 0;
  }
  [[nodiscard]] double cash() const {
    double cash = cash_;
    for (const double payment : payments_) cash += payment;
    return cash;
  }
  [[nodiscard]] double equity() const {
    double equity = cash();
    for (std::size_t id = 0; id < marks_.size(); ++id) equity += held(static_cast<SymbolId>(id)) * marks_[id];
    return equity;
  }
  [[nodiscard]] double realized() const { return realized_; }
  [[nodiscard]] double fees() const { return fees_; }
  [[nodiscard]] double buy_fees() const { return buy_fees_; }

 private:
  struct Lot {
    SymbolId symbol;
    double qty, price;
  };
  double cash_, realized_ = 0, fees_ = 0, buy_fees_ = 0;
  std::vector<Lot> lots_;
  std::vector<double> payments_, marks_;
};

}  // namespace sentio::testing
