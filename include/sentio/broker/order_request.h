#pragma once
/// Orders as Alpaca wants them. Their price was made and approved before: execution/order_style.h.

#include <string>
#include <string_view>

#include "sentio/core/error.h"
#include "sentio/core/order.h"

namespace sentio {

/// The body of POST /v2/orders: day order of whole shares, numbers as strings.
/// Errc::rejected: quantity not a whole number of at least 1 (or above 2^53), or a limit of more than four decimals.
[[nodiscard]] Result<std::string> order_request_json(const Order& order, std::string_view symbol,
                                                     std::string_view client_order_id);

}  // namespace sentio
