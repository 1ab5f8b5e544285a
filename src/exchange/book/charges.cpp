#include "sentio/exchange/charges.h"

#include <cmath>

namespace sentio::exchange {

namespace {

/// A sum that is a whole number of cents but for rounding stays what it is.
double up_to_cents(double usd) {
  return std::ceil(usd * 100 - 1e-6) / 100;
}

}  // namespace

void Charges::add(Side side, double qty, double price) {
  sums_.cat += rates_.cat * qty;
  if (side == Side::buy) return;
  sums_.sec += rates_.sec * qty * price;
  sums_.taf += rates_.taf * qty;
}

double Charges::deducted() const {
  if (shown_ == ChargesShown::apart) return 0;
  return up_to_cents(sums_.cat) + up_to_cents(sums_.sec) + up_to_cents(sums_.taf);
}

double Charges::accrued_fees() const {
  return shown_ == ChargesShown::hidden ? 0 : up_to_cents(sums_.cat);
}

double Charges::pending_reg_taf() const {
  return shown_ == ChargesShown::hidden ? 0 : up_to_cents(sums_.sec) + up_to_cents(sums_.taf);
}

}  // namespace sentio::exchange
