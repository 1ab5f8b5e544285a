#pragma once
/// Aligns the symbols' bars minute by minute: every session minute gives exactly one set.

#include <optional>
#include <span>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/core/bar.h"
#include "sentio/core/bytes.h"
#include "sentio/core/calendar.h"

namespace sentio {

/// One symbol's forward fill. A small value: copy it to run a symbol ahead of the others.
///
/// A minute without a bar is filled flat at the last close with volume 0; after
/// `max_forward_fills` in a row the symbol is stale. A session begins stale: yesterday's close says
/// nothing about this morning, so nothing is signalled before the day's first real bar.
class SymbolSynchronizer {
 public:
  explicit SymbolSynchronizer(const DataConfig& config) : max_forward_fills_(config.max_forward_fills) {}
  void begin_session() { seen_this_session_ = false; }
  /// The symbol's bar of the minute that starts at `start`.
  [[nodiscard]] SyncBar next(TimePoint start, const std::optional<Bar>& bar);
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  int max_forward_fills_;
  double last_close_ = 0;  // 0 = no bar ever
  int age_ = 0;
  bool seen_this_session_ = false;
};

class MultiSymbolDataManager {
 public:
  MultiSymbolDataManager(const DataConfig& config, std::size_t symbols);
  void begin_session(const SessionHours& hours);
  /// The next minute of the session, in order and without gaps. `bars` by SymbolId; each bar must
  /// start at that minute. The set is valid until the next call.
  [[nodiscard]] const SynchronizedBarSet& step(int minute, std::span<const std::optional<Bar>> bars);
  [[nodiscard]] const SymbolSynchronizer& symbol(SymbolId id) const { return symbols_[id]; }
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  DataConfig config_;
  std::vector<SymbolSynchronizer> symbols_;
  SessionHours hours_;
  int next_minute_ = 0;
  SynchronizedBarSet set_;
};

}  // namespace sentio
