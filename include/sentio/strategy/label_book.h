#pragma once
/// Labels are what an order could earn: from the open after a decision to the open h minutes later.

#include <span>
#include <vector>

#include "sentio/config/learner_config.h"
#include "sentio/core/bytes.h"
#include "sentio/core/signal.h"

namespace sentio {

/// A label that just became known.
struct ResolvedLabel {
  int h = 0;               ///< index of the horizon
  int minute = 0;          ///< index i of the bar the label belongs to
  bool learnable = false;  ///< the bar's row went into the learner
  double r = 0;            ///< log return from O(i+1) to O(min(i+1+h, E))
  double y = 0;            ///< clip(r / σ_h(i), ±5); only where learnable
  double prediction = 0;   ///< made at row time, in units of σ_h(i)
};

/// Pending labels of one symbol and the running σ_h.
///
/// Model    O(k) = open of the first real bar with index >= k, E = EOD minute.
///          r_h(i) = ln(O(min(i+1+h, E)) / O(i+1)), for real bars i with i+1 < E.
///          Known in the step of the set that holds the exit bar; entry bar = exit bar: 0.
///          Session end: no exit bar → last real close; no entry bar → r = y = 0, counted.
///          σ_h = root of the normalised EW mean (half-life 2,000 labels) of r_h² over known labels, floor 1e-6.
/// Threads  one at a time; no hidden state. No allocation after construction.
class LabelBook {
 public:
  static constexpr double kHalfLifeLabels = 2000;
  static constexpr double kSigmaFloor = 1e-6;
  static constexpr double kLabelClip = 5;
  static constexpr int kMinimumLabels = 30;

  explicit LabelBook(const LearnerConfig& config);
  void begin_session(int eod_minute);
  /// A real bar of that minute exists: labels whose exit bar it is become known (oldest first within each
  /// horizon). The span is valid until the next call.
  [[nodiscard]] std::span<const ResolvedLabel> on_real_bar(int minute, double open, double close);
  /// True where bar `minute` can have labels: i+1 < E.
  [[nodiscard]] bool labelled(int minute) const { return minute + 1 < eod_minute_; }
  /// True once every σ_h rests on at least kMinimumLabels labels.
  [[nodiscard]] bool sigma_valid() const;
  [[nodiscard]] const PerHorizon& sigma() const { return sigma_; }
  /// Opens bar `minute`'s labels, with the σ of now and the predictions made for it.
  void add(int minute, bool learnable, const PerHorizon& prediction);
  /// The session is over: everything pending resolves.
  [[nodiscard]] std::span<const ResolvedLabel> end_session();
  [[nodiscard]] std::int64_t without_entry_bar() const { return without_entry_bar_; }

  /// Labels wait to become known; never between two sessions.
  [[nodiscard]] bool pending() const { return !rows_.empty(); }
  /// Those of horizon index `h` whose rows are in the learner.
  [[nodiscard]] std::int64_t learnable_pending(int h) const;

  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  struct Pending {
    int minute = 0;
    bool learnable = false;
    double entry = 0;  // price; 0 = entry bar not seen
    PerHorizon sigma{}, prediction{};
  };
  void resolve(int h, Pending& row, double r);
  void refresh_sigma(int h);
  void load_rows(ByteReader& in);

  std::vector<int> horizons_;
  int eod_minute_ = 388;
  double last_close_ = 0;
  std::vector<Pending> rows_;  // of this session, in time order
  std::array<std::size_t, kMaxHorizons> next_{};  // first unresolved row per horizon
  PerHorizon weighted_square_{}, weight_{}, sigma_{};
  std::array<std::int64_t, kMaxHorizons> labels_{};
  std::int64_t without_entry_bar_ = 0;
  std::vector<ResolvedLabel> resolved_;
};

}  // namespace sentio
