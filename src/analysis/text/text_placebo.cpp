// A run beside its placebos: section of the report and of the summary.
#include <cmath>
#include <nlohmann/json.hpp>

#include "sentio/analysis/placebo.h"
#include "text/text_format.h"

namespace sentio {

namespace {

using namespace analysis_detail;

template <class T>
nlohmann::ordered_json or_null(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

std::string rank_of(const PlaceboRank& r) {
  return r.rank ? count(*r.rank) + " of " + count(static_cast<long long>(r.placebos.size()) + 1) : "n/a";
}

nlohmann::ordered_json rank_json(const PlaceboRank& r, const std::string& unit) {
  return {{"run" + unit, or_null(r.run)},
          {"rank", or_null(r.rank)},
          {"p", or_null(r.p)},
          {"placebo_mean" + unit, or_null(r.mean)},
          {"placebo_sd" + unit, or_null(r.sd)},
          {"placebos" + unit, r.placebos}};
}

bool more_than_chance(const PlaceboRank& r) { return r.p && *r.p <= kPlaceboLevel; }

/// p can be as low as 1/(K+1).
int placebos_needed() { return static_cast<int>(std::lround(1 / kPlaceboLevel)) - 1; }

}  // namespace

std::string placebo_sentence(const PlaceboTest& t) {
  if (t.trades == 0) return "The run did not trade: there is nothing to compare.";
  if (t.placebos > 0 && t.ranked == 0) return "No placebo traded: there is nothing to compare with.";
  if (!t.gross_bps.rank) return "There are no numbers to compare.";
  std::string out = "Before costs " + count(*t.gross_bps.rank - 1) + " of " + counted(t.ranked, "placebo", "placebos") +
                    " did at least as well, after costs " + count(*t.mrd.rank - 1) + ": ";
  if (t.ranked < placebos_needed()) return out + "too few to tell; it takes " + count(placebos_needed()) + " or more.";
  if (more_than_chance(t.gross_bps)) {
    return out + (more_than_chance(t.mrd) ? "MORE THAN CHANCE, before and after costs."
                                          : "MORE THAN CHANCE before costs, not after them.");
  }
  out += "NOT MORE THAN CHANCE";
  const bool pays_less = t.costs_bps && t.costs_bps_placebos && *t.costs_bps < *t.costs_bps_placebos;
  if (more_than_chance(t.mrd) && pays_less) out += "; it pays less than its placebos, which is no edge";
  return out + ".";
}

std::string placebo_section(const PlaceboTest& t) {
  const int runs = t.placebos + t.left_out;
  std::string out = "Placebo (the same run with labels of earlier days, signs at random; " +
                    (runs == 1 ? "seed 1" : "seeds 1 to " + count(runs)) + "):\n";
  Table table({"", "This run", "Placebo mean", "Placebo SD", "Rank", "p"});
  const PlaceboRank &mrd = t.mrd, &gross = t.gross_bps;
  table.row({"Gross bps a day", signed_fixed(gross.run, 1), signed_fixed(gross.mean, 1), fixed(gross.sd, 1),
             rank_of(gross), fixed(gross.p, 3)});
  table.row({"Costs bps a day", fixed(t.costs_bps, 1), fixed(t.costs_bps_placebos, 1), "-", "-", "-"});
  table.row({"MRD", signed_percent(mrd.run, 3), signed_percent(mrd.mean, 3), percent(mrd.sd, 3), rank_of(mrd),
             fixed(mrd.p, 3)});
  table.row({"Trades", count(t.trades), t.trades_placebos ? count(std::llround(*t.trades_placebos)) : "n/a", "-", "-", "-"});
  out += table.text();
  out += "  " + placebo_sentence(t) + "\n";
  if (t.gross_bps.p) {
    out += "  p = rank/" + count(t.ranked + 1) + ", so never below " + fixed(1.0 / (t.ranked + 1), 3) +
           ". Gross asks for information; MRD also rewards trading less.\n";
  }
  if (t.left_out > 0) out += "  Left out, since their equity is no number: " + count(t.left_out) + ".\n";
  if (t.without_trades > 0) out += "  Not ranked, since they did not trade: " + count(t.without_trades) + ".\n";
  if (t.distinct < t.ranked) {
    out += "  Of " + count(t.ranked) + " that traded only " + count(t.distinct) + " differ: few earlier days to draw from.\n";
  }
  return out;
}

nlohmann::ordered_json placebo_json(const PlaceboTest& t) {
  return {{"placebos", t.placebos},
          {"left_out", t.left_out},
          {"without_trades", t.without_trades},
          {"ranked", t.ranked},
          {"distinct", t.distinct},
          {"seed_first", 1},
          {"seed_last", t.placebos + t.left_out},
          {"p_min", t.gross_bps.p ? nlohmann::ordered_json(1.0 / (t.ranked + 1)) : nlohmann::ordered_json(nullptr)},
          {"sentence", placebo_sentence(t)},
          {"gross_per_day", rank_json(t.gross_bps, "_bps")},
          {"mrd", rank_json(t.mrd, "_pct")},
          {"costs_per_day", {{"run_bps", or_null(t.costs_bps)}, {"placebo_mean_bps", or_null(t.costs_bps_placebos)}}},
          {"trades", {{"run", t.trades}, {"placebo_mean", or_null(t.trades_placebos)}}}};
}

}  // namespace sentio
