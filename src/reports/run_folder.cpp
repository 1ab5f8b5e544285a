#include "sentio/reports/run_folder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "day_summary.h"
#include "sentio/analysis/execution_cost.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

/// One session's files.
class DayFolder {
 public:
  DayFolder(const fs::path& folder, const SessionHours& hours)
      : folder_(folder), date_(format_date(hours.date)) {
    day_.hours = hours;
  }

  /// A day is one with a book: every run writes it, from its first minute on.
  [[nodiscard]] bool exists() const { return there(file("positions_", ".jsonl")); }

  Result<DayRecords> read(const RunFolderOptions& options, std::optional<double> equity_before) {
    if (auto done = read_lines(options); !done) return tl::unexpected(done.error());
    if (const fs::path summary = file("summary_", ".json"); there(summary)) {
      day_.finished = true;
      const auto text = read_text_file(summary);
      if (!text) return tl::unexpected(text.error());
      if (auto done = reports_detail::read_day_summary(*text, summary.string(), day_); !done)
        return tl::unexpected(done.error());
    } else {
      begin_without_summary(equity_before);
    }
    DayResult& result = day_.run.days.front();
    for (const BookLine& line : day_.book) {
      result.equity_by_minute.push_back(line.equity);
      result.sets_invested += !line.positions.empty();
    }
    if (auto done = add_executions(result); !done) return tl::unexpected(done.error());
    add_trades(result);
    add_strengths(result.signals);
    if (auto done = add_skill(result); !done) return tl::unexpected(done.error());
    return std::move(day_);
  }

 private:
  [[nodiscard]] fs::path file(const char* stem, const char* extension) const {
    return folder_ / (stem + date_ + extension);
  }
  static bool there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
  }

  template <class Line>
  Result<> read_file(const char* stem, Result<std::vector<Line>> (*parse)(std::string_view, std::string_view),
                     std::vector<Line>& lines) {
    const fs::path path = file(stem, ".jsonl");
    const auto text = read_text_file(path);
    if (!text) return tl::unexpected(text.error());
    auto parsed = parse(*text, path.string());
    if (!parsed) return tl::unexpected(parsed.error());
    lines = *std::move(parsed);
    return {};
  }

  Result<> read_lines(const RunFolderOptions& options) {
    if (auto done = read_file("positions_", parse_book_lines, day_.book); !done) return done;
    if (auto done = read_file("trades_", parse_trade_lines, day_.trades); !done) return done;
    if (options.decisions)
      if (auto done = read_file("decisions_", parse_decision_lines, day_.decisions); !done) return done;
    if (options.signals) return read_file("signals_", parse_signal_lines, day_.signals);
    return {};
  }

  // Mock writes a day as a whole or not at all: what lacks its summary is a live day.
  void begin_without_summary(std::optional<double> equity_before) {
    DayResult result;
    result.date = day_.hours.date;
    result.over = false;
    result.sets = static_cast<int>(day_.book.size());
    result.equity_start = equity_before.value_or(day_.book.empty() ? 0 : day_.book.front().equity);
    result.equity_end = day_.book.empty() ? result.equity_start : day_.book.back().equity;
    double invested = 0;
    std::set<std::string> orders, symbols;
    for (const BookLine& line : day_.book) {
      result.sets_skipped += line.skipped_set;
      invested += line.equity > 0 ? 1 - line.cash / line.equity : 0;
    }
    if (!day_.book.empty()) result.exposure = invested / static_cast<double>(day_.book.size());
    for (const TradeLine& trade : day_.trades) {
      orders.insert(trade.order_id);
      result.spread_cost += trade.spread_cost;
      result.fee_other += trade.fees;  // of which kind, only the summary says
      result.last_resort_fills += trade.last_resort;
    }
    result.orders_filled = static_cast<int>(orders.size());
    result.flat_at_close = true;  // not asked yet
    for (const SignalLine& signal : day_.signals) symbols.insert(signal.symbol);
    for (const TradeLine& trade : day_.trades) symbols.insert(trade.symbol);
    day_.run.mode = "live";
    day_.run.instruments.assign(symbols.begin(), symbols.end());
    day_.run.capital = result.equity_start;
    day_.run.days = {std::move(result)};
  }

  // Only a finished live day has the file; one of before it is not measured.
  Result<> add_executions(DayResult& result) {
    if (!there(file("executions_", ".jsonl"))) {
      if (day_.run.mode != "live") return {};
      result.spread_cost = 0;
      for (const TradeLine& trade : day_.trades) result.spread_cost += trade.spread_cost;
      return {};
    }
    if (auto done = read_file("executions_", parse_execution_lines, result.executions); !done) return done;
    if (!day_.finished) result.executions.clear();
    result.executions_measured = day_.finished;
    if (!day_.finished || result.executions.size() == day_.trades.size()) return {};
    return fail(Errc::malformed, file("executions_", ".jsonl").string(),
                "has " + std::to_string(result.executions.size()) + " executions where trades_" + date_ + ".jsonl has " +
                    std::to_string(day_.trades.size()));
  }

  /// What that execution paid for the spread: measured, or as its line says.
  [[nodiscard]] double spread_cost(const DayResult& result, std::size_t trade) const {
    if (!result.executions_measured) return day_.trades[trade].spread_cost;
    return cost_of(result.executions[trade], CostPart::trading).value_or(0);
  }

  /// Round trips as the run itself keeps them: from the first share bought to the last one sold.
  void add_trades(DayResult& result) const {
    struct Open {
      RoundTrip trip;
      double held = 0;
      std::set<std::string> orders;
    };
    // By the day's shares: a line has their sum only.
    const double fees = result.fee_sec + result.fee_taf + result.fee_other;
    const double sec_share = fees > 0 ? result.fee_sec / fees : 0, taf_share = fees > 0 ? result.fee_taf / fees : 0;
    std::map<std::string, Open> open;
    for (std::size_t i = 0; i < day_.trades.size(); ++i) {
      const TradeLine& trade = day_.trades[i];
      Open& o = open[trade.symbol];
      if (o.held == 0)
        o = {.trip = {.symbol = trade.symbol, .opened = trade.ts, .exit_reason = {}}, .orders = {}};
      o.orders.insert(trade.order_id);
      o.trip.spread_cost += spread_cost(result, i);
      o.trip.fee_sec += sec_share * trade.fees;
      o.trip.fee_taf += taf_share * trade.fees;
      o.trip.fee_other += (1 - sec_share - taf_share) * trade.fees;
      const double notional = trade.qty * trade.price;
      if (trade.buy()) {
        o.held += trade.qty;
        o.trip.qty += trade.qty;
        o.trip.cost += notional;
        o.trip.pnl -= trade.fees;
        result.notional_bought += notional;
        continue;
      }
      o.held -= trade.qty;
      o.trip.pnl += trade.pnl;
      result.notional_sold += notional;
      if (o.held > 1e-9) continue;
      o.held = 0;
      o.trip.closed = trade.ts;
      o.trip.exit_reason = trade.reason;
      o.trip.sets_held = static_cast<int>((o.trip.closed - o.trip.opened) / kBarLength);
      o.trip.orders_filled = static_cast<int>(o.orders.size());
      result.round_trips.push_back(o.trip);
    }
  }

  void add_strengths(SignalStats& stats) const {
    if (day_.signals.empty()) return;
    stats.strength_sum = 0;
    stats.strength_count = 0;
    for (const SignalLine& signal : day_.signals) {
      if (!signal.valid || !(signal.strength > 0)) continue;
      stats.strength_sum += signal.strength;
      ++stats.strength_count;
      stats.strength_max = std::max(stats.strength_max, signal.strength);
    }
  }

  // Only a finished day has the file; days of before it had sums have no skill to show.
  Result<> add_skill(DayResult& result) {
    std::vector<LearnerLine> lines;
    if (!there(file("health_", ".jsonl"))) return {};
    if (auto done = read_file("health_", parse_learner_lines, lines); !done) return done;
    for (const LearnerLine& line : lines) {
      for (const HorizonLine& h : line.horizons) {
        const std::array sums{h.hits, h.p, h.y, h.pp, h.yy, h.py};
        if (!std::all_of(sums.begin(), sums.end(), [](double sum) { return std::isfinite(sum); })) continue;
        SkillSums row{.symbol = line.symbol, .horizon = static_cast<int>(h.minutes)};
        row.sums = {static_cast<std::int64_t>(h.labels), h.hits, h.p, h.y, h.pp, h.yy, h.py, std::nullopt};
        if (std::isfinite(h.rank_ic)) row.sums.rank_correlation = h.rank_ic;
        result.skill.push_back(std::move(row));
      }
    }
    return {};
  }

  const fs::path& folder_;
  std::string date_;
  DayRecords day_;
};

}  // namespace

