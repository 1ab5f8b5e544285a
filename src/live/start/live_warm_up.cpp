#include "sentio/live/live_warm_up.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sentio/feeds/feed_event.h"
#include "sentio/run/parallel_for.h"
#include "sentio/run/problems.h"

namespace sentio {

namespace {

/// Sessions as a range of indices.
struct Run {
  std::size_t first = 0, end = 0;
};

std::string span_text(const SessionHours& first, const SessionHours& last) {
  std::string text = format_date(first.date);
  if (last.date != first.date) text += " to " + format_date(last.date);
  return text;
}

auto lower_bound_of(const std::vector<Bar>& bars, TimePoint start) {
  return std::ranges::lower_bound(bars, start, {}, &Bar::start);
}

bool has_bars(const SymbolBars& symbol, const SessionHours& hours) {
  const auto bar = lower_bound_of(symbol.bars, hours.open);
  return bar != symbol.bars.end() && bar->start < hours.close;
}

/// Bars from the files, then the holes from the history.
class WarmUpLoader {
 public:
  explicit WarmUpLoader(const WarmUpBarsOptions& options)
      : options_(options), sessions_(NyseCalendar::sessions_before(options.day, options.sessions_wanted)) {}

  Result<WarmUpBars> load();

 private:
  Result<> read_files();
  [[nodiscard]] Result<SymbolBars> read_symbol(const SymbolInfo& symbol) const;
  void find_missing();
  [[nodiscard]] std::vector<Run> runs_to_fetch() const;
  void fetch(const Run& run);
  std::size_t take(std::size_t symbol, const SessionHours& hours, const std::vector<SymbolBar>& fetched);
  void note_fetched();
  Result<> review();
  Result<> report_missing();
  [[nodiscard]] std::string missing_text(std::size_t symbol, int count) const;
  void keep_sessions_with_bars();

