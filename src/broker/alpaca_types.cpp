#include "sentio/broker/alpaca_types.h"

namespace sentio {
namespace {

constexpr std::array<std::string_view, kOrderStatuses> kStatusNames{
    "pending_new",      "accepted",     "held",           "pending_review",  "new",
    "partially_filled", "done_for_day", "pending_cancel", "pending_replace", "accepted_for_bidding",
    "stopped",          "suspended",    "calculated",     "filled",          "canceled",
    "expired",          "replaced",     "rejected",       "unknown"};

constexpr std::array<std::string_view, 22> kEventNames{"accepted",
                                                       "pending_new",
                                                       "new",
                                                       "partial_fill",
                                                       "fill",
                                                       "canceled",
                                                       "expired",
                                                       "done_for_day",
                                                       "replaced",
                                                       "rejected",
                                                       "pending_cancel",
                                                       "pending_replace",
                                                       "order_cancel_rejected",
                                                       "order_replace_rejected",
                                                       "stopped",
                                                       "suspended",
                                                       "calculated",
                                                       "held",
                                                       "restated",
                                                       "trade_bust",
                                                       "trade_correct",
                                                       "accepted_for_bidding"};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string_view to_string(OrderStatus status) {
  return kStatusNames[static_cast<std::size_t>(status)];
}

OrderStatus parse_order_status(std::string_view text) {
  for (std::size_t i = 0; i < kStatusNames.size(); ++i) {
    if (kStatusNames[i] == text) return static_cast<OrderStatus>(i);
  }
  return OrderStatus::unknown;
}

bool is_terminal(OrderStatus status) {
  return status >= OrderStatus::filled && status <= OrderStatus::rejected;
}

TradeEvent parse_trade_event(std::string_view text) {
  for (std::size_t i = 0; i < kEventNames.size(); ++i) {
    if (kEventNames[i] == text) return static_cast<TradeEvent>(i);
  }
  return TradeEvent::unknown;
}

Refusal refusal(const ApiError& error) {
  const std::string_view m = error.message;
  switch (error.http_status) {
    case 401:
      return Refusal::unauthorized;
    case 404:
      return Refusal::not_found;
    case 408:
      return Refusal::server_error;
    case 429:
      return Refusal::rate_limited;
    case 403:
      // Keys that are wrong, of the other kind of account, or not for this address: no code then.
      if (error.code == 0 && (m.starts_with("forbidden") || m.starts_with("Forbidden"))) return Refusal::unauthorized;
      if (has(m, "insufficient qty")) return Refusal::held_shares;
      if (has(m, "wash trade")) return Refusal::wash_trade;
      if (has(m, "buying power")) return Refusal::buying_power;
      return Refusal::other;
    case 422:
      if (has(m, "client_order_id must be unique")) return Refusal::duplicate_id;
      if (has(m, "is already in") || has(m, "not cancelable") || has(m, "is not open")) {
        return Refusal::not_cancelable;
      }
      if (has(m, "wash trade")) return Refusal::wash_trade;
      return Refusal::other;
    default:
      return error.http_status >= 500 ? Refusal::server_error : Refusal::other;
  }
}

RefusalScope scope_of(const ApiError& error) {
  switch (refusal(error)) {
    case Refusal::held_shares:
    case Refusal::wash_trade:
      return RefusalScope::symbol;
    default:
      break;
  }
  return error.http_status == 422   ? RefusalScope::symbol
         : error.http_status == 403 ? RefusalScope::account
                                    : RefusalScope::order;
}

std::string describe(const ApiError& error) {
  std::string text = std::to_string(error.http_status);
  if (error.code != 0) text += " " + std::to_string(error.code);
  if (!error.message.empty()) text += " " + error.message;
  return text;
}

}  // namespace sentio
