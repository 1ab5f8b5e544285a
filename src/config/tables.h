#pragma once
/// The tables of keys in config/symbols.json and config/fees.json.

#include <vector>

#include "binder.h"
#include "sentio/config/fee_table.h"
#include "sentio/config/universe.h"

namespace sentio::config_detail {

[[nodiscard]] const std::vector<Key<SymbolInfo>>& symbol_keys();
[[nodiscard]] const std::vector<Key<FeeRates>>& fee_keys();

}  // namespace sentio::config_detail
