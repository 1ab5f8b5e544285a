/// A run's page: honest words on top, series on the right points, prices from where it says.

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "page_evidence.h"
#include "sentio/page/html_page.h"
#include "sentio/reports/run_page.h"
#include "written_run.h"

namespace sentio {
namespace {

using testing::day;
using testing::three_days;

class RunPage : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write_run(folder_.path(), three_days().captured);
    auto days = read_run_folder(folder_.path(), day(2025, 7, 1), day(2025, 7, 3));
    ASSERT_TRUE(days) << days.error().message();
    days_ = *std::move(days);
  }
  [[nodiscard]] Page page(const std::vector<SymbolBars>& bars = {}) const {
    const RunResult run = joined_run(days_);
    const Targets targets = handbook_targets();
    return run_page({.title = "t", .days = days_, .bars = bars, .missing = {day(2025, 6, 30)}}, run,
                    analyze(run, targets), targets);
  }
  template <class Content>
  static Content content(const Page& page, const std::string& id) {
    for (const PageSection& section : page.sections)
      if (section.id == id) return std::get<Content>(section.content);
    throw std::runtime_error("no section " + id);
  }
  testing::ScratchFolder folder_;
  std::vector<DayRecords> days_;
};

TEST_F(RunPage, EquityAndDrawdownAreThoseOfTheBook) {
  const Page p = page();
  ASSERT_EQ(p.axis.step, 1);
  const auto charts = content<PageCharts>(p, "equity").charts;
  const auto& equity = charts[0].series[0].values;
  ASSERT_EQ(equity.size(), 390U + 390U + 210U);
  EXPECT_EQ(equity[0], days_[0].book[0].equity);
  EXPECT_EQ(equity[390], days_[1].book[0].equity);
  EXPECT_EQ(equity.back(), days_[2].book.back().equity);
  const auto& drawdown = charts[1].series[0].values;
  const double worst = *std::min_element(drawdown.begin(), drawdown.end());
  EXPECT_NEAR(-worst, analyze(joined_run(days_), handbook_targets()).drawdown_max, 1e-9);
}

TEST_F(RunPage, LongRangesAreThinnedToTheLastEquityAndTheWorstDrawdownAndSaySo) {
  std::vector<DayRecords> many;
  for (int i = 0; i < 8; ++i) many.push_back(days_[0]);
  days_ = many;
  const Page p = page();
  EXPECT_EQ(p.axis.step, 2);
  EXPECT_LE(p.axis.points(), static_cast<std::size_t>(kPagePoints));
  const auto charts = content<PageCharts>(p, "equity").charts;
  double peak = days_[0].run.days.front().equity_start;
  for (std::size_t k = 0; k < 195; ++k) {
    double worst = 0;
    for (const BookLine& line : {days_[0].book[2 * k], days_[0].book[2 * k + 1]}) {
      peak = std::max(peak, line.equity);
      worst = std::min(worst, line.equity / peak - 1);
    }
    EXPECT_EQ(charts[0].series[0].values[k], days_[0].book[2 * k + 1].equity);
    EXPECT_NEAR(charts[1].series[0].values[k], worst, 1e-12);
  }
  EXPECT_NE(html_page(p).find("one point per 2 minutes"), std::string::npos);
}

TEST_F(RunPage, EveryExecutionIsAMarkerAtItsMinuteAndPrice) {
  const auto instruments = content<PageInstruments>(page(), "instruments").instruments;
  std::size_t markers = 0, executions = 0;
  for (const PageInstrument& one : instruments) markers += one.markers.size();
  for (const DayRecords& d : days_) executions += d.trades.size();
  EXPECT_EQ(markers, executions);
  const TradeLine& first = days_[0].trades.front();
  const auto found = std::find_if(instruments.begin(), instruments.end(),
                                  [&](const auto& i) { return i.name == first.symbol; });
  ASSERT_NE(found, instruments.end());
  EXPECT_EQ(found->markers.front().price, first.price);
  EXPECT_TRUE(found->markers.front().entry);
  EXPECT_NEAR(found->markers.front().minute,
              static_cast<double>((first.ts - days_[0].hours.open) / std::chrono::minutes{1}), 1);
}

