#include "sentio/data/bar_verification.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"
#include "sentio/core/split_ratio.h"

namespace sentio {

namespace {

using namespace data;

class Verifier {
 public:
  Verifier(const BarVerificationOptions& options, BarVerification& report)
      : options_(options), report_(report) {}

  void add(const Bar& bar) {
    SENTIO_CHECK(previous_ == nullptr || bar.start > previous_->start);
    const bool overnight = report_.sessions.empty() || bar.start >= session_.close;
    if (overnight) open_session(bar);
    const auto minute = session_.minute_of(bar.start);
    SENTIO_CHECK(minute.has_value());
    close_gap(*minute);
    next_minute_ = *minute + 1;
    ++report_.sessions.back().bars;
    if (bar.volume == 0) ++report_.zero_volume_bars;
    if (previous_ != nullptr) judge_move(bar, overnight);
    previous_ = &bar;
  }
  void finish() {
    if (!report_.sessions.empty()) end_session();
  }

 private:
  void open_session(const Bar& bar) {
    const auto hours = NyseCalendar::session(new_york_date(bar.start));
    SENTIO_CHECK(hours.has_value());
    if (!report_.sessions.empty()) {
      end_session();
      for (const auto& between : NyseCalendar::sessions(session_.date, hours->date)) {
        if (between.date != session_.date && between.date != hours->date) {
          report_.absent_sessions.push_back(between.date);
        }
      }
    }
    session_ = *hours;
    next_minute_ = 0;
    report_.sessions.push_back({.date = hours->date, .minutes = hours->minutes});
  }
  void end_session() {
    close_gap(session_.minutes);
    report_.missing_minutes += report_.sessions.back().missing();
    report_.longest_gap = std::max(report_.longest_gap, report_.sessions.back().longest_gap);
  }
  /// Minutes from next_minute_ up to `minute` have no bar.
  void close_gap(int minute) {
    SessionCoverage& coverage = report_.sessions.back();
    if (minute - next_minute_ <= coverage.longest_gap) return;
    coverage.longest_gap = minute - next_minute_;
    coverage.longest_gap_minute = next_minute_;
  }
  void judge_move(const Bar& bar, bool overnight) {
    const double ratio = (overnight ? bar.open : bar.close) / previous_->close;
    if (std::abs(ratio - 1) < (overnight ? options_.overnight_jump : options_.jump)) return;
    report_.jumps.push_back({bar.start, ratio, overnight,
                             overnight ? split_like(ratio, options_.split_tolerance) : std::nullopt});
  }

  const BarVerificationOptions& options_;
  BarVerification& report_;
  SessionHours session_{};
  int next_minute_ = 0;
  const Bar* previous_ = nullptr;
};

}  // namespace

std::int64_t BarVerification::suspected_splits() const {
  return std::ranges::count_if(jumps, [](const PriceJump& jump) { return jump.split.has_value(); });
}

BarVerification verify_bars(const SymbolBars& bars, const BarVerificationOptions& options) {
  BarVerification report;
  report.symbol = bars.symbol;
  report.synthetic = bars.synthetic;
  report.outside_session = bars.outside_session;
  for (const auto& [date, count] : bars.closing_prints) report.closing_prints += count;
  Verifier verifier(options, report);
  for (const Bar& bar : bars.bars) verifier.add(bar);
  verifier.finish();
  return report;
}

}  // namespace sentio
