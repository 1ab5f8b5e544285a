// What the figures prove, what they cost, what the market did meanwhile.
#include <cmath>

#include "sentio/analysis/statistics.h"
#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio {

namespace {

using namespace analysis_detail;

std::string so_far(const Summary& s) {
  const double mean_day = s.evidence.mean.value_or(0);
  const std::string amount = usd(std::abs(s.net)) + " USD";
  if (s.days == 1) {
    if (mean_day == 0) return "This one neither made nor lost money.";
    return (mean_day < 0 ? "This one LOST " : "This one made ") + percent(std::abs(mean_day), 2) + " (" +
           amount + "); it does not say what the next will do.";
  }
  if (mean_day == 0) return "So far nothing was made or lost.";
  return (mean_day < 0 ? "So far it LOSES " : "So far it makes ") + percent(std::abs(mean_day), 2) +
         " a day on average (" + signed_usd(s.net) + " USD in total).";
}

std::string few_days(const Summary& s) {
  if (s.days == 1) return "one day is one day and proves nothing. " + so_far(s);
  return count(s.days) + " days prove nothing. " + so_far(s);
}

std::string interval_text(const Interval& i) {
  return signed_percent(i.low, 2) + " to " + signed_percent(i.high, 2);
}

std::string many_days(const Summary& s) {
  const Evidence& e = s.evidence;
  if (e.interval_state == IntervalState::all_alike)
    return "all " + count(s.days) + " days returned the same, so nothing can be judged. " + so_far(s);
  if (!e.interval)
    return "of " + count(s.days) + " days too few differ from the rest to judge their mean. " + so_far(s);
  const std::string interval = "the 95% interval of the mean day, " + interval_text(*e.interval) + ", ";
  const std::string over = " over " + count(s.days) + " days";
  if (e.word == EvidenceWord::proven) return interval + "lies above zero" + over + ".";
  if (e.word == EvidenceWord::losing)
    return interval + "lies below zero" + over + ". This loses money, and bad luck does not explain it.";
  return interval + "contains zero" + over + ". " + so_far(s);
}

}  // namespace

std::string evidence_sentence(const Summary& s) {
  const std::string word = std::string(to_string(s.evidence.word)) + ": ";
  if (!s.numbers_sound) return word + "the run's equity is not a number on some day; trust none of this.";
  if (s.days == 0) return word + "no day was traded.";
  return word + (s.days < kIntervalDaysMin ? few_days(s) : many_days(s));
}

std::string cost_sentence(const Summary& s) {
  if (!s.bps) return "";
  return "Costs eat " + percent(s.bps->costs.total() * 1e-4, 2) + " a day; gross edge " +
         signed_percent(s.bps->gross * 1e-4, 2) + " a day.";
}

