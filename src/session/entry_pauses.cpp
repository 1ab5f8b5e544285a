#include "sentio/session/entry_pauses.h"

#include <algorithm>

namespace sentio {

namespace {

constexpr int kFirst = 2, kLongest = 30;

}  // namespace

void EntryPauses::Pause::longer(int minute) {
  // Several purchases of one set that are refused for the same reason are one refusal.
  if (minute < until) return;
  length = length == 0 ? kFirst : std::min(2 * length, kLongest);
  until = minute + 1 + length;
}

void EntryPauses::on_session_open() {
  std::fill(symbols_.begin(), symbols_.end(), Pause{});
  account_ = {};
}

void EntryPauses::refused(SymbolId symbol, RefusalScope scope, int minute) {
  if (scope == RefusalScope::symbol) symbols_[symbol].longer(minute);
  if (scope == RefusalScope::account) account_.longer(minute);
}

void EntryPauses::bought(SymbolId symbol) {
  symbols_[symbol] = {};
  account_ = {};
}

bool EntryPauses::paused(SymbolId symbol, int minute) const {
  return minute < std::max(symbols_[symbol].until, account_.until);
}

}  // namespace sentio
