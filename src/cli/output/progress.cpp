#include "output/progress.h"

#include <unistd.h>

#include <cstdio>

namespace sentio::cli {

ProgressLine::ProgressLine(bool enabled)
    : enabled_(enabled && ::isatty(STDERR_FILENO) == 1), started_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::update(int done, int total, const std::string& unit, const std::string& note) {
  using namespace std::chrono;
  if (!enabled_) return;
  const auto now = steady_clock::now();
  if (shown_ && done < total && now - last_ < milliseconds(100)) return;
  last_ = now;
  shown_ = true;
  const double seconds = duration<double>(now - started_).count();
  const double rate = seconds > 0 ? done / seconds : 0;
  std::fprintf(stderr, "\r\033[K%3d%%  %d/%d %s  %.1f/s", total > 0 ? 100 * done / total : 100, done, total,
               unit.c_str(), rate);
  if (rate > 0 && done < total) std::fprintf(stderr, "  ETA %.0f s", (total - done) / rate);
  std::fprintf(stderr, "  %s", note.c_str());
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (enabled_ && shown_) std::fprintf(stderr, "\r\033[K");
  shown_ = false;
}

}  // namespace sentio::cli
