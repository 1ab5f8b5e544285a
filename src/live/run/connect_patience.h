#pragma once
/// How long a start waits for one of its connections, by what the other side says meanwhile. Pure.

#include <chrono>
#include <optional>
#include <string>

#include "sentio/feeds/feed_event.h"
#include "sentio/ports/broker_account.h"

namespace sentio {

/// Half a minute is enough for a network. A server that has no place for us says so (429 on the upgrade, 406,
/// max_connections): our own dead session keeps it, for 60 to 90 s, sometimes longer.
class ConnectPatience {
 public:
  /// `what`: "market data". `crowds_pass`: the other side's time goes on while we wait, and nothing here cannot wait.
  /// `until_open`: before the open there is nothing better to do; false: there is another vendor to turn to.
  ConnectPatience(std::string what, bool crowds_pass, bool until_open = true)
      : what_(std::move(what)), crowds_pass_(crowds_pass), until_open_(until_open) {}

  void hear(const FeedEvent& event);
  void hear(const BrokerNotice& notice);

  /// It has never worked and does not look as if it would.
  [[nodiscard]] const std::optional<Error>& lost() const { return lost_; }
  /// Once: why it takes longer than a network needs.
  [[nodiscard]] std::optional<std::string> crowd_news();
  /// `real`: since it began to wait, `clock`: the same by the day's clock.
  [[nodiscard]] bool over(std::chrono::nanoseconds real, std::chrono::nanoseconds clock, bool before_open) const;
  /// Errc::timed_out, with what was heard last.
  [[nodiscard]] Error error(std::chrono::nanoseconds waited) const;

 private:
  void heard(std::string text, bool crowded);

  std::string what_;
  bool crowds_pass_, until_open_;
  std::string heard_;  ///< last; empty: nothing
  bool crowded_ = false, crowd_told_ = false;
  std::optional<Error> lost_;
};

/// What a person can do where market data is refused: a continuation of the error's text, or nothing.
[[nodiscard]] std::string data_cure(const Error& error, bool polygon, const std::string& alpaca_feed);

}  // namespace sentio
