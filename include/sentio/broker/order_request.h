#pragma once
/// Orders as Alpaca wants them: the one place where prices are rounded to decimals.

#include <optional>
#include <string>
#include <string_view>

#include "sentio/core/error.h"
#include "sentio/core/order.h"

namespace sentio {

struct OrderStyle {
  enum class Kind { market, marketable_limit };
  Kind kind = Kind::market;
  /// marketable_limit: how far beyond the reference price the limit stands.
  Bps limit_offset{20};
};

/// The body of POST /v2/orders: day order of whole shares, numbers as strings.
/// Errc::rejected: quantity not a whole number of at least 1 (or above 2^53), or no limit price can be made.
[[nodiscard]] Result<std::string> order_request_json(const Order& order, std::string_view symbol,
                                                     std::string_view client_order_id,
                                                     const OrderStyle& style);

/// Limit price on the grid Alpaca accepts (0.01 from 1.00 up, 0.0001 below), rounded away from the reference
/// so that it stays marketable: buys up, sells down, at least one tick. nullopt for a price no order can
/// have.
[[nodiscard]] std::optional<std::string> limit_price_text(Side side, Price reference, Bps offset);

/// What the text of one of our client_order_ids says.
struct ClientIdParts {
  Date session{};
  std::int16_t minute = 0;
  std::string symbol;
  Side side = Side::buy;
  std::uint8_t attempt = 0;
};
/// The inverse of client_order_id(); nullopt for everybody else's ids.
[[nodiscard]] std::optional<ClientIdParts> parse_client_order_id(std::string_view text);

}  // namespace sentio
