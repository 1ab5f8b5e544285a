#include "sentio/market/multi_symbol_data_manager.h"

#include "sentio/core/check.h"
#include "sentio/core/state_limits.h"

namespace sentio {

namespace {

/// Minutes without a bar that a state may bring: two thousand years.
constexpr int kAgeMax = 1'000'000'000;

}  // namespace

void SymbolSynchronizer::begin_session() {
  seen_this_session_ = false;
  guard_.begin_session();
}

SyncBar SymbolSynchronizer::next(TimePoint start, const std::optional<Bar>& bar) {
  settled_ = {};
  if (!bar) return fill(start);
  const PrintGuard::Seen seen = guard_.next(*bar);
  settled_ = seen.settled;
  if (!seen.sound()) return fill(start);
  last_close_ = seen.bar.close;
  age_ = 0;
  seen_this_session_ = true;
  return {.bar = seen.bar, .age = 0, .has_price = true, .stale = false};
}

SyncBar SymbolSynchronizer::fill(TimePoint start) {
  ++age_;
  if (last_close_ == 0) return {.bar = {.start = start}, .age = age_, .has_price = false, .stale = true};
  const double c = last_close_;
  return {.bar = {.start = start, .open = c, .high = c, .low = c, .close = c, .volume = 0},
          .age = age_,
          .has_price = true,
          .stale = !seen_this_session_ || age_ > max_forward_fills_};
}

void SymbolSynchronizer::save(ByteWriter& out) const {
  out.put(last_close_);
  out.put(age_);
  out.put(seen_this_session_);
  guard_.save(out);
}

Result<> SymbolSynchronizer::load(ByteReader& in) {
  SymbolSynchronizer loaded = *this;
  if (in.get(loaded.last_close_) && !is_state_price(loaded.last_close_)) in.fail();
  in.get_within(loaded.age_, 0, kAgeMax);
  in.get(loaded.seen_this_session_);
  if (auto r = loaded.guard_.load(in); !r) return r;
  if (in.ok()) *this = loaded;
  return in.result("symbol synchroniser");
}

MultiSymbolDataManager::MultiSymbolDataManager(const DataConfig& config, std::size_t symbols)
    : config_(config), symbols_(symbols, SymbolSynchronizer(config)) {
  set_.bars.resize(symbols);
  set_.missing_symbols.reserve(symbols);
  prints_.reserve(2 * symbols);
}

void MultiSymbolDataManager::begin_session(const SessionHours& hours) {
  hours_ = hours;
  next_minute_ = 0;
  for (auto& symbol : symbols_) symbol.begin_session();
}

const SynchronizedBarSet& MultiSymbolDataManager::step(int minute, std::span<const std::optional<Bar>> bars) {
  SENTIO_CHECK(minute == next_minute_);
  SENTIO_CHECK(minute < hours_.minutes);
  SENTIO_CHECK(bars.size() == symbols_.size());
  ++next_minute_;
  const TimePoint start = hours_.minute_start(minute);
  set_.timestamp = hours_.minute_end(minute);
  set_.minute = minute;
  set_.missing_symbols.clear();
  prints_.clear();
  for (std::size_t i = 0; i < bars.size(); ++i) {
    SENTIO_CHECK(!bars[i] || bars[i]->start == start);
    set_.bars[i] = symbols_[i].next(start, bars[i]);
    if (!set_.bars[i].real()) set_.missing_symbols.push_back(static_cast<SymbolId>(i));
    tell(static_cast<SymbolId>(i), symbols_[i].settled());
  }
  set_.is_complete = set_.missing_symbols.empty();
  set_.skipped = static_cast<int>(set_.missing_symbols.size()) > config_.max_missing_symbols;
  return set_;
}

void MultiSymbolDataManager::end_session() {
  prints_.clear();
  for (std::size_t i = 0; i < symbols_.size(); ++i) tell(static_cast<SymbolId>(i), symbols_[i].end_session());
}

void MultiSymbolDataManager::tell(SymbolId symbol, const SettledPrints& settled) {
  if (settled.above) prints_.push_back({symbol, *settled.above});
  if (settled.below) prints_.push_back({symbol, *settled.below});
}

void MultiSymbolDataManager::save(ByteWriter& out) const {
  out.put(static_cast<std::uint64_t>(symbols_.size()));
  for (const auto& symbol : symbols_) symbol.save(out);
}

Result<> MultiSymbolDataManager::load(ByteReader& in) {
  std::uint64_t n = 0;
  if (!in.get(n) || n != symbols_.size()) in.fail();
  for (auto& symbol : symbols_) {
    if (auto r = symbol.load(in); !r) return r;
  }
  return in.result("synchronised bars");
}

}  // namespace sentio
