#include <gtest/gtest.h>

#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/strategy/multi_symbol_oes_manager.h"
#include "synthetic_bars.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;

Universe two() {
  return Universe({{.name = "AAA", .boost = 1.0}, {.name = "BBB", .boost = 1.5}});
}

std::vector<SessionHours> sessions(int n) { return NyseCalendar::sessions_before(Date{2025y / 9 / 1}, n); }

/// Steps one session through a manager, minute by minute.
class Day {
 public:
  Day(const SessionHours& hours, const std::vector<SymbolBars>& bars) : hours_(hours) {
    for (const auto& s : bars) {
      auto& row = rows_.emplace_back(static_cast<std::size_t>(hours.minutes));
      for (const Bar& b : s.bars) {
        if (const auto m = hours.minute_of(b.start)) row[static_cast<std::size_t>(*m)] = b;
      }
    }
  }
  std::vector<SynchronizedBarSet> sets(MultiSymbolDataManager& data) const {
    std::vector<SynchronizedBarSet> all;
    data.begin_session(hours_);
    std::vector<std::optional<Bar>> minute(rows_.size());
    for (int i = 0; i < hours_.minutes; ++i) {
      for (std::size_t s = 0; s < rows_.size(); ++s) minute[s] = rows_[s][static_cast<std::size_t>(i)];
      all.push_back(data.step(i, minute));
    }
    return all;
  }
  [[nodiscard]] const SessionHours& hours() const { return hours_; }

 private:
  SessionHours hours_;
  std::vector<std::vector<std::optional<Bar>>> rows_;
};

std::vector<SymbolBars> bars_of(const std::vector<SessionHours>& days, double missing = 0.05) {
  return {testing::walk_bars("AAA", days, 1, {.missing = missing}), testing::walk_bars("BBB", days, 2)};
}

std::vector<std::vector<SymbolSignal>> run(MultiSymbolOesManager& oes, const std::vector<SessionHours>& days,
                                           const std::vector<SymbolBars>& bars, bool ahead) {
  std::vector<std::vector<SymbolSignal>> all;
  MultiSymbolDataManager data(DataConfig{}, 2);
  for (const auto& hours : days) {
    const auto sets = Day(hours, bars).sets(data);
    oes.begin_session(hours, hours.minutes - 2);
    if (ahead) {
      for (SymbolId s : {SymbolId{1}, SymbolId{0}}) {  // the order must not matter
        std::vector<SyncBar> minutes;
        for (const auto& set : sets) minutes.push_back(set.bars[s]);
        oes.run_ahead(s, minutes);
      }
    }
    for (const auto& set : sets) {
      const auto signals = oes.step(set);
      all.emplace_back(signals.begin(), signals.end());
    }
    (void)oes.end_session();
  }
  return all;
}

TEST(MultiSymbolOes, RunningAheadChangesNothing) {
  const auto days = sessions(4);
  const auto bars = bars_of(days);
  MultiSymbolOesManager stepped(LearnerConfig{}, two()), ahead(LearnerConfig{}, two());
  EXPECT_EQ(run(stepped, days, bars, false), run(ahead, days, bars, true));
}

TEST(MultiSymbolOes, OneSymbolKnowsNothingOfTheOther) {
  const auto days = sessions(3);
  auto bars = bars_of(days);
  MultiSymbolOesManager a(LearnerConfig{}, two()), b(LearnerConfig{}, two());
  const auto before = run(a, days, bars, false);
  bars[1] = testing::walk_bars("BBB", days, 77, {.volatility = 3e-3});
  const auto after = run(b, days, bars, false);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i][0], after[i][0]) << i;
}

TEST(MultiSymbolOes, SignalsOnlyAfterWarmUpRowsAndNeverWhenStale) {
  const auto days = sessions(3);
  auto bars = bars_of(days, 0);
  // A hole of ten minutes on the last day: five fills keep the signal, then it is gone.
  std::erase_if(bars[0].bars, [&](const Bar& b) {
    return b.start >= days[2].minute_start(100) && b.start < days[2].minute_start(110);
  });
  LearnerConfig config;
  MultiSymbolOesManager oes(config, two());
  const auto signals = run(oes, days, bars, false);
  for (int i = 0; i < 390; ++i) EXPECT_FALSE(signals[static_cast<std::size_t>(i)][0].valid) << i;  // z-scores
  EXPECT_FALSE(signals[390 + 50][0].valid);   // fewer than 100 learned rows
  EXPECT_TRUE(signals[390 + 200][0].valid);
  EXPECT_TRUE(signals[780 + 99][0].valid);
  EXPECT_TRUE(signals[780 + 104][0].valid);
  EXPECT_EQ(signals[780 + 104][0].age, 5);
  EXPECT_EQ(signals[780 + 104][0].probability, signals[780 + 99][0].probability);
  EXPECT_FALSE(signals[780 + 105][0].valid);
  EXPECT_TRUE(signals[780 + 110][0].valid);
}

TEST(MultiSymbolOes, ResumesBitForBit) {
  const auto days = sessions(5);
  const auto bars = bars_of(days);
  const std::vector<SessionHours> first(days.begin(), days.begin() + 3), rest(days.begin() + 3, days.end());
  MultiSymbolOesManager whole(LearnerConfig{}, two()), resumed(LearnerConfig{}, two());
  (void)run(whole, first, bars, false);
  ByteWriter out;
  whole.save(out);
  ByteReader in(out.bytes());
  ASSERT_TRUE(resumed.load(in).has_value());
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(run(whole, rest, bars, false), run(resumed, rest, bars, true));
}

TEST(MultiSymbolOes, RefusesATruncatedState) {
  MultiSymbolOesManager a(LearnerConfig{}, two()), b(LearnerConfig{}, two());
  ByteWriter out;
  a.save(out);
  const auto& bytes = out.bytes();
  ByteReader in(std::span<const std::uint8_t>(bytes).first(bytes.size() - 1));
  EXPECT_FALSE(b.load(in).has_value());
}

TEST(MultiSymbolOesDeathTest, NoticesBarsThatDifferFromThoseRunAhead) {
  const auto days = sessions(1);
  const auto bars = bars_of(days, 0);
  MultiSymbolOesManager oes(LearnerConfig{}, two());
  MultiSymbolDataManager data(DataConfig{}, 2);
  auto sets = Day(days[0], bars).sets(data);
  oes.begin_session(days[0], 388);
  std::vector<SyncBar> minutes;
  for (const auto& set : sets) minutes.push_back(set.bars[0]);
  oes.run_ahead(0, minutes);
  sets[0].bars[0].bar.close += 0.01;
  EXPECT_DEATH((void)oes.step(sets[0]), "ahead_bars");
}

}  // namespace
}  // namespace sentio
