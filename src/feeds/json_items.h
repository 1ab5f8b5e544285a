#pragma once
/// Members of market data objects, read without exceptions.

#include <string>
#include <string_view>

#include "sentio/core/bar.h"
#include "sentio/core/text/json_fields.h"
#include "sentio/core/text/text.h"

namespace sentio::items {

using fields::Json;
using fields::milliseconds;
using fields::number;
using fields::parse;
using fields::text;

/// Prices and volume of a vendor's bar; NaN where there is none.
inline Bar prices(const Json& row) {
  Bar bar;
  bar.open = number(row, "o");
  bar.high = number(row, "h");
  bar.low = number(row, "l");
  bar.close = number(row, "c");
  bar.volume = number(row, "v");
  return bar;
}

/// Why a vendor's bar is left out; nullptr: it is not. The same limits as for files.
inline const char* why_left_out(bool has_start, const Bar& bar) {
  if (!has_start || !(bar.high > 0)) return "does not read";
  if (!plausible(bar)) return "has numbers that no market makes";
  return traded(bar) ? nullptr : "has no volume: a minute without a trade";
}

/// For logs.
inline std::string tamed(std::string_view raw) {
  return tame(raw, 200);
}

}  // namespace sentio::items
