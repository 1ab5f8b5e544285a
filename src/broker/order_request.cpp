#include "sentio/broker/order_request.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "sentio/broker/decimal.h"
#include "sentio/core/calendar.h"
#include "sentio/core/json_line.h"

namespace sentio {
namespace {

constexpr double kWholeMax = 9007199254740992.0;  // 2^53: beyond, doubles skip whole numbers

/// `text` as digits only; nullopt for anything else.
std::optional<int> number(std::string_view text) {
  int value = 0;
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

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

std::optional<ClientIdParts> parse_client_order_id(std::string_view text) {
  // sen-20250926-0931-TQQQ-B-0; a symbol may hold a dash of its own, so the tail is cut from the right.
  constexpr std::string_view kPrefix = "sen-";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  if (text.size() < 19 || text[8] != '-' || text[13] != '-') return std::nullopt;
  const auto day = number(text.substr(0, 8));
  const auto wall = number(text.substr(9, 4));
  const std::string_view rest = text.substr(14);
  const std::size_t attempt_dash = rest.rfind('-');
  if (!day || !wall || attempt_dash == std::string_view::npos || attempt_dash < 3) return std::nullopt;
  const auto attempt = number(rest.substr(attempt_dash + 1));
  if (!attempt || *attempt > 255 || rest[attempt_dash - 2] != '-') return std::nullopt;
  const char side = rest[attempt_dash - 1];
  if (side != 'B' && side != 'S') return std::nullopt;

  ClientIdParts parts;
  parts.session =
      Date{std::chrono::year{*day / 10'000}, std::chrono::month{static_cast<unsigned>(*day / 100 % 100)},
           std::chrono::day{static_cast<unsigned>(*day % 100)}};
  // The wall time is the END of the set, and sessions open at 09:30.
  const int minute = *wall / 100 * 60 + *wall % 100 - (9 * 60 + 30) - 1;
  if (!parts.session.ok() || *wall % 100 > 59 || minute < 0 || minute >= kFullSessionMinutes)
    return std::nullopt;
  parts.minute = static_cast<std::int16_t>(minute);
  parts.symbol = std::string(rest.substr(0, attempt_dash - 2));
  if (parts.symbol.empty()) return std::nullopt;
  parts.side = side == 'B' ? Side::buy : Side::sell;
  parts.attempt = static_cast<std::uint8_t>(*attempt);
  return parts;
}

}  // namespace sentio