Result<std::vector<DayRecords>> read_run_folder(const fs::path& folder, Date first, Date last,
                                                const RunFolderOptions& options) {
  std::vector<DayRecords> days;
  for (const SessionHours& hours : NyseCalendar::sessions(first, last)) {
    DayFolder files(folder, hours);
    if (!files.exists()) continue;
    std::optional<double> equity_before;
    if (!days.empty()) equity_before = days.back().run.days.front().equity_end;
    auto day = files.read(options, equity_before);
    if (!day) return tl::unexpected(day.error());
    days.push_back(*std::move(day));
  }
  if (days.empty()) {
    const std::string range =
        first == last ? format_date(first) : format_date(first) + " to " + format_date(last);
    return fail(Errc::not_found, folder.string(),
                "holds no files of " + range + "; run that day first, or name another --log-dir");
  }
  return days;
}

namespace {

template <class Element>
void add_new(std::vector<Element>& all, const std::vector<Element>& more) {
  for (const Element& element : more)
    if (std::find(all.begin(), all.end(), element) == all.end()) all.push_back(element);
}

void join(Manifest& all, const Manifest& day) {
  add_new(all.data_findings, day.data_findings);
  add_new(all.accepted_data, day.accepted_data);
  for (const auto& [symbol, hash] : day.data_files) {
    const auto [at, added] = all.data_files.emplace(symbol, hash);
    if (!added && at->second != hash) at->second = kFilesDiffer;
  }
}

}  // namespace

RunResult joined_run(const std::vector<DayRecords>& days) {
  RunResult run;
  for (const DayRecords& day : days) {
    if (run.days.empty()) {
      run = day.run;
      continue;
    }
    run.days.push_back(day.run.days.front());
    run.synthetic |= day.run.synthetic;
    join(run.manifest, day.run.manifest);
    run.same_close_fills |= day.run.same_close_fills;
    run.trials = std::max(run.trials, day.run.trials);
    run.warmup_sessions = std::min(run.warmup_sessions, day.run.warmup_sessions);
    if (run.preflight_override.empty()) run.preflight_override = day.run.preflight_override;
    for (const std::string& symbol : day.run.instruments)
      if (std::find(run.instruments.begin(), run.instruments.end(), symbol) == run.instruments.end())
        run.instruments.push_back(symbol);
  }
  return run;
}

}  // namespace sentio
