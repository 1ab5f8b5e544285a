#pragma once
/// Alpaca's trading JSON to structs. Pure: bytes in, values out.
///
/// Decimals are accepted as JSON strings (what the API sends) and as numbers (what some tools make of them).
/// Unknown keys are ignored, unknown enumerators become `unknown`.
/// Errors   Errc::malformed when the text is not JSON of the right shape or a field that matters is missing;
///          the detail names the field and never quotes the text.

#include <string>
#include <string_view>
#include <vector>

#include "sentio/broker/alpaca_types.h"
#include "sentio/core/error.h"

namespace sentio {

[[nodiscard]] Result<AlpacaAccount> parse_account(std::string_view json);
[[nodiscard]] Result<std::vector<AlpacaPosition>> parse_positions(std::string_view json);
[[nodiscard]] Result<AlpacaOrder> parse_order(std::string_view json);
[[nodiscard]] Result<std::vector<AlpacaOrder>> parse_orders(std::string_view json);
[[nodiscard]] Result<std::vector<Activity>> parse_activities(std::string_view json);
[[nodiscard]] Result<MarketClock> parse_market_clock(std::string_view json);
[[nodiscard]] Result<std::vector<CalendarDay>> parse_calendar(std::string_view json);
[[nodiscard]] Result<AlpacaAsset> parse_asset(std::string_view json);

/// One frame of the /stream socket; text and binary frames hold the same JSON.
[[nodiscard]] Result<StreamMessage> parse_stream_message(std::string_view frame);

/// Never fails: an HTML page, an empty body or a body without a code are all an ApiError.
[[nodiscard]] ApiError parse_api_error(int http_status, std::string_view body);

}  // namespace sentio
