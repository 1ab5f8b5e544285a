#pragma once
/// Why one symbol was or was not traded in one set: everything a decision rested on, as values.
///
/// Units    as the field says; predictions in units of σ_h, fractions unless `_bps`.
/// Errors   explain_sets(): those of run_mock(). A minute outside the day or a symbol outside the universe is a
///          broken invariant.
/// Threads  pure functions; learners do not run ahead, so `jobs` serves the warm-up only.

#include <array>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sentio/features/unified_feature_engine.h"
#include "sentio/mock/mock_driver.h"

namespace sentio {

inline constexpr std::size_t kFeatureGroups = 3;  ///< by FeatureGroup

/// One feature's part in a prediction: w_hj·z_j.
struct FeatureShare {
  int feature = 0;  ///< index into feature_table()
  double z = 0, weight = 0, contribution = 0;
};

struct HorizonExplanation {
  int minutes = 0;
  double weight = 0;      ///< ω_h, of the probability and the confidence
  double prediction = 0;  ///< as in signals_D.jsonl, before rounding
  double sigma = 0;       ///< log return
  double probability = 0;  ///< ½ + ½ tanh(prediction)
  double slope = 0;        ///< b_h of the day
  double move_bps = 0;     ///< 1e4·b_h·prediction·σ_h
  double confidence = 0, directional_accuracy = 0, error_ratio = 0;  ///< of the last 100 labels
  std::array<FeatureShare, kFeatureCount> shares{};                  ///< largest contribution first
  std::array<double, kFeatureGroups> groups{};                       ///< contributions summed
};

/// A condition a symbol had to meet, or one that would have sold it.
struct Gate {
  enum class State : std::uint8_t {
    passed,    ///< asked; it did not decide
    decided,   ///< asked; it stopped the entry, sold the position or kept it
    not_asked  ///< settled before, or not a question for this symbol
  };
  std::string name;  ///< a Reason, or the filter before the rules
  State state = State::passed;
  bool strikes = false;                ///< what it would have said where it was not asked
  std::optional<double> value, limit;  ///< as RuleCheck and the filters have them
  std::string text;                    ///< both in words, with their units
};

struct RankingRow {
  std::string symbol;
  int rank = 0;
  double strength = 0, net_edge_bps = 0, move_bps = 0, cost_bps = 0;
  bool passes = false;
  std::string book;      ///< "held", "buying", "selling" or empty, as the set began
  std::string decision;  ///< "enter entered", "blocked cost_gate"; empty = none
};

/// One symbol in one set, as a person asks about it.
/// Members  more than twenty: an answer each, in the order they are printed.
struct Explanation {
  std::string strategy, config, symbol, signal_line;  ///< signal_line: the symbol's line of signals_D.jsonl
  std::vector<std::string> decision_lines;            ///< its lines of decisions_D.jsonl, those of the book included
  TimePoint set_end{};
  int minutes_after_open = 0, session_minutes = 390;
  double close = 0;  ///< last real close, USD
  SignalOutput signal;
  double boost = 1;
  double plain_probability = 0;         ///< before Bollinger amplification
  std::optional<double> band_position;  ///< u of that amplification; empty where it is off or the bar is not real
  std::vector<HorizonExplanation> horizons;
  double cost_gate = 0;
  bool by_net_edge = false;
  std::vector<RankingRow> ranking;  ///< by rank, then those without one by name
  bool held = false;
  double qty = 0, avg_entry = 0, return_since_entry = 0;
  int sets_held = 0;
  bool exit_gates = false;  ///< `gates` are the rules of a position; else of an entry
  std::vector<Gate> gates;  ///< in the order they are asked
  std::string action;       ///< enter, exit, cancel, blocked, hold, none
  std::string reason;       ///< the Reason or filter that decided; "none" where nothing did
  std::string words;        ///< the same in words
  std::vector<std::string> flips;  ///< what would have made it otherwise
};

/// A symbol at a set of the day; minute 0 is the first.
struct ExplainedSet {
  int minute = 0;
  SymbolId symbol = 0;
};

/// Replays warm-up and the one day of `options` as run_mock() does and looks at each of `sets` before its orders
/// leave. Answers in the order of `sets`.
[[nodiscard]] Result<std::vector<Explanation>> explain_sets(
    const MockOptions& options, const std::vector<SymbolBars>& bars, std::span<const ExplainedSet> sets,
    const std::function<void(const std::string&)>& warning = {});

/// A page for people: ends with a newline.
[[nodiscard]] std::string explanation_text(const Explanation& explanation, int features_shown = 10);
/// Stable keys (docs/user-guide.md, "Why a set was traded").
[[nodiscard]] nlohmann::ordered_json explanation_json(const Explanation& explanation);

}  // namespace sentio
