#include "sentio/mock/placebo_runs.h"

#include <mutex>

#include "sentio/analysis/performance_analyzer.h"
#include "sentio/core/check.h"
#include "sentio/run/parallel_for.h"

namespace sentio {

namespace {

/// Adds up how far every placebo is.
class PlaceboCount {
 public:
  PlaceboCount(int runs, const std::function<void(const PlaceboProgress&)>& report) : done_(runs), report_(report) {}

  void session(int run, const MockProgress& p) {
    if (!report_) return;
    const std::lock_guard lock(mutex_);
    int& done = done_[static_cast<std::size_t>(run)];
    total_.sessions_total = p.sessions_total * static_cast<int>(done_.size());
    total_.sessions_done += p.sessions_done - done;
    done = p.sessions_done;
    report_(total_);
  }
  void run_done() {
    if (!report_) return;
    const std::lock_guard lock(mutex_);
    ++total_.runs_done;
    report_(total_);
  }

 private:
  std::mutex mutex_;
  std::vector<int> done_;  // sessions, by run
  PlaceboProgress total_;
  const std::function<void(const PlaceboProgress&)>& report_;
};

}  // namespace

Result<std::vector<PlaceboOutcome>> run_placebos(const MockOptions& options, const std::vector<SymbolBars>& bars,
                                                 const Targets& targets, int count,
                                                 const std::function<void(const PlaceboProgress&)>& progress) {
  SENTIO_CHECK(!options.placebo && !options.warmup_state);
  std::vector<Result<PlaceboOutcome>> outcomes(static_cast<std::size_t>(count));
  PlaceboCount counted(count, progress);
  parallel_for(options.jobs, count, [&](int i) {
    MockOptions placebo = options;
    placebo.placebo = static_cast<std::uint64_t>(i) + 1;
    placebo.jobs = 1;
    MockSinks sinks;
    sinks.progress = [&](const MockProgress& p) { counted.session(i, p); };
    const auto run = run_mock(placebo, bars, sinks);
    auto& outcome = outcomes[static_cast<std::size_t>(i)];
    if (run) {
      outcome = placebo_outcome(analyze(*run, targets));
    } else {
      outcome = tl::unexpected(run.error());
    }
    counted.run_done();
  });
  std::vector<PlaceboOutcome> all;
  for (auto& outcome : outcomes) {
    if (!outcome) return tl::unexpected(outcome.error());
    all.push_back(*outcome);
  }
  return all;
}

}  // namespace sentio
