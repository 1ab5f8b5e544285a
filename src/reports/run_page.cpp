#include "sentio/reports/run_page.h"

#include <algorithm>

#include "page_costs.h"
#include "page_evidence.h"
#include "page_series.h"
#include "page_skill.h"
#include "page_text.h"
#include "sentio/core/text/text.h"

namespace sentio {

namespace {

using namespace reports_detail;

std::string days_text(std::size_t days) {
  return std::to_string(days) + (days == 1 ? " trading day" : " trading days");
}

std::string subtitle_of(const RunResult& run) {
  const std::string first = format_date(run.days.front().date), last = format_date(run.days.back().date);
  std::string out = first == last ? first : first + " to " + last;
  out += " · " + days_text(run.days.size()) + " · " + run.mode;
  if (!run.strategy_name.empty()) out += " · " + run.strategy_name;
  return out + " · " + joined(run.instruments);
}

PageSection equity_section(const PageAxis& axis, const std::vector<DayRecords>& days) {
  EquitySeries series = equity_series(axis, days);
  PageChart equity{.title = "Equity, USD",
                   .unit = PageUnit::usd,
                   .series = {std::move(series.equity)},
                   .reference_name = "start"};
  equity.reference = days.front().run.days.front().equity_start;
  PageChart drawdown{
      .title = "Drawdown", .unit = PageUnit::percent, .series = {std::move(series.drawdown)}, .filled = true};
  return {.id = "equity",
          .title = "Equity and drawdown",
          .note = "Marked at every minute's close, net of costs.",
          .content = PageCharts{{std::move(equity), std::move(drawdown)}}};
}

const SymbolBars* bars_of(const std::vector<SymbolBars>& all, const std::string& symbol) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const SymbolBars& bars) { return bars.symbol == symbol; });
  return found == all.end() ? nullptr : &*found;
}

/// Most traded money first: by the size of the result.
PageSection instruments_section(const RunPageInput& input, const PageAxis& axis, const Summary& summary) {
  PageInstruments shown{.instruments = {}, .confidence_no_skill = kConfidenceNoSkill};
  for (const GroupStats& group : summary.by_symbol) {
    PageInstrument one = instrument_of(group.name, axis, input.days, bars_of(input.bars, group.name));
    one.figure = group.round_trips == 0 ? "not traded" : signed_text(group.pnl, 0);
    if (group.round_trips > 0) one.tone = group.pnl < 0 ? PageTone::bad : PageTone::good;
    shown.instruments.push_back(std::move(one));
  }
  return {.id = "instruments",
          .title = "Instruments",
          .note =
              "Prices with every execution, then the signal's confidence (0.5 is no skill) and strength "
              "(gaps: the "
              "signal says nothing will rise); the other instruments in grey.",
          .content = std::move(shown)};
}

PageBars::Row group_row(const GroupStats& group) {
  const MaybeNumber fees = group.costs.total();
  return {
      .name = group.name,
      .value = group.pnl,
      .cells = {
          signed_text(group.pnl, 0), number_text(group.round_trips, 0), percent_text(group.win_rate(), 0),
          signed_text(group.invested > 0 ? MaybeNumber(1e4 * group.pnl / group.invested) : std::nullopt, 1),
          number_text(fees, 0)}};
}

PageSection groups_section(const char* id, const char* title, const char* note, const char* heading,
                           const std::vector<GroupStats>& groups) {
  PageBars bars{
      .name_heading = heading,
      .columns = {{"P&L, USD"}, {"round trips"}, {"won"}, {"bps a trip", true}, {"costs, USD", true}},
      .rows = {}};
  for (const GroupStats& group : groups) {
    bars.rows.push_back(group_row(group));
    std::replace(bars.rows.back().name.begin(), bars.rows.back().name.end(), '_', ' ');
  }
  return {.id = id, .title = title, .note = note, .content = std::move(bars)};
}

PageSection heat_section(const Summary& summary, const std::vector<Date>& missing) {
  PageHeatMap map;
  for (const DaySummary& day : summary.by_day) map.days.push_back({day.date, day.day_return});
  for (const Date date : missing) map.days.push_back({date, std::nullopt});
  std::sort(map.days.begin(), map.days.end(), [](const auto& a, const auto& b) { return a.date < b.date; });
  return {.id = "days",
          .title = "Days",
          .note = "Daily returns; choose a day to zoom the charts into it.",
          .content = std::move(map)};
}

