#include "page_evidence.h"

#include <cmath>
#include <map>

#include "page_text.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/text_report.h"

namespace sentio::reports_detail {

namespace {

PageTone tone_of(EvidenceWord word) {
  switch (word) {
    case EvidenceWord::proven:
      return PageTone::good;
    case EvidenceWord::losing:
      return PageTone::bad;
    case EvidenceWord::not_distinguishable:
      return PageTone::uncertain;
  }
  return PageTone::plain;
}

PageTone tone_of(MaybeNumber value) {
  return !value || *value == 0 ? PageTone::plain : *value < 0 ? PageTone::bad : PageTone::good;
}

std::string interval_text(const Evidence& evidence) {
  if (evidence.interval)
    return "95% interval of the mean day " + signed_percent_text(evidence.interval->low, 2) + " … " +
           signed_percent_text(evidence.interval->high, 2) + ", " + std::to_string(evidence.days) + " days";
  if (evidence.days == 1) return "No interval: one day is one day.";
  if (evidence.interval_state == IntervalState::all_alike) return "No interval: all days are alike.";
  if (evidence.interval_state == IntervalState::too_few_differ)
    return "No interval: too few days differ from the rest.";
  return "No interval: " + std::to_string(evidence.days) + " days, " + std::to_string(kIntervalDaysMin) +
         " are needed.";
}

/// The targets' reasons why this is not ready, in words.
std::string verdict_sentence(const Summary& s, const Targets& targets) {
  if (ready_for_paper(s, targets))
    return "READY FOR LIVE PAPER TRADING: all criteria (" + targets.name + ") are met.";
  std::string missed;
  for (const Criterion& c : evaluate_criteria(s, targets))
    if (!c.met) missed += (missed.empty() ? "" : ", ") + c.name;
  return "DO NOT GO LIVE" +
         (missed.empty() ? std::string(".") : ": not met (" + targets.name + "): " + missed + ".");
}

/// What is known of a key of the evidence object; others are shown by their key.
struct EvidenceKey {
  const char* name;
  const char* note;
  bool headline = false;  ///< said by the headline already
};

const std::map<std::string, EvidenceKey>& evidence_keys() {
  static const std::map<std::string, EvidenceKey> keys{
      {"word", {"", "", true}},
      {"interval_95_low_pct", {"", "", true}},
      {"interval_95_high_pct", {"", "", true}},
      {"interval_state", {"", "", true}},
      {"days", {"Trading days", ""}},
      {"mean_day_pct", {"Mean daily return", ""}},
      {"sd_day_pct", {"Deviation of a day", "one standard deviation"}},
      {"t", {"t statistic", "as if days were independent"}},
      {"days_needed", {"Days needed", "to tell this mean from zero (80% power)"}},
      {"block_length_days", {"Block length", "days; of the interval's bootstrap, read from the series"}},
      {"se_hac_pct", {"Standard error", "of the mean (HAC: Newey-West)"}},
      {"hac_lags", {"Lags", "of the standard error"}},
      {"p_two_sided", {"p, two-sided", "by luck this far from zero"}},
      {"p_one_sided", {"p, one-sided", "by luck this far on the mean's own side"}},
      {"sharpe_day", {"Sharpe a day", "not annualised"}},
      {"skewness", {"Skewness", "of the days"}},
      {"raw_kurtosis", {"Kurtosis", "raw: 3 for a normal distribution"}},
      {"probabilistic_sharpe", {"Probabilistic Sharpe", "confidence that the true Sharpe is above zero"}},
      {"trials", {"Trials", "configurations of which this is the best"}},
      {"deflated_sharpe", {"Deflated Sharpe", "that confidence for the best of the trials"}},
      {"min_track_record_days", {"Minimum track record", "days, for 95% of that confidence"}}};
  return keys;
}

/// "profit_per_share_usd" → "profit per share"
std::string words_of(std::string key) {
  for (const char* unit : {"_pct", "_usd", "_bps"})
    if (key.ends_with(unit)) key.resize(key.size() - 4);
  for (char& c : key)
    if (c == '_') c = ' ';
  if (!key.empty() && key[0] >= 'a' && key[0] <= 'z') key[0] = static_cast<char>(key[0] - 'a' + 'A');
  return key;
}

std::string value_text(const std::string& key, const nlohmann::ordered_json& value) {
  if (value.is_null()) return "n/a";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_integer()) return number_text(value.get<double>(), 0);
  if (!value.is_number()) return value.dump();
  const auto number = value.get<double>();
  if (key == "days_needed" || key == "min_track_record_days")
    return number > 1e6 ? "over a million" : number_text(std::ceil(number), 0);
  if (key.starts_with("p_")) return number_text(number, 4);
  if (key == "block_length_days") return number_text(number, 1);
  if (key == "raw_kurtosis") return number_text(number, 2);
  if (key == "probabilistic_sharpe" || key == "deflated_sharpe") return percent_text(number, 1);
  if (key.starts_with("sd_") || key.starts_with("se_")) return percent_text(number, 2);
  if (key.ends_with("_pct")) return signed_percent_text(number, 2);
  if (key.ends_with("_usd")) return signed_text(number, 2) + " USD";
  if (key.ends_with("_bps")) return signed_text(number, 1) + " bps";
  return signed_text(number, 2);
}

void append_evidence(const nlohmann::ordered_json& object, const std::string& parent,
                     std::vector<PageFact>& facts) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_object()) {
      append_evidence(value, parent + words_of(key) + ": ", facts);
      continue;
    }
    const auto known = evidence_keys().find(key);
    if (known == evidence_keys().end()) {
      facts.push_back({.name = parent + words_of(key), .value = value_text(key, value), .note = ""});
    } else if (!known->second.headline) {
      facts.push_back(
          {.name = known->second.name, .value = value_text(key, value), .note = known->second.note});
    }
  }
}

