#include "sentio/broker/order_request.h"

#include <cmath>
#include <cstdint>
#include <optional>

#include "sentio/core/text/decimal.h"
#include "sentio/core/text/json_line.h"

namespace sentio {
namespace {

constexpr double kWholeMax = 9007199254740992.0;  // 2^53: beyond, doubles skip whole numbers

/// Exactly `limit`, which is on the grid; nullopt for any other price. Never an exponent.
std::optional<std::string> limit_text(Price limit) {
  std::string text;
  append_number(text, limit.v, 4);
  const auto sent = parse_decimal(text);
  return sent && sent->value == limit.v && limit.v > 0 ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace

Result<std::string> order_request_json(const Order& order, std::string_view symbol,
                                       std::string_view client_order_id) {
  const double qty = order.qty.v;
  if (!(qty >= 1) || qty > kWholeMax || qty != std::floor(qty)) {
    return fail(Errc::rejected, std::string(client_order_id), "quantity is not a whole number of shares");
  }
  std::string out;
  JsonLine line(out);
  line.text("symbol", symbol).text("qty", std::to_string(static_cast<std::int64_t>(qty)));
  line.text("side", to_string(order.side));
  if (order.limit) {
    const auto limit = limit_text(*order.limit);
    if (!limit) return fail(Errc::rejected, std::string(client_order_id), "limit is no price an order can have");
    line.text("type", "limit").text("limit_price", *limit);
  } else {
    line.text("type", "market");
  }
  line.text("time_in_force", "day").text("client_order_id", client_order_id);
  // Shares may have left the account past us (sold by hand, closed by the broker): refused is better than short.
  if (order.side == Side::sell) line.text("position_intent", "sell_to_close");
  line.end();
  out.pop_back();  // the line's end
  return out;
}

}  // namespace sentio
