#include "sentio/execution/order_style.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace sentio {

std::string_view to_string(OrderStyle::Kind kind) {
  return kind == OrderStyle::Kind::market ? "market" : "marketable_limit";
}

Price limit_price(Side side, Price reference, Bps offset) {
  constexpr double kPriceMax = 1e9;
  const double sign = side == Side::buy ? 1.0 : -1.0;
  const double price = reference.v * (1.0 + sign * offset.v * 1e-4);
  if (!(price > 0 && price <= kPriceMax)) return Price{std::numeric_limits<double>::quiet_NaN()};
  const double ticks_per_dollar = price >= 1.0 ? 100.0 : 10'000.0;
  // A price that is a tick but for its last bits stays on it: 80.15·100 is 8015.000000000001.
  const double ticks = price * ticks_per_dollar;
  const double slack = 1e-6;
  const double whole = side == Side::buy ? std::ceil(ticks - slack) : std::floor(ticks + slack);
  // The quotient of whole numbers is the double that the decimal text reads as.
  return Price{std::max(whole, 1.0) / ticks_per_dollar};
}

Result<> check_order_style(const OrderStyle& style, const RiskConfig& risk) {
  if (style.kind == OrderStyle::Kind::market) return {};
  // Limits are rounded away from the close: at the bound itself hardly one would pass.
  if (style.limit_offset.v * 1e-4 < risk.max_price_deviation) return {};
  char text[160];
  std::snprintf(text, sizeof text,
                "%g bps is not below max_price_deviation of the configuration (%g, %g bps): no entry would pass risk",
                style.limit_offset.v, risk.max_price_deviation, 1e4 * risk.max_price_deviation);
  return fail(Errc::usage, "--limit-offset-bps", text);
}

}  // namespace sentio