std::vector<std::string> assumptions_of(const RunPageInput& input, const RunResult& run, const Summary& s,
                                        const PageAxis& axis) {
  std::vector<std::string> lines;
  const auto say = [&](const std::string& line) { lines.push_back(line); };
  const auto count = [](std::int64_t n) { return number_text(static_cast<double>(n), 0); };
  if (!run.config_name.empty()) say("Configuration: " + run.config_name + ".");
  say(run.mode == "mock"
          ? "Fills are simulated: at the open of the minute after the decision, half a spread worse, "
            "with the fees of that date. Half-spreads are estimates."
          : "Fills and their prices are the broker's.");
  say("MRD = (end capital − start capital) / start capital / trading days. The interval is a stationary "
      "bootstrap of daily returns.");
  if (axis.step > 1)
    say("Charts show one point per " + std::to_string(axis.step) +
        " minutes (the last value; for drawdown the worst) to keep the page small; figures and tables use "
        "every minute.");
  if (!s.days_chained)
    say("Days do not start with what the day before ended with: profits are added up on the first capital.");
  if (run.warmup_sessions < run.warmup_sessions_wanted)
    say("The warm-up was short: " + count(run.warmup_sessions) + " of " + count(run.warmup_sessions_wanted) +
        " sessions.");
  say(count(s.checks.sets) + " minutes, " + count(s.checks.sets_skipped) + " skipped for missing symbols, " +
      count(s.checks.forward_filled) + " bars filled forward, " + count(s.checks.last_resort_fills) +
      " last-resort fills.");
  if (s.checks.orders_refused > 0) say("The broker refused " + count(s.checks.orders_refused) + " order(s).");
  if (s.checks.bad_prints + s.checks.late_prices > 0)
    say(count(s.checks.bad_prints) + " bad prints not used; " + count(s.checks.late_prices) +
        " suspect prices were real and used a bar late.");
  if (s.checks.days_breaker > 0)
    say("The circuit breaker tripped on " + count(s.checks.days_breaker) + " day(s).");
  for (const DayRecords& day : input.days) {
    if (!day.finished)
      say(format_date(day.hours.date) +
          " is not over, or was cut short: it has no summary yet. Its figures are of what its files hold.");
    if (day.finished && day.run.config_name != run.config_name)
      say(format_date(day.hours.date) + " was run with another configuration: " + day.run.config_name + ".");
  }
  std::vector<std::string> missing;
  for (const Date date : input.missing) missing.push_back(format_date(date));
  if (!missing.empty())
    say("No files of these sessions; they are not in any figure: " + joined(missing) + ".");
  return lines;
}

}  // namespace

Page run_page(const RunPageInput& input, const RunResult& run, const Summary& summary,
              const Targets& targets) {
  Page page{.title = input.title,
            .subtitle = subtitle_of(run),
            .warnings = warnings_of(run, summary),
            .headline = headline_of(summary, targets),
            .axis = axis_of(input.days),
            .sections = {}};
  const auto add = [&](PageSection section) { page.sections.push_back(std::move(section)); };
  add({.id = "figures", .title = "Figures", .note = "", .content = performance_facts(run, summary)});
  add({.id = "more-evidence", .title = "Evidence", .note = "", .content = evidence_facts(run, summary)});
  add({.id = "criteria",
       .title = "Criteria",
       .note = "Targets: " + targets.name + ".",
       .content = criteria_facts(summary, targets)});
  add(equity_section(page.axis, input.days));
  add(instruments_section(input, page.axis, summary));
  add(groups_section("symbols", "By instrument", "Closed round trips, net.", "Symbol", summary.by_symbol));
  add(groups_section("hours", "By hour", "New York hour of opening.", "Hour", summary.by_hour));
  add(groups_section("exits", "By exit reason", "Small samples: no reason to pick the best row.", "Reason",
                     summary.by_exit_reason));
  if (!summary.skill.empty())
    add({.id = "skill", .title = "Skill", .note = skill_note(summary), .content = skill_bars(summary)});
  if (input.days.size() > 1) add(heat_section(summary, input.missing));
  add({.id = "costs",
       .title = "Costs",
       .note = costs_note(run, summary),
       .content = cost_bars(summary)});
  add({.id = "shortfall",
       .title = "Execution shortfall",
       .note = "Fills against the close each order was decided on; plus is money lost. The market's move "
               "until the fill and the spread are in it.",
       .content = shortfall_facts(executions_of(input.days))});
  add({.id = "assumptions",
       .title = "Assumptions",
       .note = "",
       .content = PageNotes{assumptions_of(input, run, summary, page.axis)}});
  return page;
}

}  // namespace sentio
