#include "sentio/strategy/multi_symbol_oes_manager.h"

#include "sentio/core/check.h"

namespace sentio {

MultiSymbolOesManager::MultiSymbolOesManager(const LearnerConfig& config, const Universe& universe,
                                             std::optional<std::uint64_t> placebo)
    : signals_(universe.size()) {
  symbols_.reserve(universe.size());
  for (const SymbolInfo& symbol : universe) {
    symbols_.push_back({.ensemble = OnlineEnsemble(config, symbol.name, placebo), .ahead = {}, .ahead_bars = {}});
  }
}

void MultiSymbolOesManager::begin_session(const SessionHours& hours, int eod_minute) {
  session_minutes_ = hours.minutes;
  for (PerSymbol& s : symbols_) {
    s.ensemble.begin_session(hours, eod_minute);
    s.ahead.clear();
    s.ahead_bars.clear();
    s.ended = false;
  }
}

void MultiSymbolOesManager::run_ahead(SymbolId symbol, std::span<const SyncBar> session_minutes) {
  PerSymbol& s = symbols_[symbol];
  SENTIO_CHECK(s.ahead.empty() && !s.ended);
  SENTIO_CHECK(static_cast<int>(session_minutes.size()) == session_minutes_);
  s.ahead.reserve(session_minutes.size());
  s.ahead_bars.assign(session_minutes.begin(), session_minutes.end());
  int minute = 0;
  for (const SyncBar& bar : session_minutes) s.ahead.push_back(s.ensemble.step(minute++, bar));
  s.ensemble.end_session();
  s.ended = true;
}

std::span<const SymbolSignal> MultiSymbolOesManager::step(const SynchronizedBarSet& set) {
  const auto minute = static_cast<std::size_t>(set.minute);
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    PerSymbol& s = symbols_[i];
    if (s.ended) {
      SENTIO_CHECK(minute < s.ahead.size() && s.ahead_bars[minute] == set.bars[i]);
      signals_[i] = s.ahead[minute];
    } else {
      signals_[i] = s.ensemble.step(set.minute, set.bars[i]);
    }
  }
  return signals_;
}

CalibrationSums MultiSymbolOesManager::end_session() {
  CalibrationSums sums;
  for (PerSymbol& s : symbols_) {
    if (!s.ended) s.ensemble.end_session();
    s.ended = true;
    sums += s.ensemble.session_sums();
  }
  return sums;
}

void MultiSymbolOesManager::save(ByteWriter& out) const {
  out.put(static_cast<std::uint64_t>(symbols_.size()));
  for (const PerSymbol& s : symbols_) s.ensemble.save(out);
}

Result<> MultiSymbolOesManager::load(ByteReader& in) {
  std::uint64_t n = 0;
  if (!in.get(n) || n != symbols_.size()) in.fail();
  for (PerSymbol& s : symbols_) {
    if (auto r = s.ensemble.load(in); !r) return r;
  }
  return in.result("signal engines");
}

}  // namespace sentio
