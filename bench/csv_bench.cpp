// A year of SPY-sized bars as CSV: our reader against streams and std::stod.

#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sentio/data/csv_bars.h"
#include "synthetic_bars.h"

namespace {

using namespace sentio;

/// 98,000 rows in the project's own layout, written once.
const std::filesystem::path& year_file() {
  static const std::filesystem::path file = [] {
    const auto path = std::filesystem::temp_directory_path() / "SPY_RTH_NH.csv";
    const auto sessions = NyseCalendar::sessions(Date{std::chrono::year{2024} / 1 / 1}, Date{std::chrono::year{2024} / 12 / 31});
    std::ofstream out(path);
    out << "timestamp,open,high,low,close,volume,bar_id\n";
    for (const Bar& b : testing::walk_bars("SPY", sessions, 1, {.start = 500}).bars) {
      out << format_new_york(b.start) << ',' << b.open << ',' << b.high << ',' << b.low << ',' << b.close << ','
          << b.volume << ',' << bar_id("SPY", b.start) << '\n';
    }
    return path;
  }();
  return file;
}

void BM_ReadYearOfBars(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(read_bars(year_file()));
}

void BM_ReadYearOfBars_reference(benchmark::State& state) {
  for (auto _ : state) {
    std::ifstream in(year_file());
    std::vector<Bar> bars;
    std::string line, cell;
    std::getline(in, line);
    while (std::getline(in, line)) {
      std::istringstream row(line);
      Bar bar;
      std::getline(row, cell, ',');
      bar.start = *parse_timestamp(cell);
      for (double* value : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume}) {
        std::getline(row, cell, ',');
        *value = std::stod(cell);
      }
      bars.push_back(bar);
    }
    benchmark::DoNotOptimize(bars);
  }
}

BENCHMARK(BM_ReadYearOfBars)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ReadYearOfBars_reference)->Unit(benchmark::kMillisecond);

}  // namespace
