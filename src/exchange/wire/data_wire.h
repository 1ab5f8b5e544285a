#pragma once
/// Bars and statuses as Alpaca and Polygon write them.

#include <nlohmann/json.hpp>

#include "book/data_item.h"
#include "sentio/config/universe.h"

namespace sentio::exchange {

using Json = nlohmann::ordered_json;

/// Trade count of a bar. Recordings have none: one trade per 100 shares, at least one.
[[nodiscard]] std::int64_t trade_count(const Bar& bar);
/// Volume-weighted price of a bar. Recordings have none: the typical price (high + low + close) / 3.
[[nodiscard]] double volume_weighted_price(const Bar& bar);

/// {"t":…,"o":…,"h":…,"l":…,"c":…,"v":…,"n":…,"vw":…}
[[nodiscard]] Json bar_json(const Bar& bar);
/// A data socket's message, "T" first, "t" as text.
[[nodiscard]] Json alpaca_item(const DataItem& item, const Universe& universe);
/// A Polygon AM or Q message.
[[nodiscard]] Json polygon_item(const DataItem& item, const Universe& universe);
/// A row of Polygon's aggregates.
[[nodiscard]] Json polygon_row(const Bar& bar);

}  // namespace sentio::exchange
