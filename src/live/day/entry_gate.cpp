#include "day/entry_gate.h"

#include <utility>

namespace sentio {

namespace {

constexpr std::chrono::seconds kBlindMax{75};

}  // namespace

bool EntryGate::close(EntryStop stop, std::string why) {
  std::string& reason = why_[static_cast<std::size_t>(stop)];
  const bool first = reason.empty();
  if (first) reason = std::move(why);
  return first;
}

bool EntryGate::reopen(EntryStop stop) {
  return !std::exchange(why_[static_cast<std::size_t>(stop)], std::string()).empty();
}

std::vector<std::string> EntryGate::reasons() const {
  std::vector<std::string> lines;
  for (const std::string& why : why_) {
    if (!why.empty()) lines.push_back(why);
  }
  return lines;
}

std::string EntryGate::text() const {
  std::string line;
  for (const std::string& why : reasons()) line += (line.empty() ? "" : "; ") + why;
  return line;
}

bool EntryGate::blind() const {
  return closed_by(EntryStop::market_data_down) || closed_by(EntryStop::market_data_silent) ||
         closed_by(EntryStop::order_events_down);
}

std::optional<bool> EntryGate::news(TimePoint now) {
  const bool stopped = closed_by(EntryStop::stopped) || closed_by(EntryStop::books_differ) ||
                       closed_by(EntryStop::books_unread) || closed_by(EntryStop::keys_refused);
  const bool suspended = stopped || blind();
  const bool early = now < open_ && !stopped;
  if (suspended == told_ || (suspended && early)) return std::nullopt;
  return told_ = suspended;
}

bool EntryGate::blind_for_long(TimePoint now) {
  if (!blind() || now < open_) {
    blind_since_.reset();
    blind_told_ = false;
    return false;
  }
  if (!blind_since_) blind_since_ = now;
  if (closed_by(EntryStop::market_data_silent)) blind_told_ = true;
  return now - *blind_since_ >= kBlindMax && !std::exchange(blind_told_, true);
}

}  // namespace sentio