TEST_F(RunPage, SkillIsShownApartFromMoney) {
  const auto skill_of = [](const char* symbol, double low, SkillFlag flag) {
    return SymbolSkill{.symbol = symbol,
                       .pnl = flag == SkillFlag::profit_without_skill ? 10.0 : -10.0,
                       .flag = flag,
                       .horizons = {{.horizon = 1,
                                     .sessions = 5,
                                     .labels = 1940,
                                     .ic = low + 0.05,
                                     .ic_interval = Interval{low, low + 0.1},
                                     .rank_ic = {},
                                     .rank_ic_interval = {},
                                     .hit_rate = 0.52,
                                     .slope = {},
                                     .error = 1.25}}};
  };
  const RunResult run = joined_run(days_);
  const Targets targets = handbook_targets();
  Summary summary = analyze(run, targets);
  const RunPageInput input{.title = "t", .days = days_, .bars = {}, .missing = {}};
  summary.skill.clear();
  EXPECT_THROW(content<PageBars>(run_page(input, run, summary, targets), "skill"), std::runtime_error);
  summary.skill = {skill_of("TQQQ", -0.02, SkillFlag::profit_without_skill),
                   skill_of("UVXY", 0.01, SkillFlag::skill_without_profit)};
  const Page p = run_page(input, run, summary, targets);
  const auto rows = content<PageBars>(p, "skill").rows;
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "TQQQ · 1 bar");
  EXPECT_DOUBLE_EQ(rows[0].value, 0.03);
  EXPECT_EQ(rows[0].cells,
            (std::vector<std::string>{"+0.030", "−0.020 … +0.080", "n/a", "52.0%", "n/a", "1.250", "1,940"}));
  const std::string text = html_page(p);
  EXPECT_NE(text.find("TQQQ: PROFIT WITHOUT SKILL, it made money"), std::string::npos);
  EXPECT_NE(text.find("UVXY: SKILL WITHOUT PROFIT, its predictions come true"), std::string::npos);
  EXPECT_NE(text.find("Of 2 intervals without skill about 0.1 would"), std::string::npos);
}

TEST_F(RunPage, PricesComeFromBarsThatAreThoseOfTheRun) {
  const auto& own = three_days().world.bars;
  const Page p = page(own);
  const PageInstrument one = content<PageInstruments>(p, "instruments").instruments.front();
  EXPECT_EQ(one.note, "Price: closes of recorded bars.");
  const auto bars =
      std::find_if(own.begin(), own.end(), [&](const SymbolBars& b) { return b.symbol == one.name; });
  const auto last = std::find_if(bars->bars.rbegin(), bars->bars.rend(),
                                 [&](const Bar& bar) { return bar.start < days_[0].hours.close; });
  EXPECT_EQ(one.price.values[389], last->close);
}

TEST_F(RunPage, PricesEndWhereARunningDayDoes) {
  DayRecords& running = days_[2];
  running.book.resize(100);
  std::erase_if(running.decisions,
                [&](const DecisionLine& line) { return line.ts > running.book.back().ts; });
  const auto own =
      content<PageInstruments>(page(three_days().world.bars), "instruments").instruments.front().price.values;
  EXPECT_GT(own[780 + 99], 0);
  EXPECT_TRUE(std::isnan(own[780 + 100]));
  const auto noted = content<PageInstruments>(page(), "instruments").instruments.front().price.values;
  EXPECT_TRUE(std::isnan(noted.back()));
}

TEST_F(RunPage, BarsWithOtherPricesAreNotShown) {
  std::vector<SymbolBars> others = three_days().world.bars;
  for (SymbolBars& bars : others)
    for (Bar& bar : bars.bars) bar.close *= 1.1;
  const PageInstrument one = content<PageInstruments>(page(others), "instruments").instruments.front();
  EXPECT_NE(one.note.find("not those of this run"), std::string::npos) << one.note;
  const auto noted = page();
  const auto without = content<PageInstruments>(noted, "instruments").instruments.front();
  EXPECT_NE(without.note.find("only what the run noted"), std::string::npos);
  const auto there =
      std::count_if(without.price.values.begin(), without.price.values.end(), [](double v) { return v > 0; });
  EXPECT_GT(there, 500) << "decisions and marks are prices, too";
}

TEST_F(RunPage, ALosingRunIsCalledLosingAndPaintedAsSuch) {
  std::vector<DayRecords> losing;
  for (int i = 0; i < 8; ++i) {
    losing.push_back(days_[0]);
    DayResult& result = losing.back().run.days.front();
    result.equity_end = result.equity_start * (0.98 + 0.001 * (i % 3));
  }
  days_ = losing;
  const Page p = page();
  EXPECT_EQ(p.headline.word, "LOSING");
  EXPECT_EQ(p.headline.tone, PageTone::bad);
  EXPECT_EQ(p.headline.value_tone, PageTone::bad);
  EXPECT_NE(p.headline.value.find("−"), std::string::npos) << p.headline.value;
  ASSERT_TRUE(p.headline.interval);
  EXPECT_LT(p.headline.interval->high, 0);
}

TEST_F(RunPage, SyntheticDaysSayItOnTop) {
  EXPECT_TRUE(page().warnings.empty());
  days_[1].run.synthetic = true;
  const Page p = page();
  ASSERT_EQ(p.warnings.size(), 1U);
  EXPECT_EQ(p.warnings[0].substr(0, 9), "SYNTHETIC");
}

