#pragma once
/// A type per meaning. Doubles inside: results stay bit-identical to plain arithmetic; decimal
/// rounding happens once, where an order is written for a broker.

#include <compare>

namespace sentio {

template <class Tag>
struct Amount {
  double v = 0.0;
  friend constexpr auto operator<=>(Amount, Amount) = default;
  friend constexpr Amount operator+(Amount a, Amount b) { return {a.v + b.v}; }
  friend constexpr Amount operator-(Amount a, Amount b) { return {a.v - b.v}; }
  friend constexpr Amount operator-(Amount a) { return {-a.v}; }
  constexpr Amount& operator+=(Amount b) { v += b.v; return *this; }
  constexpr Amount& operator-=(Amount b) { v -= b.v; return *this; }
};

using Price = Amount<struct PriceTag>;  ///< USD per share
using Qty = Amount<struct QtyTag>;      ///< shares
using Usd = Amount<struct UsdTag>;      ///< cash, notional, profit and loss
using Bps = Amount<struct BpsTag>;      ///< 1e-4 of a ratio

/// More is no account, position or execution of ours; below it sums of doubles keep their cents.
inline constexpr Usd kUsdMax{1e10};

/// Tells shares from a rounding error of their sums: brokers' messages are read in units of it.
inline constexpr Qty kSmallestQty{1e-9};

constexpr Usd operator*(Price p, Qty q) { return {p.v * q.v}; }
constexpr Usd operator*(Qty q, Price p) { return p * q; }
constexpr double ratio(Usd a, Usd b) { return a.v / b.v; }

}  // namespace sentio