namespace analysis_detail {

namespace {

std::string whole_days(std::optional<double> value) {
  if (!value) return "n/a";
  // The formulas take the deviation as known; from fewer days than this it is not.
  if (*value <= kIntervalDaysMin) return "5 or fewer";
  if (*value > 1e6) return "over a million";
  const auto days = static_cast<long long>(std::ceil(*value));
  std::string text = count(days);
  if (days > 2 * kTradingDaysPerYear)
    text += " (" + fixed(static_cast<double>(days) / kTradingDaysPerYear, 0) + " years)";
  return text;
}

std::string no_interval(IntervalState state) {
  switch (state) {
    case IntervalState::one_day:
      return "one day is one day";
    case IntervalState::all_alike:
      return "all days are alike";
    case IntervalState::too_few_differ:
      return "too few days differ from the rest";
    default:
      return "needs 5 days";
  }
}

std::string interval_line(const Summary& s) {
  const Evidence& e = s.evidence;
  if (e.interval)
    return metric(
        "95% Interval", interval_text(*e.interval),
        "of the mean (studentised stationary bootstrap, blocks of " + fixed(e.block_length, 1) + " days)");
  return metric("95% Interval", "n/a", no_interval(e.interval_state));
}

// What follows the interval stands only where it exists: on a page about one day it would be noise.

std::string error_line(const Evidence& e) {
  if (!e.se_hac) return "";
  const std::string lags = counted(e.hac_lags, "lag", "lags");
  return metric("Standard Error", percent(e.se_hac, 2), "of the mean (HAC: Newey-West, " + lags + ")");
}

/// The draws end at 0.0001, so there is no smaller p to print.
std::string p_line(const Evidence& e) {
  if (!e.p_two_sided) return "";
  const std::string side = *e.mean < 0 ? "below" : "above";
  return metric("p Value", fixed(e.p_two_sided, 4),
                "two-sided, by luck this far from zero; " + fixed(e.p_one_sided, 4) + " this far " + side);
}

std::string sharpe_lines(const Evidence& e) {
  if (!e.sharpe) return "";
  const std::string of = counted(e.trials, "trial", "trials");
  std::string out =
      metric("Prob. Sharpe", percent(e.psr, 1), "confidence that the true Sharpe is above zero");
  out += metric("Deflated Sharpe", percent(e.dsr, 1), "the same for the best of " + of);
  out += metric("Min. Track Record", whole_days(e.track_record_min),
                "for 95% of that confidence at this Sharpe");
  return out;
}

/// Of a live day that was not measured the spread stays inside.
std::string gross_words(const Summary& s) {
  const bool unknown = s.execution && s.execution->sessions_unmeasured > 0 && s.execution->sessions == 0;
  return unknown ? "fees; the spread is inside, not measured" : spread_word(s) + " and fees";
}

std::string money_lines(const Summary& s) {
  if (!s.bps) return "";
  const BpsPerDay& b = *s.bps;
  const auto bps = [](double x) { return signed_fixed(x, 1) + " bps/day"; };
  std::string split = spread_word(s) + " " + fixed(b.costs.spread, 1) + ", SEC " + fixed(b.costs.sec, 1) + ", TAF " +
                      fixed(b.costs.taf, 1);
  if (b.costs.other != 0) split += ", other " + fixed(b.costs.other, 1);
  std::string out = metric("Gross", bps(b.gross), signed_usd(s.gross) + " USD before " + gross_words(s));
  out += metric("Cost Drag", bps(-b.costs.total()), signed_usd(-s.costs.total()) + " USD: " + split);
  out += metric("Net", bps(b.net), signed_usd(s.net) + " USD");
  return out;
}

std::string buy_and_hold_lines(const Summary& s) {
  const BuyAndHold& b = s.buy_and_hold;
  std::string out = metric("Buy-and-Hold", signed_percent(b.mean_day, 2),
                           "mean day; same instruments, equal weight, open to close, no costs");
  if (s.days > 1) out += metric("Buy-and-Hold MRD", signed_percent(b.mrd, 2));
  return out;
}

}  // namespace

std::string evidence_section(const Summary& s) {
  std::string out = "Evidence:\n";
  if (!s.numbers_sound) return out + "  The run's equity is NOT A NUMBER on some day: no figure is given.\n";
  out += metric("Trading Days", count(s.days));
  std::string milder;
  if (s.evidence.mean && s.mrd && std::abs(*s.evidence.mean - *s.mrd) >= 0.0005)
    milder = "differs from MRD, which divides by the start capital: the book changed size";
  out += metric("Mean Daily Return", signed_percent(s.evidence.mean, 2), milder);
  out += interval_line(s);
  out += error_line(s.evidence);
  out += p_line(s.evidence);
  out +=
      metric("t Statistic", signed_fixed(s.evidence.t, 1), s.evidence.t ? "as if days were independent" : "");
  out += metric("Days Needed", whole_days(s.evidence.days_needed), "to tell this mean from zero (80% power)");
  out += sharpe_lines(s.evidence);
  out += money_lines(s);
  out += buy_and_hold_lines(s);
  if (!s.days_chained)
    out +=
        "  Days do not start with what the day before ended with: profits are added up on the first "
        "capital.\n";
  const std::string costs = cost_sentence(s);
  if (!costs.empty()) out += "  In words: " + costs + "\n";
  return out;
}

}  // namespace analysis_detail
}  // namespace sentio
