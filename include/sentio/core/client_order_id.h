#pragma once
/// The text by which an order is known at a broker, and read back: core/order.h makes it (client_order_id()).

#include <optional>
#include <string>
#include <string_view>

#include "sentio/core/order.h"

namespace sentio {

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
