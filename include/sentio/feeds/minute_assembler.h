#pragma once
/// Bars as they come in, to session minutes as they are stepped.

#include <chrono>
#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "sentio/core/event.h"
#include "sentio/feeds/feed_event.h"

namespace sentio {

struct MinuteAssemblerOptions {
  std::chrono::nanoseconds after_first_bar{std::chrono::seconds{2}};
  std::chrono::nanoseconds after_minute_end{std::chrono::seconds{5}};
  std::chrono::nanoseconds silence_max{std::chrono::seconds{75}};
  int eod_minute = 388;  ///< index of the EOD minute: with its set nobody waits for a dead feed any longer
};

/// A bar of a minute that was closed without it, or with another version of it: for the journal.
struct LateBar {
  FeedBar bar;
};
/// No message of any kind for `silence_max` in session hours (`mute`), or one again.
struct FeedMute {
  bool mute = false;
};
using AssemblerEvent = std::variant<BarsArrived, LateBar, FeedMute>;

/// Gives every session minute from `first_minute` on exactly once, in order, also empty ones.
///
/// Closing  A minute closes when it is over and every symbol's bar arrived, or `after_first_bar` after its
///          first bar, and no later than `after_minute_end` after its end. Closed minutes never reopen.
/// Outage   Between feed_down() and feed_up() minutes stay open (at most until the EOD minute is due), so
///          that back-fill can complete them. The feed counts as down from the start.
/// Stale    A minute delivered after the next one is over as well is marked observe_only: exits are decided
///          on the newest minute only.
/// Versions The last bar of a symbol counts while its minute is open; a bar that equals the one delivered is
///          a repetition and gives nothing.
/// Threads  one at a time; no clock: `now` is the driver's.
class MinuteAssembler {
 public:
  MinuteAssembler(const SessionHours& hours, std::size_t symbols, int first_minute, TimePoint now,
                  const MinuteAssemblerOptions& options = {});

  /// Any event of the feed; sees to bars, up, down and signs of life. Bars outside the session are ignored.
  void on(TimePoint now, const FeedEvent& event);
  void feed_up(TimePoint now);
  void feed_down(TimePoint now);

  /// What is due at `now`. Call after on(), and at next_deadline().
  [[nodiscard]] std::vector<AssemblerEvent> poll(TimePoint now);
  /// When poll() has something to give at the latest, as things stand; nullopt when the session is complete.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  /// When the minute closes if nothing more arrives, or closed; waits for the feed where that is allowed.
  [[nodiscard]] TimePoint closes_at(int minute) const;

  [[nodiscard]] bool complete() const { return next_ >= hours_.minutes; }
  [[nodiscard]] bool down() const { return down_; }
  [[nodiscard]] bool mute() const { return mute_; }
  [[nodiscard]] int next_minute() const { return next_; }
  [[nodiscard]] std::size_t bars_outside_session() const { return outside_; }

 private:
  struct Minute {
    std::vector<std::optional<Bar>> bars;
    std::size_t arrived = 0;
    std::optional<TimePoint> first_bar_at;
  };
  void add(TimePoint now, const FeedBar& bar);
  [[nodiscard]] TimePoint eod_due() const;

  SessionHours hours_;
  std::size_t symbols_;
  MinuteAssemblerOptions options_;
  int next_;                     ///< first minute that is not closed
  std::vector<Minute> minutes_;  ///< by index; closed ones keep their bars to know repetitions
  std::vector<AssemblerEvent> ready_;
  TimePoint last_message_;
  bool down_ = true, mute_ = false;
  std::size_t outside_ = 0;
};

}  // namespace sentio
