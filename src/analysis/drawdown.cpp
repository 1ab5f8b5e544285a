#include "sentio/analysis/drawdown.h"

#include <cmath>

#include "sentio/analysis/performance_analyzer.h"

namespace sentio {

namespace {

class DrawdownSearch {
 public:
  void step(double equity, Date date) {
    if (!std::isfinite(equity)) return;
    if (equity > peak_) {
      peak_ = equity;
      peak_date_ = date;
    }
    if (!(peak_ > 0)) return;
    if (found_ && !found_->recovered && equity >= found_peak_) found_->recovered = date;
    deepen((peak_ - equity) / peak_, peak_date_, date);
  }
  /// A fall inside `date` that its minutes would have shown.
  void recorded(double depth, Date date) {
    if (std::isfinite(depth)) deepen(depth, date, date);
  }
  [[nodiscard]] const std::optional<DrawdownSpan>& found() const { return found_; }

 private:
  void deepen(double depth, Date peak, Date trough) {
    if (depth <= (found_ ? found_->depth : 0)) return;
    found_ = DrawdownSpan{depth, peak, trough, std::nullopt};
    found_peak_ = peak_;
  }

  double peak_ = 0, found_peak_ = 0;
  Date peak_date_{};
  std::optional<DrawdownSpan> found_;
};

}  // namespace

std::optional<DrawdownSpan> deepest_drawdown(const RunResult& run) {
  const std::vector<double> path = equity_path(run);
  DrawdownSearch search;
  std::size_t at = 0;
  for (const DayResult& day : run.days) {
    const std::size_t points = day.equity_by_minute.size() + 2;  // and its start and its end
    for (std::size_t i = 0; i < points; ++i) search.step(path[at++], day.date);
    if (day.equity_by_minute.empty()) search.recorded(day.drawdown_max, day.date);
  }
  return search.found();
}

}  // namespace sentio
