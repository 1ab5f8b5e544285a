#include <algorithm>

#include "sentio/core/check.h"
#include "sentio/execution/ledger.h"

namespace sentio {

Fees fees_of(const FeeRates& rates, Side side, Qty qty, Price price) {
  SENTIO_CHECK(qty > Qty{0});
  SENTIO_CHECK(price > Price{0});
  Fees fees;
  fees.cat = Usd{qty.v * rates.cat_per_share};
  fees.commission = Usd{rates.commission};
  if (side == Side::sell) {
    fees.sec = Usd{(qty * price).v * rates.sec_rate};
    fees.taf = Usd{std::min(qty.v * rates.taf_per_share, rates.taf_cap)};
  }
  return fees;
}

Bps round_trip_cost(const FeeRates& rates, Price half_spread, Price price) {
  SENTIO_CHECK(price > Price{0});
  const double per_share =
      2 * half_spread.v + 2 * rates.cat_per_share + rates.taf_per_share + rates.sec_rate * price.v;
  return Bps{1e4 * per_share / price.v};
}

}  // namespace sentio
