#pragma once
/// How a session's log begins, whoever trades it.

#include <string>
#include <string_view>
#include <vector>

namespace sentio {

struct LogHeading {
  std::string_view opening;  ///< "mock: rotation": who begins what
  const std::vector<std::string>& instruments;
  int warmup_sessions = 0, warmup_sessions_wanted = 0;
  bool synthetic = false;
};

/// A line each.
[[nodiscard]] std::vector<std::string> log_heading(const LogHeading& heading);

}  // namespace sentio