  const WarmUpBarsOptions& options_;
  std::vector<SessionHours> sessions_;
  std::vector<std::vector<bool>> missing_;  ///< by SymbolId, by session: no bar of it yet
  std::vector<int> fetched_;                ///< by SymbolId: sessions that came over REST
  std::vector<std::string> fetch_errors_;
  WarmUpBars out_;
};

Result<SymbolBars> WarmUpLoader::read_symbol(const SymbolInfo& symbol) const {
  if (options_.folder.empty()) return SymbolBars{.symbol = symbol.name};
  const auto file = find_bar_file(options_.folder, symbol.name);
  if (!file) return SymbolBars{.symbol = symbol.name};
  return read_bars(*file, {.first = sessions_.front().date, .last = sessions_.back().date, .stamp = options_.stamp});
}

Result<> WarmUpLoader::read_files() {
  const std::size_t symbols = options_.universe.size();
  std::vector<Result<SymbolBars>> read(symbols);
  parallel_for(options_.jobs, static_cast<int>(symbols), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    read[at] = sessions_.empty() ? SymbolBars{.symbol = options_.universe[static_cast<SymbolId>(i)].name}
                                 : read_symbol(options_.universe[static_cast<SymbolId>(i)]);
  });
  Problems problems;
  std::optional<Errc> code;
  for (auto& r : read) {
    if (r) {
      out_.bars.push_back(*std::move(r));
    } else {
      if (!code) code = r.error().code;
      problems.add(r.error().message());
    }
  }
  return problems.as(code.value_or(Errc::internal));
}

void WarmUpLoader::find_missing() {
  for (const SymbolBars& symbol : out_.bars) {
    std::vector<bool>& row = missing_.emplace_back();
    for (const SessionHours& hours : sessions_) row.push_back(!has_bars(symbol, hours));
  }
  fetched_.assign(out_.bars.size(), 0);
}

std::vector<Run> WarmUpLoader::runs_to_fetch() const {
  std::vector<Run> runs;
  for (std::size_t s = 0; s < sessions_.size(); ++s) {
    const bool wanted = std::ranges::any_of(missing_, [s](const auto& row) { return row[s]; });
    if (!wanted) continue;
    if (runs.empty() || runs.back().end != s) runs.push_back({s, s});
    runs.back().end = s + 1;
  }
  return runs;
}

void WarmUpLoader::fetch(const Run& run) {
  const SessionHours &first = sessions_[run.first], &last = sessions_[run.end - 1];
  const auto fetched = options_.history->fetch(first.open, last.minute_start(last.minutes - 1));
  if (!fetched) {
    fetch_errors_.push_back("fetching " + span_text(first, last) + " failed: " + fetched.error().message());
    return;
  }
  for (std::size_t symbol = 0; symbol < missing_.size(); ++symbol) {
    for (std::size_t s = run.first; s < run.end; ++s) {
      if (!missing_[symbol][s] || take(symbol, sessions_[s], *fetched) == 0) continue;
      missing_[symbol][s] = false;
      ++fetched_[symbol];
    }
  }
}

/// Puts one symbol's session among its bars; returns how many there were. Vendors send extended hours, bars
/// off the grid and minutes twice as well: what a file would not hold is dropped.
std::size_t WarmUpLoader::take(std::size_t symbol, const SessionHours& hours,
                               const std::vector<SymbolBar>& fetched) {
  std::vector<std::optional<Bar>> minutes(static_cast<std::size_t>(hours.minutes));
  for (const SymbolBar& item : fetched) {
    if (item.symbol != symbol || !plausible(item.bar) || !traded(item.bar)) continue;
    const auto minute = hours.minute_of(item.bar.start);
    if (minute) minutes[static_cast<std::size_t>(*minute)] = item.bar;
  }
  std::vector<Bar> session;
  for (const auto& bar : minutes) {
    if (bar) session.push_back(*bar);
  }
  std::vector<Bar>& bars = out_.bars[symbol].bars;
  bars.insert(lower_bound_of(bars, hours.open), session.begin(), session.end());
  return session.size();
}

void WarmUpLoader::note_fetched() {
  for (std::size_t symbol = 0; symbol < fetched_.size(); ++symbol) {
    if (fetched_[symbol] == 0) continue;
    out_.notes.push_back(out_.bars[symbol].symbol + ": " + std::to_string(fetched_[symbol]) + " of " +
                         std::to_string(sessions_.size()) + " warm-up sessions fetched over REST");
  }
}

std::string WarmUpLoader::missing_text(std::size_t symbol, int count) const {
  const auto& row = missing_[symbol];
  const auto first = static_cast<std::size_t>(std::ranges::find(row, true) - row.begin());
  const auto last = static_cast<std::size_t>(row.rend() - std::find(row.rbegin(), row.rend(), true)) - 1;
  return out_.bars[symbol].symbol + ": no bars in " + std::to_string(count) + " of " +
         std::to_string(sessions_.size()) + " warm-up sessions, " +
         span_text(sessions_[first], sessions_[last]);
}

/// What the files hold; sessions that are missing altogether are report_missing's.
Result<> WarmUpLoader::review() {
  const Universe& universe = options_.universe;
  DataReview& review = out_.review;
  review.accepted = options_.accepted;
  review.findings = check_load(out_.bars, {universe.begin(), universe.end()}, {.warm_up = sessions_});
  std::erase_if(review.findings, [](const Finding& f) { return f.kind == FindingKind::missing_session; });
  return refuse_load(review.findings, review.accepted);
}

Result<> WarmUpLoader::report_missing() {
  std::vector<std::string> lines;
  if (std::ssize(sessions_) < options_.sessions_wanted) {
    lines.push_back("the calendar has " + std::to_string(sessions_.size()) + " of the " +
                    std::to_string(options_.sessions_wanted) + " sessions wanted before " +
                    format_date(options_.day));
  }
  for (std::size_t symbol = 0; symbol < missing_.size(); ++symbol) {
    const auto count = static_cast<int>(std::ranges::count(missing_[symbol], true));
    if (count > 0) lines.push_back(missing_text(symbol, count));
  }
  const bool complete = lines.empty();
  lines.insert(lines.end(), fetch_errors_.begin(), fetch_errors_.end());
  if (complete || options_.allow_short) {
    out_.notes.insert(out_.notes.end(), lines.begin(), lines.end());
    return {};
  }
  Problems problems;
  for (std::string& line : lines) problems.add(std::move(line));
  const std::string from = options_.folder.empty() ? "warm up from files (--warmup-from files)"
                                                   : "complete the bars in " + options_.folder.string();
  problems.add(from + ", or start with less than mock would learn: --allow-short-warmup");
  return problems.as(Errc::not_found);
}

void WarmUpLoader::keep_sessions_with_bars() {
  for (std::size_t s = 0; s < sessions_.size(); ++s) {
    if (std::ranges::any_of(missing_, [s](const auto& row) { return !row[s]; })) {
      out_.sessions.push_back(sessions_[s]);
    }
  }
}

Result<WarmUpBars> WarmUpLoader::load() {
  if (auto read = read_files(); !read) return tl::unexpected(std::move(read).error());
  find_missing();
  if (options_.history != nullptr) {
    for (const Run& run : runs_to_fetch()) fetch(run);
  }
  note_fetched();
  if (auto sound = review(); !sound) return tl::unexpected(std::move(sound).error());
  if (auto complete = report_missing(); !complete) return tl::unexpected(std::move(complete).error());
  keep_sessions_with_bars();
  return std::move(out_);
}

}  // namespace

Result<WarmUpBars> load_warm_up_bars(const WarmUpBarsOptions& options) {
  return WarmUpLoader(options).load();
}

}  // namespace sentio
