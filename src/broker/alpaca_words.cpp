/// Alpaca's answers in the port's words (ports/broker_account.h).

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sentio/broker/alpaca_types.h"
#include "sentio/core/text/text.h"

namespace sentio {
namespace {

constexpr std::size_t kShown = 40;

std::vector<std::string> hindrances_of(const AlpacaAccount& account) {
  std::vector<std::string> all;
  if (account.status != "ACTIVE") all.push_back("status is " + tame(account.status, kShown) + ", not ACTIVE");
  // The greater one stands for both.
  if (account.account_blocked) {
    all.emplace_back("account_blocked is set: the broker closed the account to activity; ask the broker why");
  } else if (account.trading_blocked) {
    all.emplace_back("trading_blocked is set: the broker refuses orders; ask the broker why");
  }
  if (account.trade_suspended_by_user) {
    all.emplace_back("trade_suspended_by_user is set: allow trading again in the broker's settings");
  }
  return all;
}

std::optional<double> positive_number(const std::string& text) {
  const auto number = parse_decimal(text);
  return number && number->value > 0 ? std::optional(number->value) : std::nullopt;
}

/// Activity types of https://docs.alpaca.markets (Account Activities) that an account of shares may meet.
std::string kind_of(const std::string& type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kKinds{{{"FEE", "fee"},
                                                                                  {"CFEE", "fee"},
                                                                                  {"PTC", "fee"},
                                                                                  {"DIV", "dividend"},
                                                                                  {"INT", "interest"},
                                                                                  {"CSD", "transfer"},
                                                                                  {"CSW", "transfer"},
                                                                                  {"JNL", "transfer"},
                                                                                  {"JNLC", "transfer"},
                                                                                  {"TRANS", "transfer"},
                                                                                  {"ACATC", "transfer"},
                                                                                  {"MISC", "transfer"}}};
  const auto known = std::ranges::find(kKinds, type, &std::pair<std::string_view, std::string_view>::first);
  if (known != kKinds.end()) return std::string(known->second);
  if (type.starts_with("DIV")) return "dividend";  // DIVCGL, DIVNRA, DIVTXEX, ...
  return type.empty() ? "activity without a name" : tame(type, kShown);
}

}  // namespace

BrokerAccount as_account(const AlpacaAccount& account) {
  return {.id = account.id,
          .status = account.status,
          .currency = account.currency,
          .cash = account.cash,
          .equity = account.equity,
          .buying_power = account.buying_power,
          .pending_fees = std::max(0.0, account.accrued_fees.value) + std::max(0.0, account.pending_reg_taf_fees.value),
          .leverage = positive_number(account.multiplier),
          .hindrances = hindrances_of(account)};
}

BrokerPosition as_position(const AlpacaPosition& position) {
  return {.symbol = position.symbol,
          .shares = position.shares,
          .qty = position.qty,
          .qty_available = position.qty_available,
          .avg_entry_price = position.avg_entry_price};
}

BrokerOrder as_order(const AlpacaOrder& order) {
  return {.id = order.id,
          .client_order_id = order.client_order_id,
          .symbol = order.symbol,
          .status = order.status_text,
          .ended = is_terminal(order.status),
          .cancel_pending = order.status == OrderStatus::pending_cancel,
          .side = order.side,
          .qty = order.qty,
          .notional = order.notional,
          .limit_price = order.limit_price,
          .filled_avg_price = order.filled_avg_price,
          .filled_qty = order.filled_qty,
          .submitted_at = order.submitted_at,
          .filled_at = order.filled_at,
          .replaces = order.replaces,
          .replaced_by = order.replaced_by};
}

BrokerAsset as_asset(const AlpacaAsset& asset) {
  return {.symbol = asset.symbol,
          .status = asset.status,
          .active = asset.status == "active",
          .tradable = asset.tradable,
          .attributes = asset.attributes};
}

AccountActivity as_activity(const Activity& activity) {
  if (const auto* other = std::get_if<OtherActivity>(&activity)) {
    return {.id = other->id,
            .what = kind_of(other->activity_type),
            .cash = other->net_amount ? other->net_amount->value : 0};
  }
  const auto& fill = std::get<FillActivity>(activity);
  const double usd = fill.qty.value * fill.price.value;
  return {.id = fill.id,
          .what = "execution",
          .cash = fill.side == Side::sell ? usd : -usd,
          .order_id = fill.order_id,
          .symbol = fill.symbol,
          .side = fill.side,
          .shares = fill.qty.value,
          .price = fill.price.value,
          .at = fill.transaction_time};
}

}  // namespace sentio