std::string bps_text(double bps) {
  return signed_text(bps, 1) + " bps a day";
}

std::string criterion_value(const Criterion& c, MaybeNumber value) {
  if (c.name == "trades a day") return number_text(value, 1);
  if (c.name == "Sharpe") return number_text(value, 2);
  return c.name == "MRD" ? signed_percent_text(value, 2) : percent_text(value, 1);
}

}  // namespace

PageHeadline headline_of(const Summary& s, const Targets& targets) {
  PageHeadline h{.name = "MRD, mean return per day",
                 .value = signed_percent_text(s.mrd, 2),
                 .word = std::string(to_string(s.evidence.word)),
                 .tone = tone_of(s.evidence.word),
                 .value_tone = s.mrd && *s.mrd < 0 ? PageTone::bad : tone_of(s.evidence.word),
                 .interval_text = interval_text(s.evidence),
                 .sentences = {evidence_sentence(s), cost_sentence(s), verdict_sentence(s, targets)}};
  if (s.suspect_leak)
    h.sentences.emplace_back(
        "SUSPECT A LEAK FIRST: a backtest this good is more often a mistake than an edge.");
  if (s.evidence.interval && s.evidence.mean) {
    h.interval = PageInterval{s.evidence.interval->low, *s.evidence.mean, s.evidence.interval->high, {}, ""};
    if (targets.mrd_min > 0) {
      h.interval->target = targets.mrd_min;
      h.interval->target_name = "target " + signed_percent_text(targets.mrd_min, 1);
    }
  }
  return h;
}

std::vector<std::string> warnings_of(const RunResult& run, const Summary& s) {
  std::vector<std::string> warnings;
  if (run.synthetic)
    warnings.emplace_back("SYNTHETIC: made-up bars. Nothing on this page says anything about a market.");
  if (run.same_close_fills)
    warnings.emplace_back("NOT ACHIEVABLE: filled at the decision's own close, which no order can get.");
  if (!s.numbers_sound)
    warnings.emplace_back("The run's equity is NOT A NUMBER on some day: no returns are given.");
  if (s.checks.days_not_flat > 0)
    warnings.emplace_back("NOT FLAT at the close of " + std::to_string(s.checks.days_not_flat) + " day(s).");
  if (!run.preflight_override.empty())
    warnings.emplace_back("Traded against a failed pre-flight: " + run.preflight_override);
  return warnings;
}

