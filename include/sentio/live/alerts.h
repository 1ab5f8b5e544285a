#pragma once
/// The one way from a live day to people who are not looking at it.

#include <functional>
#include <string>
#include <utility>

#include "sentio/live/alert_desk.h"

namespace sentio {

/// Copies share their ends. Threads: the driver's.
class Alerts {
 public:
  using Post = std::function<void(AlertKind, const std::string&)>;
  using Line = std::function<void(const std::string&)>;
  /// Nobody hears.
  Alerts() = default;
  /// `post`: the alert desk. `terminal`: one line each, for whoever does look.
  explicit Alerts(Post post, Line terminal = {}) : post_(std::move(post)), terminal_(std::move(terminal)) {}

  /// To the desk alone: it begins, it ends, or an error says it on the terminal anyway.
  void tell(AlertKind kind, const std::string& text) const {
    if (post_) post_(kind, text);
  }
  /// To the desk and, as a warning, to the terminal: what happens while the day runs.
  void warn(AlertKind kind, const std::string& text) const {
    tell(kind, text);
    if (terminal_) terminal_(text);
  }

 private:
  Post post_;
  Line terminal_;
};

}  // namespace sentio
