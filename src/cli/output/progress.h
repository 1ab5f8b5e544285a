#pragma once
/// A progress line on a terminal; nothing at all elsewhere.

#include <chrono>
#include <string>

namespace sentio::cli {

class ProgressLine {
 public:
  /// `enabled` false, or stderr not a terminal: silent.
  explicit ProgressLine(bool enabled);
  ~ProgressLine();
  /// `done` of `total` units; `unit` in the plural ("sessions"); `note` goes to the end of the line.
  void update(int done, int total, const std::string& unit, const std::string& note);
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point started_, last_;
};

}  // namespace sentio::cli
