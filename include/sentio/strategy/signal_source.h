#pragma once
/// Where a session's signals come from. Normally MultiSymbolOesManager; studies and tests put others in
/// its place (recorded signals of a sweep, planted or random ones).

#include <span>

#include "sentio/core/bar.h"
#include "sentio/core/bytes.h"
#include "sentio/core/calendar.h"
#include "sentio/strategy/calibration.h"

namespace sentio {

class SignalSource {
 public:
  virtual ~SignalSource() = default;
  virtual void begin_session(const SessionHours& hours, int eod_minute) = 0;
  /// One signal per symbol, by SymbolId; valid until the next call.
  virtual std::span<const SymbolSignal> step(const SynchronizedBarSet& set) = 0;
  /// Labels resolve; returns the session's calibration sums over all symbols, in symbol order.
  virtual CalibrationSums end_session() = 0;
  virtual void save(ByteWriter& out) const = 0;
  virtual Result<> load(ByteReader& in) = 0;
};

}  // namespace sentio