std::vector<PageFact> evidence_lines(const nlohmann::ordered_json& evidence) {
  std::vector<PageFact> facts;
  append_evidence(evidence, "", facts);
  return facts;
}

PageFacts performance_facts(const RunResult& run, const Summary& s) {
  const bool live = run.mode == "live";
  PageFacts out{.tiles = true};
  const auto add = [&](const char* name, const std::string& value, const std::string& note,
                       PageTone tone = PageTone::plain) { out.facts.push_back({name, value, note, tone}); };
  add("Net result", signed_text(s.net, 0) + " USD",
      signed_percent_text(s.total_return, 2) + " of the capital", tone_of(s.net));
  add("Before costs", signed_text(s.gross, 0) + " USD",
      live ? "the same trades without fees" : "the same trades without spread and fees", tone_of(s.gross));
  add("Costs", number_text(s.costs.total(), 0) + " USD",
      s.bps ? number_text(s.bps->costs.total(), 1) + " bps a day" : "");
  add("Largest drawdown", percent_text(s.drawdown_max, 2), "from a running peak");
  add("Trades", number_text(s.trades, 0), number_text(s.trades_per_day, 1) + " orders filled a day");
  add("Win rate", percent_text(s.win_rate, 1), "of " + number_text(s.round_trips, 0) + " round trips");
  add("Profit factor", number_text(s.profit_factor, 2), "won / lost");
  add("Expectancy", signed_text(s.expectancy_bps, 1) + (s.expectancy_bps ? " bps" : ""), "a round trip, net",
      tone_of(s.expectancy_bps));
  add("Sharpe", signed_text(s.sharpe, 2), "annualised");
  add("Exposure", percent_text(s.exposure, 0), "of equity invested, on average");
  add("Buy and hold", signed_percent_text(s.buy_and_hold.mean_day, 2),
      "mean day of the same instruments, open to close");
  add("Capital", number_text(s.capital_end, 0), "from " + number_text(s.capital_start, 0) + " USD");
  return out;
}

PageFacts evidence_facts(const RunResult& run, const Summary& s) {
  PageFacts out{.facts = evidence_lines(summary_json(run, s).at("evidence"))};
  if (s.bps) {
    out.facts.push_back({"Gross", bps_text(s.bps->gross),
                         run.mode == "live" ? "before fees" : "before spread and fees",
                         tone_of(s.bps->gross)});
    out.facts.push_back({"Cost drag", bps_text(-s.bps->costs.total()), "", PageTone::plain});
    out.facts.push_back({"Net", bps_text(s.bps->net), "", tone_of(s.bps->net)});
  }
  if (s.days > 1)
    out.facts.push_back({"Buy-and-hold MRD", signed_percent_text(s.buy_and_hold.mrd, 2), "no costs"});
  if (s.days > 1)
    out.facts.push_back({"Annualised MRD", signed_percent_text(s.mrd_annualised, 1), "(1 + MRD)^252 − 1"});
  return out;
}

PageFacts criteria_facts(const Summary& s, const Targets& targets) {
  PageFacts out;
  for (const Criterion& c : evaluate_criteria(s, targets)) {
    std::string wanted;
    if (c.low) wanted += "≥\u00a0" + criterion_value(c, c.low);
    if (c.high) wanted += (wanted.empty() ? "≤\u00a0" : ", ≤\u00a0") + criterion_value(c, c.high);
    out.facts.push_back({words_of(c.name), criterion_value(c, c.value),
                         (c.met ? "met: " : "NOT MET: ") + wanted, c.met ? PageTone::plain : PageTone::bad});
  }
  return out;
}

}  // namespace sentio::reports_detail
