#include "day/day_lines.h"

#include <algorithm>
#include <cmath>

namespace sentio::dashboard_detail {

namespace {

constexpr std::size_t kDecisionsKept = 40, kTradesKept = 20, kMessagesKept = 60, kPointsKept = 2000, kDelaysKept = 5000;
constexpr std::size_t kSymbolsKept = 200, kReasonsKept = 100;

template <class T>
void keep(std::deque<T>& all, T one, std::size_t most) {
  all.push_back(std::move(one));
  if (all.size() > most) all.pop_front();
}

double seconds_between(TimePoint from, TimePoint to) { return std::chrono::duration<double>(to - from).count(); }

/// "critical: text" of an alert's note.
Message alert_of(TimePoint at, const std::string& text) {
  for (const char* level : {"critical", "warning", "info"}) {
    const std::string prefix = std::string(level) + ": ";
    if (text.starts_with(prefix)) return {at, level, text.substr(prefix.size())};
  }
  return {at, "warning", text};
}

}  // namespace

void BookLines::take(const Json& line, const SessionHours& hours) {
  last = line;
  const double equity = fields::number(line, "equity");
  const auto ts = parse_timestamp(fields::text(line, "ts"));
  if (!ts || !std::isfinite(equity) || points.size() >= kPointsKept) return;
  points.push_back({static_cast<int>(std::chrono::round<std::chrono::minutes>(*ts - hours.open).count()), equity});
}

void SignalSet::take(const Json& line) {
  const std::string own = fields::text(line, "ts");
  if (own != ts) rows.clear();
  ts = own;
  if (rows.size() < kSymbolsKept) rows.push_back(line);
}

void DecisionLines::take(const Json& line) {
  const std::string action = fields::text(line, "action"), symbol = fields::text(line, "symbol");
  if (newest.size() < kSymbolsKept || newest.contains(symbol)) newest[symbol] = line;
  if (action == "blocked") {
    const std::string reason = fields::text(line, "reason");
    if (blocked.size() < kReasonsKept || blocked.contains(reason)) ++blocked[reason];
    return;
  }
  entries += action == "enter";
  exits += action == "exit";
  cancels += action == "cancel";
  keep(last, line, kDecisionsKept);
}

void TradeLines::take(const Json& line) {
  const auto add = [&line](double& sum, const char* key) {
    const double value = fields::number(line, key);
    if (std::isfinite(value)) sum += value;
  };
  ++executions;
  add(fees, "fees");
  add(pnl, "pnl");
  if (fields::text(line, "side") == "sell") {
    ++sales;
    wins += fields::number(line, "pnl") > 0;
  }
  keep(last, line, kTradesKept);
}

void Delays::add(double value) {
  if (std::isfinite(value) && seconds.size() < kDelaysKept) seconds.push_back(std::max(value, 0.0));
}

Json Delays::summary() const {
  std::vector<double> sorted = seconds;
  std::ranges::sort(sorted);
  const auto quantile = [&sorted](double q) {
    if (sorted.empty()) return Json(nullptr);
    return Json(sorted[static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size() - 1)))]);
  };
  return {{"count", sorted.size()},
          {"last_seconds", seconds.empty() ? Json(nullptr) : Json(seconds.back())},
          {"median_seconds", quantile(.5)},
          {"p99_seconds", quantile(.99)},
          {"worst_seconds", quantile(1)}};
}

void JournalLines::take(const Json& line, const SessionHours& hours) {
  if (line.contains("journal")) {
    header = line;
    return;
  }
  const auto now = parse_timestamp(fields::text(line, "now"));
  if (!now) return;
  if (line.contains("note")) return take_note(line, *now);
  const std::string event = fields::text(line, "event");
  if (event == "session_opened") listening_since_ = *now;
  if (event == "fill") take_fill(part_of(line, "order"), *now);
  const double minute = event == "bars" ? fields::number(line, "minute") : NAN;
  if (!(minute >= 0 && minute < hours.minutes) || fields::boolean(line, "observe_only")) return;
  take_set(static_cast<int>(minute), hours.minute_end(static_cast<int>(minute)), *now);
}

