/// assess_health(): one function per line.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sentio/core/text/text.h"
#include "sentio/live/live_status.h"
#include "start/start_checks.h"

namespace sentio {

namespace {

using std::chrono::seconds;

constexpr std::chrono::minutes kDueBeforeOpen{5};
/// A status is written every 5 s; six that did not come are no hiccup of a disk.
constexpr seconds kSilenceMax{30};
constexpr seconds kBarEvery{60}, kBarLateMax{30};  // the way here is as long at any pace
constexpr std::uintmax_t kDiskFreeMin = std::uintmax_t{1} << 30;
constexpr std::chrono::days kCalendarLeftMin{30};

std::string clock_text(TimePoint at) {
  return format_new_york(std::chrono::floor<seconds>(at)).substr(11, 5);
}

/// "45 s", "12 min", "3 h 5 min", "2 days"
std::string span_text(std::chrono::nanoseconds span) {
  const auto s = std::chrono::floor<seconds>(span).count();
  if (s < 120) return std::to_string(s) + " s";
  if (s < 2 * 3600) return std::to_string(s / 60) + " min";
  if (s < 48 * 3600) return std::to_string(s / 3600) + " h " + std::to_string(s % 3600 / 60) + " min";
  return std::to_string(s / 86400) + " days";
}

class Assessment {
 public:
  explicit Assessment(const HealthFacts& facts)
      : facts_(facts),
        running_(facts.status && facts.lock_holder_pid && written_by(*facts.status, *facts.lock_holder_pid)),
        open_(facts.today && facts.now >= facts.today->open && facts.now < facts.today->close),
        due_(facts.today && facts.now >= facts.today->open - kDueBeforeOpen &&
             facts.now < facts.today->close) {}

  [[nodiscard]] std::vector<HealthLine> lines() const {
    return {process(), last_bar(), connection("feed"), connection("trade_updates"), entries(), clock(),
            disk(),    calendar(), learners()};
  }

 private:
  [[nodiscard]] const LiveStatus& status() const { return *facts_.status; }
  /// How long that took on the wall: an exchange-sim's time may run faster.
  [[nodiscard]] std::chrono::nanoseconds real(std::chrono::nanoseconds span) const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(span / status().pace);
  }
  /// A process that holds the lock but has written nothing yet counts as running, with nothing known.
  [[nodiscard]] HealthLine unknown(const char* name) const {
    return {name, true, facts_.lock_holder_pid ? "not known yet" : "-"};
  }

  [[nodiscard]] HealthLine process() const;
  [[nodiscard]] HealthLine absent_process() const;
  [[nodiscard]] HealthLine last_bar() const;
  [[nodiscard]] HealthLine connection(const char* name) const;
  [[nodiscard]] HealthLine entries() const;
  [[nodiscard]] HealthLine clock() const;
  [[nodiscard]] HealthLine disk() const;
  [[nodiscard]] HealthLine calendar() const;
  [[nodiscard]] HealthLine learners() const;

