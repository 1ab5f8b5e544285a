#pragma once
/// What stops entries on a live day.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sentio/core/time.h"

namespace sentio {

/// Everything that the session is told as EntriesSuspended, and maintenance, which has an event of its own.
enum class EntryStop : std::uint8_t {
  market_data_down,
  market_data_silent,
  order_events_down,
  books_differ,  ///< until the broker's book agrees
  books_unread,  ///< until it can be read again
  keys_refused,  ///< until the account can be read again
  stopped,       ///< for the rest of the day
  maintenance,
};

inline constexpr std::size_t kEntryStops = static_cast<std::size_t>(EntryStop::maintenance) + 1;

/// Everything that stops entries, each with its reason as text. Pure: time comes with the calls.
class EntryGate {
 public:
  /// Before `open` nothing can be entered anyway, and start-up is not an outage: only `stopped`, the books and the keys
  /// count.
  explicit EntryGate(TimePoint open) : open_(open) {}

  /// Returns whether it was not so before. `why` is not empty.
  bool close(EntryStop stop, std::string why);
  /// Returns whether it was closed by that.
  bool reopen(EntryStop stop);
  bool set(EntryStop stop, bool on, const char* why) { return on ? close(stop, why) : reopen(stop); }
  [[nodiscard]] bool closed_by(EntryStop stop) const { return !why(stop).empty(); }
  /// One line for each, in the order of EntryStop.
  [[nodiscard]] std::vector<std::string> reasons() const;

  /// The reasons in one line: "market data is down; maintenance: no entries".
  [[nodiscard]] std::string text() const;
  /// What the session has to be told now: EntriesSuspended on or off; nothing: it knows.
  [[nodiscard]] std::optional<bool> news(TimePoint now);
  /// The session's latest word, maintenance apart.
  [[nodiscard]] bool suspended() const { return told_; }
  /// A resumed day: what its journal says.
  void resume(bool suspended) { told_ = suspended; }

  /// True once where market data or order events have been down for long. A cut of seconds is no news; and of a feed
  /// that is silent somebody has been told as such.
  [[nodiscard]] bool blind_for_long(TimePoint now);

 private:
  [[nodiscard]] const std::string& why(EntryStop stop) const { return why_[static_cast<std::size_t>(stop)]; }
  [[nodiscard]] bool blind() const;

  TimePoint open_;
  std::array<std::string, kEntryStops> why_;  ///< by EntryStop; empty: does not stop anything
  bool told_ = false;
  std::optional<TimePoint> blind_since_;
  bool blind_told_ = false;
};

}  // namespace sentio
