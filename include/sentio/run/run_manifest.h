#pragma once
/// The manifest of a run from what it was given.

#include <map>
#include <string>
#include <vector>

#include "sentio/analysis/manifest.h"
#include "sentio/data/load_checks.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// "1.0.0+dabb887b0e09": the project's version and the commit at the time cmake was run; the version alone
/// outside a clone. Local edits are not seen.
[[nodiscard]] std::string_view binary_version();

/// By symbol, of those that came from a file.
[[nodiscard]] std::map<std::string, std::string> bar_file_hashes(const std::vector<SymbolBars>& bars);

/// Capital and the style of orders are not part of the configuration's hash: a mock and a live day of the
/// same rules agree.
[[nodiscard]] Manifest run_manifest(const StrategyConfig& config, const Universe& universe,
                                    const FeeTable& fees, std::map<std::string, std::string> bar_files);

/// Adds what a load found and what was accepted, none twice.
void note_data(Manifest& manifest, const DataReview& review);

}  // namespace sentio
