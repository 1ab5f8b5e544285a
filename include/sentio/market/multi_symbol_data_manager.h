#pragma once
/// Aligns the symbols' bars minute by minute: every session minute gives exactly one set.

#include <optional>
#include <span>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/core/bar.h"
#include "sentio/core/bytes.h"
#include "sentio/core/calendar.h"
#include "sentio/core/print_guard.h"

namespace sentio {

/// One symbol's bad prints and forward fill. A small value: copy it to run a symbol ahead of the others.
///
/// Prices that a PrintGuard holds back are not in the bars that come out, now or later; a minute whose open or close is
/// held back has no bar. A minute without a bar is filled flat at the last close with volume 0; after
/// `max_forward_fills` in a row the symbol is stale. A session begins stale: yesterday's close says
/// nothing about this morning, so nothing is signalled before the day's first real bar.
class SymbolSynchronizer {
 public:
  explicit SymbolSynchronizer(const DataConfig& config) : max_forward_fills_(config.max_forward_fills) {}
  void begin_session();
  /// The symbol's bar of the minute that starts at `start`.
  [[nodiscard]] SyncBar next(TimePoint start, const std::optional<Bar>& bar);
  /// What the latest next() told of an earlier bar.
  [[nodiscard]] const SettledPrints& settled() const { return settled_; }
  [[nodiscard]] const PrintGuard& guard() const { return guard_; }
  [[nodiscard]] SettledPrints end_session() { return guard_.end_session(); }
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  [[nodiscard]] SyncBar fill(TimePoint start);

  int max_forward_fills_;
  PrintGuard guard_;
  SettledPrints settled_;
  double last_close_ = 0;  // 0 = no bar ever
  int age_ = 0;
  bool seen_this_session_ = false;
};

/// What became known of a price that was held back.
struct PrintNews {
  SymbolId symbol = 0;
  HeldPrint print;
};

class MultiSymbolDataManager {
 public:
  MultiSymbolDataManager(const DataConfig& config, std::size_t symbols);
  void begin_session(const SessionHours& hours);
  /// The next minute of the session, in order and without gaps. `bars` by SymbolId; each bar must
  /// start at that minute. The set is valid until the next call.
  [[nodiscard]] const SynchronizedBarSet& step(int minute, std::span<const std::optional<Bar>> bars);
  /// After the last minute.
  void end_session();
  /// Of the latest step() or end_session(), by symbol.
  [[nodiscard]] std::span<const PrintNews> prints() const { return prints_; }
  [[nodiscard]] const SymbolSynchronizer& symbol(SymbolId id) const { return symbols_[id]; }
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  void tell(SymbolId symbol, const SettledPrints& settled);

  DataConfig config_;
  std::vector<SymbolSynchronizer> symbols_;
  SessionHours hours_;
  int next_minute_ = 0;
  SynchronizedBarSet set_;
  std::vector<PrintNews> prints_;
};

}  // namespace sentio
