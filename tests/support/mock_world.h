#pragma once
/// A small mock run in memory: configuration, made-up or real bars, captured files.

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "market_data.h"
#include "sentio/mock/mock_driver.h"
#include "synthetic_bars.h"

namespace sentio::testing {

inline Date day(int y, unsigned m, unsigned d) {
  return Date{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
}

inline SymbolInfo instrument(std::string name, double boost, double half_spread_bps, int side) {
  return {.name = std::move(name),
          .leverage = static_cast<double>(side),
          .direction = side > 0 ? "bull" : "bear",
          .underlying = "NONE",
          .boost = boost,
          .half_spread = Bps{half_spread_bps},
          .equity_side = side};
}

inline Universe six_instruments() {
  return Universe({instrument("TQQQ", 1.5, .5, 1), instrument("SQQQ", 1.5, 1, -1), instrument("SPXL", 1.5, .7, 1),
                   instrument("SDS", 1.4, 1, -1), instrument("UVXY", 1.6, 2, -1), instrument("SVXY", 1.3, 2, 1)});
}

inline FeeTable fees_of_2025() {
  return FeeTable({{.from = day(2024, 5, 22), .sec_rate = 27.8e-6, .taf_per_share = 0.000166, .taf_cap = 8.30},
                   {.from = day(2025, 5, 14), .sec_rate = 0, .taf_per_share = 0.000166, .taf_cap = 8.30}});
}

/// Everything a run wrote, by date.
struct Captured {
  std::map<Date, DayFiles> files;
  RunResult result;
  std::string error;
};

struct MockWorld {
  MockOptions options;
  std::vector<SymbolBars> bars;

  [[nodiscard]] Captured run(std::unique_ptr<SignalSource> signals = nullptr) const {
    Captured out;
    MockSinks sinks;
    sinks.day_done = [&](const DayResult& d, const DayFiles& f) {
      out.files[d.date] = f;
      return Result<>{};
    };
    auto result = run_mock(options, bars, sinks, std::move(signals));
    if (result) {
      out.result = *std::move(result);
    } else {
      out.error = result.error().message();
    }
    return out;
  }
};

/// One price in some thirty bars far off; by chance in minutes in a row, too.
inline void print_badly(std::vector<SymbolBars>& bars) {
  Random random(5);
  for (SymbolBars& s : bars) {
    for (Bar& b : s.bars) {
      if (random.uniform() > 0.03) continue;
      double* const fields[] = {&b.open, &b.high, &b.low, &b.close};
      *fields[static_cast<std::size_t>(4 * random.uniform())] *= random.uniform() < 0.5 ? 0.8 : 1.3;
      b.high = std::max({b.open, b.high, b.low, b.close});
      b.low = std::min({b.open, b.high, b.low, b.close});
    }
  }
}

/// The session log's lines about suspect prices.
inline std::vector<std::string> print_lines(const std::string& log) {
  std::vector<std::string> lines;
  std::istringstream in(log);
  for (std::string line; std::getline(in, line);) {
    if (line.find("typical ranges away") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

/// Six random walks over the traded day(s) and the warm-up before them.
inline MockWorld walking_world(Date first, Date last, int warmup, std::uint64_t seed, const WalkOptions& walk = {}) {
  MockWorld world;
  world.options.universe = six_instruments();
  world.options.fees = fees_of_2025();
  world.options.first = first;
  world.options.last = last;
  world.options.range = first != last;
  world.options.warmup_sessions = warmup;
  auto sessions = NyseCalendar::sessions_before(first, warmup);
  for (const auto& s : NyseCalendar::sessions(first, last)) sessions.push_back(s);
  for (const auto& symbol : world.options.universe) {
    world.bars.push_back(walk_bars(symbol.name, sessions, fnv1a(symbol.name) ^ seed, walk));
  }
  return world;
}

/// The real six instruments; call SENTIO_NEEDS_MARKET_DATA() first.
inline MockWorld real_six(Date date, int warmup) {
  MockWorld world = walking_world(date, date, 0, 1);
  world.options.warmup_sessions = warmup;
  world.bars.clear();
  for (const auto& symbol : world.options.universe) {
    world.bars.push_back(*read_bars(market_data() / "six" / (symbol.name + "_RTH_NH.csv.gz")));
  }
  return world;
}

}  // namespace sentio::testing
