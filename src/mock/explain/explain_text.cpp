#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "sentio/mock/explanation.h"

namespace sentio {

namespace {

constexpr int kNeighbours = 4;  // of the symbol's rank that are shown on either side

class ExplanationPage {
 public:
  [[gnu::format(printf, 2, 3)]] void say(const char* format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    out_ += text;
  }
  void line(const std::string& text) { out_ += text + "\n"; }
  /// Ends a line whose last cells may be empty.
  void end_line() {
    out_.erase(out_.find_last_not_of(' ') + 1);
    out_.push_back('\n');
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// A slope of 0 makes −0 of a negative prediction.
double unsigned_zero(double value) {
  return value == 0 ? 0 : value;
}

void say_heading(ExplanationPage& page, const Explanation& e) {
  const std::string when = format_new_york(e.set_end);
  page.say("%s  %s %s New York, minute %d of %d\n", e.symbol.c_str(), when.substr(0, 10).c_str(),
           when.substr(11, 5).c_str(), e.minutes_after_open, e.session_minutes);
  page.line(e.strategy + ", " + e.config);
  if (e.signal.own.real)
    page.say("Close %.4f USD\n", e.close);
  else if (e.close > 0)
    page.say("Close %.4f USD, %d min old: no bar in this minute\n", e.close, e.signal.own.age);
  else
    page.line("No bar yet");
  if (e.held)
    page.say("Held: %.10g at %.4f USD, %+.3f%%, for %d sets\n", e.qty, e.avg_entry, 100 * e.return_since_entry,
             e.sets_held);
  std::string action = e.action == "none" ? "no entry" : e.action;
  for (char& c : action)
    if (c != ' ') c = static_cast<char>(c - 'a' + 'A');
  page.say("\n%s (%s): %s.\n", action.c_str(), e.reason.c_str(), e.words.c_str());
  if (e.flips.empty()) return;
  page.line(e.action == "hold" || e.exit_gates ? "What would sell or keep it, the nearest first:" : "What it would have taken:");
  for (const std::string& flip : e.flips) page.line("  - " + flip);
}

void say_signal(ExplanationPage& page, const Explanation& e) {
  const SignalOutput& s = e.signal;
  page.say("\nSignal%s\n", s.own.valid ? "" : " (NOT VALID: nothing is decided on it)");
  page.say("  strength %.6f = probability %.6f x confidence %.6f x boost %.2f x staleness %.4f", s.strength,
           s.own.probability, s.own.confidence, e.boost, s.staleness);
  page.line(s.own.probability < 0.5 ? "; 0 below probability 0.5" : "");
  if (e.band_position)
    page.say("  probability %.6f before the Bollinger bands (position %.3f of 0..1)\n", e.plain_probability,
             *e.band_position);
  page.say("  move %+.4f bps, cost %.4f bps, net edge %+.4f bps (k = %g)\n", unsigned_zero(s.move_bps), s.cost_bps,
           unsigned_zero(s.net_edge_bps), e.cost_gate);
}

void say_horizons(ExplanationPage& page, const Explanation& e) {
  page.line("\nHorizons         weight  prediction    sigma  probability  slope b      move  confidence  accuracy  RMSE ratio");
  page.line("                               sigma      bps                           bps              (100 labels)");
  for (const HorizonExplanation& h : e.horizons)
    page.say("  %4d min        %6.3f  %+10.6f  %7.3f  %11.6f  %7.4f  %+8.4f  %10.4f  %8.2f  %10.4f\n", h.minutes,
             h.weight, h.prediction, 1e4 * h.sigma, h.probability, h.slope, unsigned_zero(h.move_bps), h.confidence,
             h.directional_accuracy, h.error_ratio);
}

double contribution_of(const HorizonExplanation& h, int feature) {
  const auto share = std::find_if(h.shares.begin(), h.shares.end(),
                                  [feature](const FeatureShare& s) { return s.feature == feature; });
  return share->contribution;
}

/// Features by the size of their contributions over the horizons, as the probability weighs them.
std::vector<FeatureShare> by_weight(const Explanation& e) {
  std::vector<FeatureShare> features(e.horizons.front().shares.begin(), e.horizons.front().shares.end());
  for (FeatureShare& f : features) {
    f.contribution = 0;
    for (const HorizonExplanation& h : e.horizons) f.contribution += h.weight * std::abs(contribution_of(h, f.feature));
  }
  std::stable_sort(features.begin(), features.end(),
                   [](const FeatureShare& a, const FeatureShare& b) { return a.contribution > b.contribution; });
  return features;
}

void say_attribution(ExplanationPage& page, const Explanation& e, int features_shown) {
  constexpr std::array<const char*, kFeatureGroups> kNames{"momentum", "volatility", "volume"};
  page.say("\nWhy the prediction (weight x standardised feature, in sigma)\n  %-44s", "");
  for (const HorizonExplanation& h : e.horizons) page.say("  %6d min", h.minutes);
  page.line("");
  for (std::size_t g = 0; g < kFeatureGroups; ++g) {
    page.say("  %-44s", kNames[g]);
    for (const HorizonExplanation& h : e.horizons) page.say("  %+10.6f", h.groups[g]);
    page.line("");
  }
  page.say("  %-44s", "sum = prediction");
  for (const HorizonExplanation& h : e.horizons) page.say("  %+10.6f", h.prediction);
  page.say("\n\n  The %d largest of %d features\n", features_shown, kFeatureCount);
  const auto features = by_weight(e);
  for (int i = 0; i < std::min(features_shown, kFeatureCount); ++i) {
    const FeatureShare& f = features[static_cast<std::size_t>(i)];
    const FeatureInfo& info = feature_table()[static_cast<std::size_t>(f.feature)];
    page.say("  %-25s %-10s z %+5.2f", std::string(info.name).c_str(), kNames[static_cast<std::size_t>(info.group)],
             f.z);
    for (const HorizonExplanation& h : e.horizons) page.say("  %+10.6f", contribution_of(h, f.feature));
    page.line("");
  }
}

void say_ranking(ExplanationPage& page, const Explanation& e) {
  page.say("\nRanking by %s\n", e.by_net_edge ? "net edge" : "strength");
  page.line("     rank  symbol   strength  net edge bps   move bps   cost bps  book     decision");
  for (const RankingRow& r : e.ranking) {
    const bool own = r.symbol == e.symbol;
    const bool near = r.rank > 0 && (e.signal.rank == 0 || std::abs(r.rank - e.signal.rank) <= kNeighbours);
    if (!own && !near && r.book.empty() && r.decision.empty()) continue;
    page.say("  %s  %4s  %-6s %10.6f  %+12.4f  %+9.4f  %9.4f  %-7s  %s", own ? ">" : " ",
             r.rank > 0 ? std::to_string(r.rank).c_str() : "-", r.symbol.c_str(), r.strength, unsigned_zero(r.net_edge_bps),
             unsigned_zero(r.move_bps), r.cost_bps, r.book.c_str(), r.decision.c_str());
    page.end_line();
  }
}

/// In brackets: the answer of a condition that was not asked.
const char* state_of(const Gate& gate, bool exit_gates) {
  if (gate.state == Gate::State::passed) return exit_gates ? "no" : "pass";
  if (gate.state == Gate::State::decided) return exit_gates ? "YES" : "STOP";
  if (!gate.strikes) return "-";
  return exit_gates ? "(yes)" : "(stop)";
}

void say_gates(ExplanationPage& page, const Explanation& e) {
  page.line(e.exit_gates ? "\nRules of a position, in the order they are asked (- = not asked)"
                         : "\nConditions of an entry, in the order they are asked (- = not asked)");
  for (const Gate& g : e.gates) {
    page.say("  %-6s  %-21s %s", state_of(g, e.exit_gates), g.name.c_str(), g.text.c_str());
    page.end_line();
  }
}

}  // namespace

std::string explanation_text(const Explanation& e, int features_shown) {
  ExplanationPage page;
  say_heading(page, e);
  say_signal(page, e);
  say_horizons(page, e);
  say_attribution(page, e, features_shown);
  say_ranking(page, e);
  say_gates(page, e);
  return page.take();
}

}  // namespace sentio
