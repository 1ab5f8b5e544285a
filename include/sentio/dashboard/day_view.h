#pragma once
/// The newest day of a log folder as one JSON object that is renewed while the day is written: what the dashboard
/// shows. Members: docs/user-guide.md, "dashboard".
///
/// Reads     the folder's files only, and only the members it shows. Nothing is locked, written or removed, so a day
///           that trades does not notice.
/// Any file  may be missing, cut, half-written, replaced or no JSON: what is whole is shown, the rest is said.
/// Threads   one at a time. Reads no clock.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "sentio/core/time.h"

namespace sentio {

class DayView {
 public:
  explicit DayView(std::filesystem::path folder);
  ~DayView();
  DayView(const DayView&) = delete;
  DayView& operator=(const DayView&) = delete;

  /// Looks at the files. `now` is this machine's clock.
  void poll(TimePoint now);
  /// By name of the section; the same names, whatever is there.
  [[nodiscard]] const std::map<std::string, nlohmann::ordered_json>& sections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio
