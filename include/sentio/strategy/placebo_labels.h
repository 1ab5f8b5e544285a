#pragma once
/// Labels that carry no information: those of earlier sessions, with signs at random.

#include <cstdint>
#include <vector>

#include "sentio/config/learner_config.h"
#include "sentio/core/calendar.h"
#include "sentio/strategy/label_book.h"

namespace sentio {

/// One symbol's exchange of labels for a placebo run.
///
/// Model    A session draws a permutation of the latest kSessionsHeld sessions before it, and a sign. Its label of
///          minute i and horizon h becomes sign · y_h(i) of the first session of that order which has one; 0
///          where none has (the first session always). Permutation and sign depend on the seed and on how many
///          sessions went before, so they are the same for every symbol: instruments still move together.
///          Never of this or a later session: what is handed out was known before this session began.
/// Threads  one at a time; no hidden state. No allocation after construction.
class PlaceboLabels {
 public:
  static constexpr int kSessionsHeld = 20;

  PlaceboLabels(const LearnerConfig& config, std::uint64_t seed);
  void begin_session();
  /// Keeps `label` (learnable) for later sessions, and returns what to learn in its place.
  [[nodiscard]] double exchange(const ResolvedLabel& label);

 private:
  [[nodiscard]] double& at(int slot, const ResolvedLabel& label);

  std::size_t horizons_;
  std::uint64_t seed_;
  std::int64_t session_ = -1;  // sessions before this one
  double sign_ = 1;
  std::vector<int> order_;  // slots of earlier sessions, the first to be asked first
  int slot_ = 0;            // of this session
  std::vector<double> y_;   // slot × minute × horizon; NaN = no label
};

}  // namespace sentio
