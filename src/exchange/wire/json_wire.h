#pragma once
/// Values as the JSON of Alpaca's trading API: money and quantities as strings, times in UTC.

#include <nlohmann/json.hpp>

#include "sentio/core/text/json_fields.h"
#include "sentio/exchange/matching.h"

namespace sentio::exchange {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json order_json(const ExchangeOrder& order, const Matching& matching);
[[nodiscard]] Json account_json(const Matching& matching);
[[nodiscard]] Json position_json(SymbolId symbol, const Matching& matching);
[[nodiscard]] Json asset_json(SymbolId symbol, const Matching& matching);
[[nodiscard]] Json activity_json(const Activity& activity, const Matching& matching);
/// Of an instrument that is not on this exchange.
[[nodiscard]] Json position_json(const std::string& name, const BookPosition& position);
/// {"code":…,"message":…,…}
[[nodiscard]] Json refusal_json(const Refusal& refusal);
/// {"stream":"trade_updates","data":{…}} as text.
[[nodiscard]] std::string trade_update_frame(const TradeUpdate& update, const Matching& matching);
/// The activity's id: 17 digits of New York time, "::", uuid.
[[nodiscard]] std::string activity_id(const Activity& activity);

/// An order from a request body. Numbers may come as JSON numbers or strings.
[[nodiscard]] tl::expected<OrderRequest, Refusal> order_request(const Json& body);
[[nodiscard]] tl::expected<ReplaceRequest, Refusal> replace_request(const Json& body);

}  // namespace sentio::exchange
