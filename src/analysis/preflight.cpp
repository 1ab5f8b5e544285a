#include "sentio/analysis/preflight.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sentio/analysis/performance_analyzer.h"
#include "sentio/core/calendar.h"
#include "tables.h"
#include "text/text_format.h"

namespace sentio {

namespace {

using namespace analysis_detail;

/// The paper days that count, oldest first.
struct PaperDays {
  std::vector<PaperDay> days;
  int newest_age = 0;  ///< sessions; 1 = the session before
};

// By the calendar: each session counts once, whatever the facts hold.
PaperDays days_that_count(const PreflightFacts& facts) {
  const auto window = NyseCalendar::sessions_before(facts.date, kPaperWindowSessions);
  PaperDays out;
  for (std::size_t i = 0; i < window.size(); ++i) {
    const auto day = std::find_if(facts.days.begin(), facts.days.end(),
                                  [&](const PaperDay& d) { return d.date == window[i].date; });
    if (day == facts.days.end()) continue;
    out.days.push_back(*day);
    out.newest_age = static_cast<int>(window.size() - i);
  }
  return out;
}

std::string days_text(std::size_t n) {
  return counted(static_cast<long long>(n), "day", "days");
}

/// "a, b, c and 4 more"
std::string listed(const std::vector<std::string>& items) {
  constexpr std::size_t kNamed = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(items.size(), kNamed); ++i) out += (i > 0 ? ", " : "") + items[i];
  if (items.size() > kNamed) out += " and " + std::to_string(items.size() - kNamed) + " more";
  return out;
}

PreflightLine sessions_line(const PaperDays& paper) {
  const auto n = static_cast<int>(paper.days.size());
  const bool ok = n >= kPaperSessionsMin && paper.newest_age <= kPaperAgeMaxSessions;
  const std::string found = std::to_string(n) + " of the last " + std::to_string(kPaperWindowSessions) +
                            " sessions, newest " + format_date(paper.days.back().date) + " (" +
                            counted(paper.newest_age, "session", "sessions") + " old)";
  return {"Paper sessions", ok,
          found + "; needs " + std::to_string(kPaperSessionsMin) + ", the newest at most " +
              std::to_string(kPaperAgeMaxSessions) + " old"};
}

// ---- what the reports measure too ---------------------------------------------------------------

/// Not a number if one day's is none: that is never met.
double worst_drawdown(const std::vector<PaperDay>& days) {
  double worst = 0;
  for (const PaperDay& day : days) {
    if (!std::isfinite(day.drawdown_max)) return std::numeric_limits<double>::quiet_NaN();
    worst = std::max(worst, day.drawdown_max);
  }
  return worst;
}

/// The days' summary as a report would make it, but for the drawdown: here the worst day's.
Summary summarize(const std::vector<PaperDay>& days, const Targets& targets) {
  RunResult run;
  run.mode = "live";
  int round_trips = 0, wins = 0;
  for (const PaperDay& day : days) {
    DayResult result;
    result.date = day.date;
    result.equity_start = day.equity_start;
    result.equity_end = day.equity_end;
    result.orders_filled = day.trades;
    run.days.push_back(std::move(result));
    round_trips += day.round_trips;
    wins += day.wins;
  }
  Summary s = analyze(run, targets);
  s.drawdown_max = worst_drawdown(days);
  s.round_trips = round_trips;
  s.wins = wins;
  s.win_rate = quotient(wins, round_trips);
  return s;
}

std::string trades_range(const Criterion& c) {
  if (!c.low) return "at most " + fixed(c.high, 0);
  return c.high ? fixed(c.low, 0) + "-" + fixed(c.high, 0) : "at least " + fixed(c.low, 0);
}

PreflightLine criterion_line(const Criterion& c, const Summary& s) {
  const auto line = [&c](const char* name, const std::string& found, const std::string& asked) {
    return PreflightLine{name, c.met, found + "; needs " + asked};
  };
  if (c.name == "MRD") return line("MRD", signed_percent(c.value, 2), "at least " + percent_short(*c.low));
  if (c.name == "win rate") {
    const std::string of = " of " + counted(s.round_trips, "round trip", "round trips");
    return line("Win rate", percent(c.value, 1) + of, "at least " + percent_short(*c.low));
  }
  if (c.name == "drawdown")
    return line("Drawdown", percent(c.value, 2) + " on the worst day", "at most " + percent_short(*c.high));
  if (c.name == "Sharpe") return line("Sharpe", fixed(c.value, 2), "at least " + fixed(c.low, 1));
  return line("Trades a day", fixed(c.value, 1), trades_range(c));
}

// ---- what only the checklist asks ---------------------------------------------------------------

PreflightLine confidence_line(const std::vector<PaperDay>& days) {
  std::vector<std::string> missed;
  for (const PaperDay& day : days) {
    const auto best = day.confidence_first_hour;
    if (best && *best >= kFirstHourConfidenceMin) continue;
    missed.push_back(format_date(day.date) + " (" + (best ? "best " + fixed(best, 4) : "no signal") + ")");
  }
  std::string text = fixed(kFirstHourConfidenceMin, 2) + " reached within the first hour on " +
                     std::to_string(days.size() - missed.size()) + " of " + days_text(days.size());
  if (!missed.empty()) text += "; not on " + listed(missed);
  return {"Confidence", missed.empty(), text};
}

PreflightLine strength_line(const std::vector<PaperDay>& days) {
  double sum = 0, count = 0;
  for (const PaperDay& day : days) {
    sum += day.strength_sum;
    count += static_cast<double>(day.strength_count);
  }
  const auto mean = quotient(sum, count);
  return {
      "Strength", mean && *mean >= kStrengthMeanMin && *mean <= kStrengthMeanMax,
      "mean " + fixed(mean, 3) + "; needs " + fixed(kStrengthMeanMin, 2) + "-" + fixed(kStrengthMeanMax, 2)};
}

PreflightLine data_line(const std::vector<PaperDay>& days, const std::vector<std::string>& instruments) {
  if (instruments.empty()) return {"Data", false, "no instrument is configured"};
  std::vector<std::string> missing;
  for (const PaperDay& day : days) {
    for (const std::string& name : instruments) {
      if (!day.symbols_with_bars.contains(name)) missing.push_back(name + " on " + format_date(day.date));
    }
  }
  if (!missing.empty()) return {"Data", false, "no bar of " + listed(missing)};
  return {"Data", true,
          "bars of all " + counted(static_cast<long long>(instruments.size()), "instrument", "instruments") +
              " on " + days_text(days.size())};
}

void add_paper_lines(std::vector<PreflightLine>& lines, const PreflightFacts& facts, const Targets& targets) {
  const PaperDays paper = days_that_count(facts);
  const Summary summary = summarize(paper.days, targets);
  const bool none = paper.days.empty();
  const auto add = [&](PreflightLine line) {
    if (none) {
      line.ok = false;
      line.text = "no paper day found in " + facts.paper_folder;
    }
    lines.push_back(std::move(line));
  };
  add(none ? PreflightLine{"Paper sessions", false, {}} : sessions_line(paper));
  for (const Criterion& c : evaluate_criteria(summary, targets)) add(criterion_line(c, summary));
  add(confidence_line(paper.days));
  add(strength_line(paper.days));
  add(data_line(paper.days, facts.instruments));
}

void add_account_lines(std::vector<PreflightLine>& lines, const PreflightFacts& facts) {
  lines.push_back(
      {"Equity", std::isfinite(facts.equity) && facts.equity >= kRealEquityMin,
       with_unit(usd(facts.equity), " USD") + "; needs at least " + usd(kRealEquityMin) + " USD"});
  lines.push_back({"Real keys", facts.keys_real,
                   facts.keys_real ? "present" : "missing: set ALPACA_API_KEY and ALPACA_SECRET_KEY"});
  const bool stop = facts.stop_loss_pct > 0 && facts.stop_loss_pct < 1;
  lines.push_back({"Stop loss", stop,
                   stop ? percent(facts.stop_loss_pct, 2) + " below the average entry"
                        : "none: set stop_loss_pct above 0 and below 1"});
  lines.push_back({"Alerts", facts.alerts_configured,
                   facts.alerts_configured ? "configured" : "none configured: nobody would hear of trouble"});
}

}  // namespace

bool Preflight::ok() const {
  return !lines.empty() &&
         std::all_of(lines.begin(), lines.end(), [](const PreflightLine& l) { return l.ok; });
}

Preflight preflight(const PreflightFacts& facts, const Targets& targets) {
  Preflight result;
  add_paper_lines(result.lines, facts, targets);
  add_account_lines(result.lines, facts);
  return result;
}

std::string preflight_text(const Preflight& preflight) {
  std::size_t width = 0;
  for (const PreflightLine& line : preflight.lines) width = std::max(width, line.name.size());
  std::string out;
  for (const PreflightLine& line : preflight.lines)
    out += mark(line.ok, "", "") + padded(line.name, width) + "  " + line.text + "\n";
  if (preflight.ok()) return out + "PRE-FLIGHT: READY\n";
  const auto failed = std::count_if(preflight.lines.begin(), preflight.lines.end(),
                                    [](const PreflightLine& l) { return !l.ok; });
  return out + "PRE-FLIGHT: REFUSED (" + std::to_string(failed) + " of " +
         std::to_string(preflight.lines.size()) + " failed)\n";
}

}  // namespace sentio
