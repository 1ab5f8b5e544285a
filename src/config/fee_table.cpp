#include "sentio/config/fee_table.h"

#include <algorithm>

#include "sentio/core/check.h"

namespace sentio {

const FeeRates& FeeTable::on(Date date) const {
  SENTIO_CHECK(!rows_.empty());
  const auto after = std::ranges::upper_bound(rows_, date, {}, &FeeRates::from);
  return after == rows_.begin() ? *after : *(after - 1);
}

}  // namespace sentio
