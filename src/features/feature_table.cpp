// The table and its fingerprint.
//
// Symbols of the formulas. O, H, L, C are a minute's prices on the gapless path (minute_path.h says how to
// rebuild it from raw bars: path price = price × exp(-accumulated overnight gap)), V its volume in shares
// (divided by the ratios of splits between sessions so far),
// TP = (H + L + C) / 3, G = ln C, r[t] = G[t] - G[t-1], TR = max(H, previous C) - min(L, previous C).
// "over k" is the last k session minutes, this one and forward-filled ones (flat, V = 0) included. Before a
// symbol's first bar the path is flat at that bar's open and V = 0, so windows are always full.
// SMA(x,k): mean over k. EMA(x,k): y += 2/(k+1) (x - y), y = first open at the start (0 for the MACD signal).
// Wilder(k) mean: y += (x - y)/k, y = 0 at the start. "if flat": the denominator is 0 or nothing but
// rounding: a spread of prices below 1e-10 of the price, a variance below 1e-12 of the mean square, a Wilder
// mean below 1e-12 of the price.

#include <array>
#include <string>

#include "feature_index.h"

namespace sentio {

namespace {

/// Raised when a constant or a meaning changes that no formula text shows.
constexpr std::string_view kConstantsVersion = "2";

constexpr FeatureGroup momentum = FeatureGroup::momentum, volatility = FeatureGroup::volatility,
                       volume = FeatureGroup::volume;

constexpr std::array<FeatureInfo, kFeatureCount> kTable{{
#define FEATURE(name, group, lookback, unit, formula, source) {#name, group, formula, lookback, unit, source},
#include "feature_rows.inc"
#undef FEATURE
}};

constexpr std::uint64_t table_hash() {
  // A separator after each cell: "ab"+"c" must differ from "a"+"bc".
  std::uint64_t hash = fnv1a(kConstantsVersion);
  for (const FeatureInfo& info : kTable) {
    for (const std::string_view cell : {info.name, info.formula, info.unit})
      hash = fnv1a("\n", fnv1a(cell, hash));
    const std::array<char, 3> numbers{static_cast<char>(info.group), static_cast<char>(info.lookback % 128),
                                      static_cast<char>(info.lookback / 128)};
    hash = fnv1a(std::string_view(numbers.data(), numbers.size()), hash);
  }
  return hash;
}

}  // namespace

std::span<const FeatureInfo, kFeatureCount> feature_table() {
  return kTable;
}

std::uint64_t feature_schema_hash() {
  static constexpr std::uint64_t hash = table_hash();
  return hash;
}

}  // namespace sentio
