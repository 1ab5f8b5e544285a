#pragma once
/// Regulatory fees by date (config/fees.json). Rates: broker reference §8.

#include <utility>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/core/time.h"

namespace sentio {

/// Rates in force from `from` (inclusive) until the next row.
struct FeeRates {
  Date from{};
  double sec_rate = 0;          ///< USD per USD of sales (SEC Section 31)
  double taf_per_share = 0;     ///< USD per share sold (FINRA TAF)
  double taf_cap = 0;           ///< USD per trade
  double cat_per_share = 0;     ///< USD per share bought or sold (FINRA CAT)
  double commission = 0;        ///< USD per order
  friend bool operator==(const FeeRates&, const FeeRates&) = default;
};

class FeeTable {
 public:
  FeeTable() = default;
  /// Rows ascending by date, at least one.
  explicit FeeTable(std::vector<FeeRates> rows) : rows_(std::move(rows)) {}
  /// The rates of that day; before the first row: the first row's.
  [[nodiscard]] const FeeRates& on(Date date) const;
  [[nodiscard]] const std::vector<FeeRates>& rows() const { return rows_; }

 private:
  std::vector<FeeRates> rows_;
};

}  // namespace sentio
