// What the figures prove, what they cost, what the market did meanwhile.
#include <cmath>

#include "text_format.h"
#include "text_sections.h"

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
  if (!e.varies)
    return "all " + count(s.days) + " days returned the same, so nothing can be judged. " + so_far(s);
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

std::string days_needed_text(const Evidence& e) {
  if (!e.days_needed) return "n/a";
  // The formula takes the deviation as known; from fewer days than this it is not.
  if (*e.days_needed <= kIntervalDaysMin) return "5 or fewer";
  if (*e.days_needed > 1e6) return "over a million";
  const auto days = static_cast<long long>(std::ceil(*e.days_needed));
  std::string text = count(days);
  if (days > 2 * kTradingDaysPerYear)
    text += " (" + fixed(static_cast<double>(days) / kTradingDaysPerYear, 0) + " years)";
  return text;
}

std::string interval_line(const Summary& s) {
  if (s.evidence.interval)
    return metric("95% Interval", interval_text(*s.evidence.interval), "of the mean (stationary bootstrap)");
  const std::string why = s.days == 1 ? "one day is one day" : "needs 5 days";
  return metric("95% Interval", "n/a", why);
}

std::string money_lines(const Summary& s) {
  if (!s.bps) return "";
  const BpsPerDay& b = *s.bps;
  const auto bps = [](double x) { return signed_fixed(x, 1) + " bps/day"; };
  std::string split = "spread " + fixed(b.costs.spread, 1) + ", SEC " + fixed(b.costs.sec, 1) + ", TAF " +
                      fixed(b.costs.taf, 1);
  if (b.costs.other != 0) split += ", other " + fixed(b.costs.other, 1);
  std::string out = metric("Gross", bps(b.gross), signed_usd(s.gross) + " USD before spread and fees");
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
  out += metric("t Statistic", signed_fixed(s.evidence.t, 1));
  out += metric("Days Needed", days_needed_text(s.evidence), "to tell this mean from zero (80% power)");
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