TEST_F(RunPage, EvidenceComesFromTheSummarysObject) {
  const PageFacts facts = content<PageFacts>(page(), "more-evidence");
  const auto named = [&](const std::string& name) {
    return std::any_of(facts.facts.begin(), facts.facts.end(),
                       [&](const PageFact& f) { return f.name == name; });
  };
  EXPECT_TRUE(named("Mean daily return"));
  EXPECT_TRUE(named("t statistic"));
  EXPECT_FALSE(named("Word")) << "the headline says it";
}

TEST(EvidenceLines, KeysNobodyKnowsAreShownAllTheSame) {
  const auto json = nlohmann::ordered_json::parse(
      R"({"word":"LOSING","mean_day_pct":-0.0123,"effective_days":14,"studentised":{"low_pct":-0.02,"method":"t"},"gain_bps":null})");
  std::string said;
  for (const PageFact& fact : reports_detail::evidence_lines(json))
    said += fact.name + "=" + fact.value + "\n";
  EXPECT_EQ(said,
            "Mean daily return=−1.23%\nEffective days=14\nStudentised: Low=−2.00%\nStudentised: "
            "Method=t\nGain=n/a\n");
}

TEST(EvidenceLines, ProbabilitiesAreNotSignedFigures) {
  const auto json = nlohmann::ordered_json::parse(
      R"({"se_hac_pct":0.0011,"p_two_sided":0.0325,"raw_kurtosis":3.5,"probabilistic_sharpe":0.942,)"
      R"("trials":40,"min_track_record_days":272.9,"deflated_sharpe":null,"interval_state":"given"})");
  std::string said;
  for (const PageFact& fact : reports_detail::evidence_lines(json))
    said += fact.name + "=" + fact.value + "\n";
  EXPECT_EQ(said,
            "Standard error=0.11%\np, two-sided=0.0325\nKurtosis=3.50\nProbabilistic Sharpe=94.2%\n"
            "Trials=40\nMinimum track record=273\nDeflated Sharpe=n/a\n");
}

TEST_F(RunPage, TrialsComeBackFromTheSummaries) {
  EXPECT_EQ(joined_run(days_).trials, 1);
  testing::Captured tried = three_days().captured;
  tried.result.trials = 40;
  testing::write_run(folder_.path(), tried);
  const auto days = read_run_folder(folder_.path(), day(2025, 7, 1), day(2025, 7, 3));
  ASSERT_TRUE(days) << days.error().message();
  EXPECT_EQ(joined_run(*days).trials, 40);
}

TEST_F(RunPage, MissingSessionsAndRunningDaysAreNamed) {
  days_[2].finished = false;
  std::string said;
  for (const std::string& line : content<PageNotes>(page(), "assumptions").lines) said += line + "\n";
  EXPECT_NE(said.find("No files of these sessions; they are not in any figure: 2025-06-30."),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("2025-07-03 is not over"), std::string::npos) << said;
  EXPECT_EQ(content<PageHeatMap>(page(), "days").days.size(), 4U);
}

// Mock fills at the next open half a spread worse: measured against the decision's close, sums must agree.
TEST_F(RunPage, ShortfallIsMeasuredAgainstTheDecisionsClose) {
  double usd = 0;
  std::size_t executions = 0;
  for (const DayRecords& d : days_)
    for (const TradeLine& trade : d.trades)
      for (const DecisionLine& line : d.decisions) {
        const std::string clock =
            format_new_york(line.ts).substr(11, 2) + format_new_york(line.ts).substr(14, 2);
        if (line.symbol != trade.symbol || line.action == "blocked" || line.action == "cancel" ||
            !(line.price > 0))
          continue;
        if (trade.order_id.find("-" + clock + "-") == std::string::npos) continue;
        usd += trade.qty * (trade.price - line.price) * (trade.buy() ? 1 : -1);
        ++executions;
      }
  ASSERT_GT(executions, 50U);
  const PageFact together = content<PageFacts>(page(), "shortfall").facts.at(2);
  EXPECT_NE(together.note.find("over " + std::to_string(executions) + " executions"), std::string::npos)
      << together.note << executions;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s%.2f USD", usd < 0 ? "−" : "+", std::abs(usd));
  std::string note = together.note;
  note.erase(std::remove(note.begin(), note.end(), ','), note.end());
  EXPECT_EQ(note.substr(0, std::string(text.data()).size()), text.data());
}

TEST_F(RunPage, SameRecordsSameBytes) {
  EXPECT_EQ(html_page(page()), html_page(page()));
}

}  // namespace
}  // namespace sentio
