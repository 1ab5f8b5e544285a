// Prints the table of docs/learnability.md: planted against recovered IC of the learners.
// Usage: learnability FOLDER [SEEDS]   (bars of TQQQ, SSO, TNA and UVXY, April to July 2025)

#include "learnability.h"

#include <cstdio>
#include <cstdlib>

namespace {

using namespace sentio;
using namespace sentio::testing;

struct Learner {
  const char* name;
  LearnerConfig config;
};

std::vector<Learner> learners() {
  LearnerConfig middle = shipped_learner("rotation_params.json");
  middle.ridge = 400;
  LearnerConfig longer = shipped_learner("cost_aware.json");
  longer.lambda = .99995;
  longer.ridge = 100'000;
  return {{"rotation_strategy.json (handbook)", shipped_learner("rotation_strategy.json")},
          {"rotation_params.json", shipped_learner("rotation_params.json")},
          {"the same with ridge 400", middle},
          {"cost_aware.json", shipped_learner("cost_aware.json")},
          {"the same, memory and ridge longer", longer}};
}

const std::vector<double> kPlanted{0, .05, .10};

void print_ics(const std::vector<StandardizedRows>& rows, const LearnerConfig& config, std::uint64_t seeds) {
  for (const LabelNoise noise : {LabelNoise::independent, LabelNoise::overlapping}) {
    for (const RecoveredIc& ic : measure_learnability(rows, config, noise, kPlanted, seeds)) {
      std::printf(" %+.4f (%.4f) |", ic.mean, ic.standard_error);
    }
  }
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t seeds = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : kLearnabilitySeeds;
  if (argc < 2 || argc > 3 || seeds < 2) {
    std::fputs(
        "usage: learnability FOLDER [SEEDS]   (FOLDER holds TQQQ, SSO, TNA and UVXY, April to July 2025)\n",
        stderr);
    return 2;
  }
  std::vector<StandardizedRows> rows;
  for (const char* symbol : {"TQQQ", "SSO", "TNA", "UVXY"}) {
    const auto file = find_bar_file(argv[1], symbol);
    const auto bars = file ? read_bars(*file) : Result<SymbolBars>(tl::unexpected(file.error()));
    if (!bars) {
      std::fprintf(stderr, "learnability: %s\n", bars.error().message().c_str());
      return 3;
    }
    rows.push_back(standardized_rows(*bars, learnability_sessions(), learnability_day(5, 1)));
    std::printf("%s: %zu rows, %zu of them scored\n", symbol, rows.back().z.size(),
                rows.back().z.size() - rows.back().first_scored);
  }
  std::printf(
      "\nMean IC (standard error); i = independent, o = overlapping label noise, behind it the planted IC\n\n"
      "| learner | lambda | ridge | i 0 | i 0.05 | i 0.10 | o 0 | o 0.05 | o 0.10 |\n"
      "|---|---|---|---|---|---|---|---|---|\n");
  for (const Learner& learner : learners()) {
    std::printf("| %s | %g | %g |", learner.name, learner.config.lambda, learner.config.ridge);
    print_ics(rows, learner.config, seeds);
  }
  for (StandardizedRows& symbol : rows) {
    std::printf("| cost_aware.json, %s alone | | |", symbol.symbol.c_str());
    print_ics({symbol}, shipped_learner("cost_aware.json"), seeds);
  }
  return 0;
}
