#include "page_series.h"

#include <algorithm>
#include <cmath>

namespace sentio::reports_detail {

namespace {

/// Puts values that come by time onto the axis: the last one of a step counts.
class AxisValues {
 public:
  AxisValues(const PageAxis& axis, const std::vector<DayRecords>& days)
      : axis_(axis), days_(days), values_(axis.points(), NAN) {}

  /// `ts`: the end of the minute the value belongs to. Times outside the session are passed over.
  void put(std::size_t day, TimePoint ts, double value) {
    if (const auto point = point_of(day, ts)) values_[*point] = value;
  }
  void put_lowest(std::size_t day, TimePoint ts, double value) {
    if (const auto point = point_of(day, ts)) values_[*point] = std::fmin(values_[*point], value);
  }
  [[nodiscard]] std::optional<std::size_t> point_of(std::size_t day, TimePoint ts) const {
    const SessionHours& hours = days_[day].hours;
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(ts - hours.open).count();
    if (minutes < 1 || minutes > hours.minutes) return std::nullopt;
    std::size_t first = 0;
    for (std::size_t d = 0; d < day; ++d)
      first += static_cast<std::size_t>(PageAxis::points_of(axis_.sessions[d], axis_.step));
    return first + static_cast<std::size_t>((minutes - 1) / axis_.step);
  }
  /// A gap within a session takes the value before it, as far as the run went; gaps at a session's start
  /// stay.
  void fill_gaps() {
    for (std::size_t d = 0; d < days_.size(); ++d) {
      if (days_[d].book.empty()) continue;
      const auto first = point_of(d, days_[d].hours.open + kBarLength),
                 last = point_of(d, days_[d].book.back().ts);
      if (!first || !last) continue;
      for (std::size_t point = *first + 1; point <= *last; ++point)
        if (std::isnan(values_[point])) values_[point] = values_[point - 1];
    }
  }
  [[nodiscard]] std::vector<double> take() { return std::move(values_); }

