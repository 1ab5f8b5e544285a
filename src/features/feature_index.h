#pragma once
/// Column numbers, generated from the same lines as the table.

#include "sentio/features/unified_feature_engine.h"

namespace sentio::features {

enum Column : int {
#define FEATURE(name, group, lookback, unit, formula, source) name,
#include "feature_rows.inc"
#undef FEATURE
  kColumnCount
};
static_assert(kColumnCount == kFeatureCount);

}  // namespace sentio::features
