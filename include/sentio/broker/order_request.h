#pragma once
/// Orders as Alpaca wants them. Their price was made and approved before: execution/order_style.h.

#include <optional>
#include <string>
#include <string_view>

#include "sentio/core/error.h"
#include "sentio/core/order.h"

namespace sentio {

/// The body of POST /v2/orders: day order of whole shares, numbers as strings.
/// Errc::rejected: quantity not a whole number of at least 1 (or above 2^53), or a limit of more than four decimals.
[[nodiscard]] Result<std::string> order_request_json(const Order& order, std::string_view symbol,
                                                     std::string_view client_order_id);

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