void JournalLines::take_set(int minute, TimePoint end, TimePoint now) {
  stepped_[minute] = now;
  if (end > listening_since_) sets.add(seconds_between(end, now));
}

void JournalLines::take_fill(const Json& order, TimePoint now) {
  const double minute = fields::number(order, "minute");
  const auto decided = std::ranges::find_if(stepped_, [minute](const auto& set) { return set.first == minute; });
  if (decided == stepped_.end() || filled_.size() >= kDelaysKept) return;
  if (filled_.insert(order.dump()).second) fills.add(seconds_between(decided->second, now));
}

void JournalLines::take_note(const Json& line, TimePoint now) {
  const std::string kind = fields::text(line, "note"), text = fields::text(line, "text");
  if (kind == "alert") keep(alerts, alert_of(now, text), kMessagesKept);
  if (kind == "refused") keep(alerts, Message{now, "warning", text}, kMessagesKept);
  if (kind == "log" && text.find(" resumed after minute ") != std::string::npos) listening_since_ = now;
  if (kind == "halt") keep(alerts, Message{now, "info", "halt: " + text}, kMessagesKept);
}

void LogLines::take(const std::string& line) {
  synthetic = synthetic || line.find("SYNTHETIC") != std::string::npos;
  const auto blank = line.find(' ');
  if (blank == std::string::npos) return;
  const auto at = parse_timestamp(std::string_view(line).substr(0, blank));
  if (!at || line.compare(blank + 1, 4, "MRD ") == 0) return;
  keep(messages, Message{*at, "log", line.substr(blank + 1)}, kMessagesKept);
}

DayLines::DayLines(const std::filesystem::path& folder, const SessionHours& hours)
    : hours_(hours),
      book_(folder / ("positions_" + format_date(hours.date) + ".jsonl")),
      signals_(folder / ("signals_" + format_date(hours.date) + ".jsonl")),
      decisions_(folder / ("decisions_" + format_date(hours.date) + ".jsonl")),
      trades_(folder / ("trades_" + format_date(hours.date) + ".jsonl")),
      health_(folder / ("health_" + format_date(hours.date) + ".jsonl")),
      journal_(folder / ("journal_" + format_date(hours.date) + ".jsonl")),
      log_(folder / ("session_" + format_date(hours.date) + ".log")) {}

template <class Take, class Forget>
void DayLines::follow(LineTail& tail, const Take& take, const Forget& forget) {
  for (bool more = true; more;) {
    const LineTail::Read read = tail.poll();
    if (read.restarted) {
      damaged = 0;
      forget();
    }
    changed_ = changed_ || read.restarted || !read.lines.empty();
    for (const std::string& line : read.lines) take(line);
    more = read.more;
  }
}

template <class Take, class Forget>
void DayLines::follow_objects(LineTail& tail, const Take& take, const Forget& forget) {
  const auto take_text = [&](const std::string& text) {
    const Json line = parse_object(text);
    if (line.is_null()) {
      ++damaged;
    } else {
      take(line);
    }
  };
  follow(tail, take_text, forget);
}

bool DayLines::poll() {
  changed_ = false;
  // The journal first: it says what the others are to be compared with.
  follow_objects(journal_, [this](const Json& line) { journal.take(line, hours_); }, [this] { journal = {}; });
  follow_objects(book_, [this](const Json& line) { book.take(line, hours_); }, [this] { book = {}; });
  follow_objects(signals_, [this](const Json& line) { signals.take(line); }, [this] { signals = {}; });
  follow_objects(decisions_, [this](const Json& line) { decisions.take(line); }, [this] { decisions = {}; });
  follow_objects(trades_, [this](const Json& line) { trades.take(line); }, [this] { trades = {}; });
  const auto take_health = [this](const Json& line) {
    if (health.size() < kSymbolsKept) health.push_back(line);
  };
  follow_objects(health_, take_health, [this] { health.clear(); });
  follow(log_, [this](const std::string& line) { log.take(line); }, [this] { log = {}; });
  return changed_;
}

}  // namespace sentio::dashboard_detail