 private:
  const PageAxis& axis_;
  const std::vector<DayRecords>& days_;
  std::vector<double> values_;
};

/// A price the run wrote down itself.
struct NotedPrice {
  std::size_t day;
  TimePoint ts;
  double price;
};

std::vector<NotedPrice> noted_prices(const std::string& symbol, const std::vector<DayRecords>& days) {
  std::vector<NotedPrice> noted;
  for (std::size_t d = 0; d < days.size(); ++d) {
    for (const DecisionLine& line : days[d].decisions)
      if (line.symbol == symbol && line.price > 0) noted.push_back({d, line.ts, line.price});
    for (const BookLine& book : days[d].book)
      for (const HeldLine& held : book.positions)
        if (held.symbol == symbol && held.mark > 0) noted.push_back({d, book.ts, held.mark});
  }
  std::stable_sort(noted.begin(), noted.end(),
                   [](const NotedPrice& a, const NotedPrice& b) { return a.ts < b.ts; });
  return noted;
}

/// The close at `ts`: of the last bar of that session that has ended by then.
std::optional<double> close_at(const std::vector<Bar>& bars, const SessionHours& hours, TimePoint ts) {
  const auto after = std::upper_bound(bars.begin(), bars.end(), ts - kBarLength,
                                      [](TimePoint t, const Bar& bar) { return t < bar.start; });
  if (after == bars.begin() || std::prev(after)->start < hours.open) return std::nullopt;
  return std::prev(after)->close;
}

constexpr double kSamePrice = 0.005;  // another feed's close differs by less, another bar file's by more

/// Nine in ten of the prices the run noted are those of the bars: then these are the bars it ran on, or
/// another vendor's of the same market.
bool bars_agree(const SymbolBars& bars, const std::vector<NotedPrice>& noted,
                const std::vector<DayRecords>& days) {
  std::size_t compared = 0, same = 0;
  for (const NotedPrice& n : noted) {
    const auto close = close_at(bars.bars, days[n.day].hours, n.ts);
    if (!close) continue;
    ++compared;
    same += std::abs(*close / n.price - 1) < kSamePrice;
  }
  return compared == 0 ? noted.empty() : 10 * same >= 9 * compared;
}

void add_prices(PageInstrument& out, const PageAxis& axis, const std::vector<DayRecords>& days,
                const SymbolBars* bars) {
  AxisValues prices(axis, days);
  const auto noted = noted_prices(out.name, days);
  const bool usable = bars != nullptr && bars_agree(*bars, noted, days);
  if (usable) {
    std::size_t d = 0;
    for (const Bar& bar : bars->bars) {
      while (d < days.size() && bar.start >= days[d].hours.close) ++d;
      if (d == days.size()) break;
      // What came after a day's last minute is not part of the run.
      const TimePoint end = bar.start + kBarLength;
      const bool seen = !days[d].book.empty() && end <= days[d].book.back().ts;
      if (seen && bar.start >= days[d].hours.open) prices.put(d, end, bar.close);
    }
    out.note = "Price: closes of recorded bars" + std::string(bars->synthetic ? " (SYNTHETIC)." : ".");
  } else {
    for (const NotedPrice& n : noted) prices.put(n.day, n.ts, n.price);
    out.note = bars != nullptr ? "Price: only what the run noted (decisions, marks). The bars in the data "
                                 "folder have other prices: not those of this run."
                               : "Price: only what the run noted (decisions, marks), held in between; name "
                                 "the folder of bars with --data-dir to see every minute.";
  }
  prices.fill_gaps();
  out.price.values = prices.take();
}

void add_signals(PageInstrument& out, const PageAxis& axis, const std::vector<DayRecords>& days) {
  AxisValues confidence(axis, days), strength(axis, days);
  for (std::size_t d = 0; d < days.size(); ++d) {
    for (const SignalLine& line : days[d].signals) {
      if (!line.valid || line.symbol != out.name) continue;
      confidence.put(d, line.ts, line.confidence);
      strength.put(d, line.ts, line.strength > 0 ? line.strength : NAN);  // 0 is "no", not a little
    }
  }
  out.confidence.values = confidence.take();
  out.strength.values = strength.take();
}

void add_markers(PageInstrument& out, const std::vector<DayRecords>& days) {
  for (std::size_t d = 0; d < days.size(); ++d) {
    const SessionHours& hours = days[d].hours;
    for (const TradeLine& trade : days[d].trades) {
      if (trade.symbol != out.name) continue;
      const double minute = std::chrono::duration<double, std::ratio<60>>(trade.ts - hours.open).count();
      PageMarker marker{.session = static_cast<int>(d),
                        .minute = std::clamp(minute, 0.0, static_cast<double>(hours.minutes)),
                        .entry = trade.buy(),
                        .price = trade.price,
                        .qty = trade.qty,
                        .reason = trade.reason};
      if (!trade.buy()) marker.pnl = trade.pnl;
      out.markers.push_back(std::move(marker));
    }
  }
}

}  // namespace

PageAxis axis_of(const std::vector<DayRecords>& days) {
  PageAxis axis;
  for (const DayRecords& day : days) {
    const auto open = std::chrono::floor<std::chrono::minutes>(new_york_time_of_day(day.hours.open)).count();
    axis.sessions.push_back({day.hours.date, static_cast<int>(open), day.hours.minutes});
  }
  for (const int step : {1, 2, 5, 10, 15, 30, 60, 130, 390}) {
    axis.step = step;
    if (axis.points() <= kPagePoints) break;
  }
  return axis;
}

EquitySeries equity_series(const PageAxis& axis, const std::vector<DayRecords>& days) {
  AxisValues equity(axis, days), drawdown(axis, days);
  double reached = days.front().run.days.front().equity_start, peak = reached;
  for (std::size_t d = 0; d < days.size(); ++d) {
    const double gap = reached - days[d].run.days.front().equity_start;
    const double shift = std::abs(gap) <= 0.01 ? 0 : gap;
    for (const BookLine& line : days[d].book) {
      const double value = line.equity + shift;
      peak = std::max(peak, value);
      equity.put(d, line.ts, value);
      drawdown.put_lowest(d, line.ts, peak > 0 ? value / peak - 1 : 0);
    }
    reached = days[d].run.days.front().equity_end + shift;
  }
  return {.equity = {"Equity", equity.take(), 0}, .drawdown = {"Drawdown", drawdown.take(), 5}};
}

PageInstrument instrument_of(const std::string& symbol, const PageAxis& axis,
                             const std::vector<DayRecords>& days, const SymbolBars* bars) {
  PageInstrument out;
  out.name = symbol;
  out.price = {"Price", {}, 2};
  out.confidence = {"Confidence", {}, 3};
  out.strength = {"Strength", {}, 3};
  add_prices(out, axis, days, bars);
  add_signals(out, axis, days);
  add_markers(out, days);
  return out;
}

}  // namespace sentio::reports_detail
