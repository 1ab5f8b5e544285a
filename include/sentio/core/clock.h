#pragma once
/// Only drivers own a clock; the core gets time with its events.

#include "sentio/core/check.h"
#include "sentio/core/time.h"

namespace sentio {

struct Clock {
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
};

/// A clock somebody else moves: replays, rehearsals, tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint t) : t_(t) {}
  [[nodiscard]] TimePoint now() const override { return t_; }
  void advance_to(TimePoint t) {
    SENTIO_CHECK(t >= t_);
    t_ = t;
  }

 private:
  TimePoint t_;
};

}  // namespace sentio
