#pragma once
/// A run beside the same run with labels that carry no information: is it more than chance and the rules give?
///
/// Model    rank 1 = the best of the run and its K placebos; a placebo that does as well stands before the run.
///          p = rank / (K + 1) = (1 + #{placebo >= run}) / (K + 1), never below 1 / (K + 1) (Phipson & Smyth 2010).
///          Two ranks: by gross return a day, which a run without information earns 0 of whatever it trades, and by
///          MRD, which also rewards trading less. A run that traded is compared with the placebos that did: a placebo
///          that earned exactly nothing would stand before every loser and behind every winner.
/// Units    MRDs are fractions (0.005 = +0.5 %); gross and costs are 1e-4 of a day's opening equity, mean over days.
/// Errors   a quantity that does not exist is an empty optional. Never NaN.
/// Threads  pure functions.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sentio/analysis/summary.h"

namespace sentio {

/// What of a run is compared.
struct PlaceboOutcome {
  std::optional<double> mrd, gross_bps, costs_bps;  ///< all or none
  int trades = 0;                                   ///< orders with a fill
  friend bool operator==(const PlaceboOutcome&, const PlaceboOutcome&) = default;
};
[[nodiscard]] PlaceboOutcome placebo_outcome(const Summary& summary);

struct PlaceboRank {
  std::optional<double> run;
  std::vector<double> placebos;  ///< by seed
  std::optional<double> mean, sd;  ///< of `placebos`; sd from two on
  std::optional<int> rank;
  std::optional<double> p;
};

struct PlaceboTest {
  int placebos = 0;        ///< that gave numbers
  int left_out = 0;        ///< that gave none
  int without_trades = 0;  ///< of `placebos`; not ranked
  int ranked = 0;          ///< the others: K of the ranks
  int distinct = 0;        ///< outcomes that differ, of the ranked
  PlaceboRank mrd, gross_bps;
  std::optional<double> costs_bps, costs_bps_placebos, trades_placebos;  ///< of the run, mean and mean of the ranked
  int trades = 0;          ///< of the run
};

inline constexpr double kPlaceboLevel = 0.05;  ///< p at or below it is called more than chance

[[nodiscard]] PlaceboTest judge_placebos(const PlaceboOutcome& run, std::span<const PlaceboOutcome> placebos);

/// What the ranks say, as one sentence.
[[nodiscard]] std::string placebo_sentence(const PlaceboTest& test);
/// The report's section, ending with a newline.
[[nodiscard]] std::string placebo_section(const PlaceboTest& test);
/// The section "placebo" of a summary.
[[nodiscard]] nlohmann::ordered_json placebo_json(const PlaceboTest& test);

}  // namespace sentio
