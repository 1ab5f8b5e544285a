#include "sentio/run/log_heading.h"

namespace sentio {

std::vector<std::string> log_heading(const LogHeading& heading) {
  std::vector<std::string> lines{std::string(heading.opening) + ","};
  for (const std::string& name : heading.instruments) lines.front() += " " + name;
  lines.push_back("warm-up sessions: " + std::to_string(heading.warmup_sessions) + " of " +
                  std::to_string(heading.warmup_sessions_wanted));
  if (heading.synthetic) lines.emplace_back("SYNTHETIC data: nothing here says anything about a market");
  return lines;
}

}  // namespace sentio
