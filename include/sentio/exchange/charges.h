#pragma once
/// Regulatory fees as they accrue over a day.

#include "sentio/core/order.h"

namespace sentio::exchange {

/// How far the account shows what has accrued.
enum class ChargesShown : std::uint8_t {
  deducted,  ///< taken off the cash, and named beside it
  apart,     ///< named only: the cash is whole until the day's end
  hidden,    ///< taken off the cash, named nowhere
};

struct ChargeRates {
  double sec = 0;  ///< of the proceeds of sales
  double taf = 0;  ///< USD per share sold
  double cat = 0;  ///< USD per share bought or sold
  friend bool operator==(const ChargeRates&, const ChargeRates&) = default;
};

/// The day's sum of each kind is rounded up to the cent. No cap per trade.
/// Source  Alpaca's page on regulatory fees: pending amounts are deducted from account balances.
class Charges {
 public:
  void set(const ChargeRates& rates, ChargesShown shown) {
    rates_ = rates;
    shown_ = shown;
  }
  void add(Side side, double qty, double price);
  [[nodiscard]] double deducted() const;         ///< USD off the cash
  [[nodiscard]] double accrued_fees() const;     ///< USD, CAT
  [[nodiscard]] double pending_reg_taf() const;  ///< USD, SEC and TAF

 private:
  ChargeRates rates_, sums_;  ///< sums_: USD
  ChargesShown shown_ = ChargesShown::deducted;
};

}  // namespace sentio::exchange
