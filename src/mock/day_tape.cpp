#include "sentio/mock/day_tape.h"

#include <algorithm>

namespace sentio {

DayTape::DayTape(const SessionHours& hours, std::span<const SymbolBars> symbols) : hours_(hours) {
  const auto minutes = static_cast<std::size_t>(hours.minutes);
  for (const SymbolBars& s : symbols) {
    auto& row = by_symbol_.emplace_back(minutes);
    auto bar = std::lower_bound(s.bars.begin(), s.bars.end(), hours.open,
                                [](const Bar& b, TimePoint t) { return b.start < t; });
    for (; bar != s.bars.end() && bar->start < hours.close; ++bar) {
      row[static_cast<std::size_t>((bar->start - hours.open) / kBarLength)] = *bar;
      ++real_bars_;
    }
    if (const auto prints = s.closing_prints.find(hours.date); prints != s.closing_prints.end()) {
      closing_prints_ += prints->second;
    }
  }
}

void DayTape::minute(int i, std::vector<std::optional<Bar>>& out) const {
  out.clear();
  for (const auto& row : by_symbol_) out.push_back(row[static_cast<std::size_t>(i)]);
}

std::optional<double> DayTape::open_to_close(SymbolId id) const {
  const auto& row = by_symbol_[id];
  const auto real = [](const std::optional<Bar>& b) { return b.has_value(); };
  const auto first = std::find_if(row.begin(), row.end(), real);
  if (first == row.end()) return std::nullopt;
  const auto last = std::find_if(row.rbegin(), row.rend(), real);
  return (*last)->close / (*first)->open - 1.0;
}

void describe_recording(DayResult& day, const DayTape& tape, const Universe& universe) {
  day.closing_prints = tape.closing_prints();
  day.forward_filled = tape.hours().minutes * static_cast<int>(universe.size()) - tape.real_bars();
  day.buy_and_hold.clear();
  for (std::size_t i = 0; i < universe.size(); ++i) {
    const auto id = static_cast<SymbolId>(i);
    if (const auto move = tape.open_to_close(id)) day.buy_and_hold[universe[id].name] = *move;
  }
}

}  // namespace sentio
