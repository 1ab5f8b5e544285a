#pragma once
/// The 126 features of one symbol: causal, finite, O(1) amortised per bar, no price levels.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sentio/core/bar.h"
#include "sentio/core/bytes.h"
#include "sentio/core/calendar.h"

namespace sentio {

inline constexpr int kFeatureCount = 126;

enum class FeatureGroup : std::uint8_t { momentum, volatility, volume };

/// One row of the feature table (docs/features.md prints it; feature_table.cpp explains the symbols).
struct FeatureInfo {
  std::string_view name;  ///< column name, snake_case, unique
  FeatureGroup group;
  std::string_view formula;  ///< in words or symbols a quant reads
  int lookback;              ///< minutes; 0 = this bar only
  std::string_view unit;     ///< "ratio", "log return", "0..1", ...
  std::string_view source;   ///< paper, book or "own"
};

/// All features in column order.
[[nodiscard]] std::span<const FeatureInfo, kFeatureCount> feature_table();
/// Changes whenever a name, formula, order or constant changes; learned states belong to one schema.
[[nodiscard]] std::uint64_t feature_schema_hash();

using FeatureRow = std::array<double, kFeatureCount>;

/// Rolling windows over one symbol's session minutes.
///
/// Feed every session minute in order, also forward-filled ones (windows count minutes), never a
/// minute before the symbol's first real bar. raw() is defined after the first update.
/// Errors   none: inputs are checked before they get here; every output is finite.
/// Threads  one at a time; no hidden state. No allocation after construction.
class UnifiedFeatureEngine {
 public:
  UnifiedFeatureEngine();
  /// A session begins; windows carry over, the overnight move is cut out of the return path.
  void begin_session(const SessionHours& hours);
  /// Minute `minute` of the session. `bar.real()` false = forward-filled.
  void update(int minute, const SyncBar& bar);
  /// Unstandardised features after the latest update.
  [[nodiscard]] const FeatureRow& raw() const { return raw_; }

  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);
  struct State;
  UnifiedFeatureEngine(UnifiedFeatureEngine&&) noexcept;
  UnifiedFeatureEngine& operator=(UnifiedFeatureEngine&&) noexcept;
  ~UnifiedFeatureEngine();

 private:
  FeatureRow raw_{};
  std::unique_ptr<State> state_;
};

/// Causal standardisation: z = clip((v − μ)/sd, ±4), μ and sd the normalised exponentially weighted
/// moments (half-life 2,000) over EARLIER real bars, then updated with v.
class FeatureStandardizer {
 public:
  static constexpr double kHalfLifeBars = 2000;
  static constexpr int kMinimumBars = 390;
  /// Standardises one real bar's features into `z` and then learns from them. Returns whether the
  /// z-scores are valid (at least kMinimumBars earlier real bars); otherwise z is all zero.
  bool transform(const FeatureRow& raw, std::span<double, kFeatureCount> z);
  [[nodiscard]] std::int64_t bars_seen() const { return seen_; }
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  FeatureRow mean_{}, variance_{};
  double weight_ = 0;
  std::int64_t seen_ = 0;
};

}  // namespace sentio
