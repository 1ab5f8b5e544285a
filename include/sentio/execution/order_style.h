#pragma once
/// How entries ask to be filled, and the one place where the price of an order is made.

#include <cstdint>

#include "sentio/config/rotation_config.h"
#include "sentio/core/error.h"
#include "sentio/core/order.h"

namespace sentio {

/// Of entries. Exits are market orders in every style: a limit that nobody meets would hold what must go.
struct OrderStyle {
  enum class Kind : std::uint8_t { market, marketable_limit };
  Kind kind = Kind::market;
  /// marketable_limit: how far beyond the last close the limit stands.
  Bps limit_offset{20};
  friend bool operator==(const OrderStyle&, const OrderStyle&) = default;
};
/// "market", "marketable_limit".
[[nodiscard]] std::string_view to_string(OrderStyle::Kind kind);

/// The limit that far beyond `reference`, on the grid brokers accept (0.01 USD from 1.00 up, 0.0001 below), rounded
/// away from the reference so that it stays marketable: buys up, sells down, at least one tick. NaN, which risk
/// refuses, where no order can have the price.
[[nodiscard]] Price limit_price(Side side, Price reference, Bps offset);

/// Errc::usage: risk would refuse every entry of that style, because its limit is at or beyond
/// `max_price_deviation`.
[[nodiscard]] Result<> check_order_style(const OrderStyle& style, const RiskConfig& risk);

}  // namespace sentio
