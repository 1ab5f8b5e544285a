// Damaged files end in a Result, never in a crash. The seed is fixed: a failure repeats.

#include <random>

#include "csv_files.h"

namespace sentio {
namespace {

using testing::gzipped;
using testing::TemporaryFolder;

std::string sample(const std::string& header, const std::string& prefix, const std::string& tail) {
  std::string text = header + "\n";
  const auto session = NyseCalendar::session(parse_date("2025-07-03").value()).value();
  for (int i = 0; i <= session.minutes; i += 7) {
    text += prefix + format_new_york(session.minute_start(i)) + ",10.5,11,9.25,10,100" + tail + "\n";
  }
  return text;
}

class Mutator {
 public:
  std::string mutate(std::string text) {
    const int changes = 1 + static_cast<int>(random_() % 4);
    for (int i = 0; i < changes && !text.empty(); ++i) {
      const auto at = random_() % text.size();
      switch (random_() % 4) {
        case 0:
          text[at] = static_cast<char>(random_());
          break;
        case 1:
          text.erase(at, random_() % 8);
          break;
        case 2:
          text.insert(at, 1 + random_() % 3, kTokens[random_() % kTokens.size()]);
          break;
        default:
          text.resize(at);
          break;
      }
    }
    return text;
  }

 private:
  static constexpr std::string_view kTokens{",\n\r#-+.:eE0 9\0T\xff", 17};
  std::mt19937 random_{20250703};
};

/// Whatever was read keeps the promises of SymbolBars.
void expect_sound(const SymbolBars& bars) {
  for (std::size_t i = 0; i < bars.bars.size(); ++i) {
    const Bar& bar = bars.bars[i];
    ASSERT_TRUE(i == 0 || bars.bars[i - 1].start < bar.start);
    ASSERT_TRUE(bar.low > 0 && bar.low <= bar.high && bar.open >= bar.low && bar.close <= bar.high &&
                bar.volume >= 0);
    ASSERT_TRUE(NyseCalendar::session(new_york_date(bar.start))->minute_of(bar.start).has_value());
  }
}

struct Outcome {
  int read = 0, refused = 0;
};

template <class Read>
Outcome run(const std::string& text, bool packed, int rounds, Read&& read) {
  const TemporaryFolder folder;
  Mutator mutator;
  Outcome outcome;
  const std::string original = packed ? gzipped(text) : text;
  for (int i = 0; i < rounds; ++i) {
    const auto result = read(folder.write("SPY_RTH_NH.csv", mutator.mutate(original)));
    if (result) {
      ++outcome.read;
    } else {
      ++outcome.refused;
      EXPECT_FALSE(result.error().where.empty());
      EXPECT_EQ(result.error().message().find('\n'), std::string::npos) << result.error().message();
    }
  }
  return outcome;
}

TEST(CsvFuzz, MutatedFilesOfOneSymbolAlwaysGiveAResult) {
  const std::string rows[] = {sample("timestamp,open,high,low,close,volume,bar_id", "", ",1"),
                              sample("ts_utc,open,high,low,close,volume,vwap", "", ",10.1")};
  for (const auto& text : rows) {
    const auto outcome = run(text, false, 2000, [](const auto& file) {
      auto found = read_bars(file);
      if (found) expect_sound(*found);
      return found;
    });
    EXPECT_GT(outcome.read, 20);
    EXPECT_GT(outcome.refused, 1000);
  }
}

TEST(CsvFuzz, MutatedFilesOfManySymbolsAlwaysGiveAResult) {
  const auto text = sample("symbol,timestamp,open,high,low,close,volume,bar_id", "TQQQ,", ",1");
  const auto outcome = run(text, false, 2000, [](const auto& file) {
    auto found = read_multi_symbol_bars(file);
    if (found) {
      for (const auto& bars : *found) expect_sound(bars);
    }
    return found;
  });
  EXPECT_GT(outcome.refused, 1000);
}

TEST(CsvFuzz, MutatedGzipAlwaysGivesAResult) {
  const auto text = sample("timestamp,open,high,low,close,volume,bar_id", "", ",1");
  const auto outcome = run(text, true, 2000, [](const auto& file) { return read_bars(file); });
  EXPECT_GT(outcome.refused, 1900);
}

}  // namespace
}  // namespace sentio
