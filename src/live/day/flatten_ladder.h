#pragma once
/// What a driver does, rung by rung, when the book must be flat and is not yet.

#include <chrono>

#include "sentio/core/time.h"

namespace sentio {

/// Starts at the end-of-day exit, or when the operator wants out. Pure: time comes with poll().
///
///   + 5 s, then every 10 s   order again every exit that was refused (exits at work are left alone)
///   + 60 s                   the promise is broken: alert, and the day ends with exit code 7
///   + 80 s, then every 20 s  past the session's own orders: cancel what is ours at the broker, and have the
///                            broker close the positions
class FlattenLadder {
 public:
  struct Due {
    bool exit_again = false;
    bool late = false;  ///< once
    bool close_out = false;
  };

  void start(TimePoint now) {
    if (started_) return;
    started_ = true;
    retry_ = now + std::chrono::seconds{5};
    late_ = now + std::chrono::seconds{60};
    close_out_ = now + std::chrono::seconds{80};
  }
  [[nodiscard]] bool started() const { return started_; }

  [[nodiscard]] Due poll(TimePoint now, bool flat) {
    Due due;
    if (!started_ || flat) return due;
    if (now >= retry_) {
      due.exit_again = true;
      retry_ = now + std::chrono::seconds{10};
    }
    if (now >= late_ && !was_late_) due.late = was_late_ = true;
    if (now >= close_out_) {
      due.close_out = true;
      close_out_ = now + std::chrono::seconds{20};
    }
    return due;
  }
  /// When poll() has something to say about a book that is not flat; TimePoint::max() before start().
  [[nodiscard]] TimePoint next() const {
    if (!started_) return TimePoint::max();
    TimePoint at = retry_ < close_out_ ? retry_ : close_out_;
    if (!was_late_ && late_ < at) at = late_;
    return at;
  }
  /// The book was not flat a minute after it had to be.
  [[nodiscard]] bool was_late() const { return was_late_; }

 private:
  bool started_ = false, was_late_ = false;
  TimePoint retry_{}, late_{}, close_out_{};
};

}  // namespace sentio
