#pragma once
/// Historical minute bars over REST: queries and pages. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/feeds/feed_event.h"

namespace sentio {

struct SymbolBar {
  SymbolId symbol = 0;
  Bar bar{};
};

struct BarPage {
  std::vector<SymbolBar> bars;      ///< in the page's order
  std::optional<std::string> next;  ///< Alpaca: page_token. Polygon: path and query of the next page
  std::size_t dropped_open = 0;     ///< minutes that were not over at the server's time
  std::size_t dropped_bad = 0;      ///< rows that do not read, of no market, or of minutes without a trade
};

/// Query of GET /v2/stocks/bars: raw one-minute bars with start ≤ t ≤ end (both inclusive), all symbols.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> alpaca_bars_query(const Universe& universe,
                                                                                 TimePoint start,
                                                                                 TimePoint end,
                                                                                 std::string_view feed,
                                                                                 std::string_view page_token);
/// A page of it. Whether the API gives a still open minute is not documented: bars that end after
/// `server_now` are dropped. Errc::malformed: no object `bars`.
[[nodiscard]] Result<BarPage> parse_alpaca_bars(std::string_view json, const Universe& universe,
                                                TimePoint server_now);

/// "/v2/aggs/ticker/TQQQ/range/1/minute/FROM/TO", unadjusted, times in milliseconds.
[[nodiscard]] std::string polygon_aggs_path(std::string_view symbol, TimePoint start, TimePoint end);
/// A page of one symbol. The host of next_url is dropped: we never follow a reply to another machine.
/// Errc::rejected: the reply's status is ERROR or NOT_AUTHORIZED.
[[nodiscard]] Result<BarPage> parse_polygon_aggs(std::string_view json, SymbolId symbol,
                                                 TimePoint server_now);

}  // namespace sentio
