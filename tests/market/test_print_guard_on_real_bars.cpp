// How often the print guard is wrong on real bars, and what it finds there. The tables it prints are those of
// docs/mathematics.md; no vendor number is repeated.

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "market_data.h"
#include "sentio/core/print_guard.h"
#include "sentio/data/csv_bars.h"

namespace sentio {
namespace {

const Date kBadAfternoon{std::chrono::year{2025} / 4 / 23};  // morning's prices printed into all funds

const std::vector<SymbolBars>& all_bars() {
  static const std::vector<SymbolBars> bars = [] {
    std::vector<SymbolBars> read;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(testing::market_data())) {
      if (entry.path().extension() != ".gz") continue;
      read.push_back(read_bars(entry.path()).value());
    }
    std::ranges::sort(read, {}, &SymbolBars::file);
    return read;
  }();
  return bars;
}

template <class Told>
void guard_all(double ranges, const Told& told) {
  for (const SymbolBars& symbol : all_bars()) {
    PrintGuard guard(ranges);
    Date day{};
    const auto tell = [&](const SettledPrints& settled) {
      for (const auto& print : {settled.above, settled.below}) {
        if (print) told(symbol, *print);
      }
    };
    for (const Bar& bar : symbol.bars) {
      if (const Date date = new_york_date(bar.start); date != day) {
        tell(guard.end_session());
        guard.begin_session();
        day = date;
      }
      tell(guard.next(bar).settled);
    }
    tell(guard.end_session());
  }
}

struct Counts {
  int late = 0;         ///< minutes held back whose prices were real
  int lost = 0;         ///< minutes held back and dropped
  int cut = 0;          ///< highs and lows
  int bad_afternoon = 0;
};

Counts count(double ranges) {
  Counts counts;
  guard_all(ranges, [&](const SymbolBars&, const HeldPrint& print) {
    const bool minute = print.open || print.close;
    if (new_york_date(print.start) == kBadAfternoon) {
      ++counts.bad_afternoon;
    } else if (minute) {
      ++(print.verdict == PrintVerdict::real ? counts.late : counts.lost);
    } else {
      ++counts.cut;
    }
  });
  return counts;
}

TEST(PrintGuardOnRealBars, HoldsNoRealMinuteBack) {
  SENTIO_NEEDS_MARKET_DATA();
  std::size_t bars = 0;
  for (const SymbolBars& symbol : all_bars()) bars += symbol.bars.size();
  EXPECT_EQ(bars, 734'110U);
  const Counts counts = count(PrintGuard::kRanges);
  EXPECT_EQ(counts.late, 0);
  EXPECT_EQ(counts.lost, 0);
  EXPECT_EQ(counts.cut, 1);  // a print of 2020-12-21, which every other minute contradicts
}

TEST(PrintGuardOnRealBars, ByK) {
  SENTIO_NEEDS_MARKET_DATA();
  std::printf("   k  real, late  dropped  cut  2025-04-23\n");
  for (const double k : {8., 10., 12., 15., 18., 20., 25., 30.}) {
    const Counts counts = count(k);
    std::printf("%4.0f  %10d  %7d  %3d  %10d\n", k, counts.late, counts.lost, counts.cut, counts.bad_afternoon);
    EXPECT_EQ(counts.late == 0 && counts.lost == 0, k >= PrintGuard::kRanges) << "k could be smaller, or must be larger";
  }
}

TEST(PrintGuardOnRealBars, IsNotTrippedByHaltsAndTheFastestMinutes) {
  SENTIO_NEEDS_MARKET_DATA();
  std::vector<std::string> tripped;
  guard_all(PrintGuard::kRanges, [&](const SymbolBars& symbol, const HeldPrint& print) {
    const std::string day = format_date(new_york_date(print.start));
    const bool hard = day.starts_with("2020-03") || (day >= "2025-04-03" && day <= "2025-04-10");
    if (hard) tripped.push_back(symbol.symbol + " " + day);
  });
  EXPECT_EQ(tripped, std::vector<std::string>{});
}

// ---- what it finds ---------------------------------------------------------------------------------

constexpr int kFields = 4;  // open, high, low, close

struct Recall {
  int injected[kFields] = {}, found[kFields] = {};
};

/// One price of one bar in some 250 moved by `share` either way (a high up, a low down), the bar kept whole.
Recall inject(double share) {
  std::mt19937_64 random(1);  // its numbers are the standard's
  Recall recall;
  for (const SymbolBars& symbol : all_bars()) {
    PrintGuard guard;
    Date day{};
    int since = 0, field = -1;  // of the bar before, if it was injected
    for (Bar bar : symbol.bars) {
      if (const Date date = new_york_date(bar.start); date != day) {
        (void)guard.end_session();
        guard.begin_session();
        day = date;
        field = -1;
        since = 0;
      }
      const bool inject = field < 0 && ++since > 30 && random() % 250 == 0;
      const int at = inject ? static_cast<int>(random() % kFields) : -1;
      if (inject) {
        const bool up = at == 1 || (at != 2 && random() % 2 == 0);
        double* const fields[] = {&bar.open, &bar.high, &bar.low, &bar.close};
        *fields[at] *= up ? 1 + share : 1 - share;
        bar.high = std::max({bar.open, bar.high, bar.low, bar.close});
        bar.low = std::min({bar.open, bar.high, bar.low, bar.close});
      }
      const SettledPrints settled = guard.next(bar).settled;
      const auto bad = [](const auto& print) { return print && print->verdict == PrintVerdict::bad; };
      if (field >= 0) {
        ++recall.injected[field];
        recall.found[field] += bad(settled.above) || bad(settled.below);
      }
      field = at;
    }
  }
  return recall;
}

TEST(PrintGuardOnRealBars, FindsInjectedPrintsBySize) {
  SENTIO_NEEDS_MARKET_DATA();
  std::printf("   size  open  high   low  close   of each\n");
  for (const auto& [share, least] :
       {std::pair{.005, 0.}, {.01, .1}, {.02, .35}, {.03, .5}, {.05, .75}, {.1, .92}, {.5, .99}}) {
    const Recall recall = inject(share);
    double rates[kFields];
    for (int f = 0; f < kFields; ++f) {
      ASSERT_GT(recall.injected[f], 500);
      rates[f] = static_cast<double>(recall.found[f]) / recall.injected[f];
      EXPECT_GE(rates[f], least) << share << " " << f;
    }
    std::printf("%5.1f %%  %3.0f %% %3.0f %% %3.0f %%  %3.0f %%  %8d\n", 100 * share, 100 * rates[0], 100 * rates[1],
                100 * rates[2], 100 * rates[3], recall.injected[0]);
  }
}

}  // namespace
}  // namespace sentio