  const HealthFacts& facts_;
  bool running_;  ///< and its status is known
  bool open_;     ///< the market is
  bool due_;      ///< a process is
};

HealthLine Assessment::process() const {
  if (!facts_.lock_holder_pid) return absent_process();
  const int holder = *facts_.lock_holder_pid;
  const std::string pid = holder > 0 ? "pid " + std::to_string(holder) : "a process of unknown number";
  if (!running_) return {"process", true, pid + ", no status yet"};
  const auto silence = real(facts_.now - status().written_at);
  if (silence > kSilenceMax) {
    return {"process", false, pid + " has not written its status for " + span_text(silence)};
  }
  return {
      "process", true,
      pid + ", " + status().account + ", " + status().state + ", since " + clock_text(status().started_at)};
}

HealthLine Assessment::absent_process() const {
  std::string last;
  if (facts_.status) {
    const bool ended = status().state == "ended", halted = status().state == "halted";
    last = "; the last one " + std::string(ended ? "ended " : halted ? "gave up " : "was killed or crashed after ") +
           format_date(new_york_date(status().written_at)) + " " + clock_text(status().written_at);
    if (!status().exit_note.empty()) last += " (" + status().exit_note + ")";
  }
  if (due_) return {"process", false, "does not run although the session needs it" + last};
  return {"process", true, "does not run, none is due" + last};
}

HealthLine Assessment::last_bar() const {
  if (!running_) return unknown("last bar");
  const auto& bar = status().last_bar;
  const std::string shown = bar ? "ended " + clock_text(*bar) : "none yet";
  if (!open_) return {"last bar", true, shown};
  auto since = std::max(facts_.today->open, status().started_at);
  if (bar) since = std::max(since, *bar);
  const auto age = facts_.now - since;
  const bool fresh = real(age - kBarEvery) <= kBarLateMax;
  return {"last bar", fresh, shown + (bar ? ", " + span_text(facts_.now - *bar) + " ago" : "")};
}

HealthLine Assessment::connection(const char* name) const {
  if (!running_) return unknown(name);
  const bool up = std::string_view(name) == "feed" ? status().feed_up : status().stream_up;
  if (up) return {name, true, "connected"};
  return {name, !open_, open_ ? "NOT connected" : "not connected"};
}

HealthLine Assessment::entries() const {
  if (!running_) return unknown("entries");
  std::vector<std::string> why;
  if (status().breaker) why.emplace_back("circuit breaker");
  if (status().maintenance) why.emplace_back("maintenance");
  if (status().entries_suspended && open_) why.emplace_back("suspended (no data or no trade updates)");
  if (why.empty()) return {"entries", true, "allowed"};
  return {"entries", false, "STOPPED: " + joined(why)};
}

HealthLine Assessment::clock() const {
  if (!running_) return unknown("clock");
  const double skew = status().clock_skew_seconds;
  char text[64];
  std::snprintf(text, sizeof text, "%+.1f s against the broker's", skew);
  return {"clock", std::abs(skew) <= std::chrono::duration<double>(kClockSkewMax).count(), text};
}

HealthLine Assessment::disk() const {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f GiB free", static_cast<double>(facts_.disk_free_bytes) / 0x1p30);
  const bool enough = facts_.disk_free_bytes >= kDiskFreeMin;
  return {"disk", enough, text + std::string(enough ? "" : "; a day needs room for its journal")};
}

HealthLine Assessment::calendar() const {
  using std::chrono::sys_days;
  const Date date = new_york_date(facts_.now);
  const Date last{std::chrono::year{NyseCalendar::kLastYear}, std::chrono::December, std::chrono::day{31}};
  std::string text;
  if (facts_.today) {
    text = "session " + clock_text(facts_.today->open) + "-" + clock_text(facts_.today->close) + " New York";
    if (facts_.now >= facts_.today->close) text += ", over";
  } else {
    text = "closed today (" + std::string(NyseCalendar::closure_reason(date)) + ")";
  }
  if (!facts_.today || facts_.now >= facts_.today->close) {
    const auto from = sys_days{date} + std::chrono::days{1};
    const auto next = NyseCalendar::sessions(Date{from}, Date{from + std::chrono::days{14}});
    if (!next.empty()) text += ", next session " + format_date(next.front().date);
  }
  const auto left = sys_days{last} - sys_days{date};
  if (left < kCalendarLeftMin) {
    return {"calendar", false, text + "; this version's table ends " + format_date(last)};
  }
  return {"calendar", true, text + "; table to " + format_date(last)};
}

HealthLine Assessment::learners() const {
  if (!running_) return unknown("learners");
  const auto& sick = status().unhealthy_symbols;
  if (sick.empty()) return {"learners", true, "within their limits"};
  return {"learners", false, "beyond a limit, no entries today: " + joined(sick)};
}

}  // namespace

std::vector<HealthLine> assess_health(const HealthFacts& facts) {
  return Assessment(facts).lines();
}

}  // namespace sentio
