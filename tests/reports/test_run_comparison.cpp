/// Live beside mock: what is equal, what is not, and where the dollars are.

#include <gtest/gtest.h>

#include "sentio/reports/run_comparison.h"
#include "written_run.h"

namespace sentio {
namespace {

using testing::day;
using testing::three_days;

const Date kDate = day(2025, 7, 2);

class Comparison : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto& folder : {live_folder_, mock_folder_}) {
      std::filesystem::create_directories(folder);
      testing::write_run(folder, three_days().captured);
    }
    auto days = read_run_folder(live_folder_, kDate, kDate, {.signals = false});
    ASSERT_TRUE(days) << days.error().message();
    live_ = mock_ = days->front();
    ASSERT_GT(live_.trades.size(), 20U);
  }
  [[nodiscard]] DayComparison compare() const { return compare_trades(live_, mock_); }
  /// The first order of a side, whose every execution is one line here.
  TradeLine& first(const std::string& side) {
    return *std::find_if(live_.trades.begin(), live_.trades.end(), [&](const auto& t) { return t.side == side; });
  }
  void live_earns(double usd) { live_.run.days.front().equity_end += usd; }

  testing::ScratchFolder scratch_;
  const std::filesystem::path live_folder_ = scratch_ / "live", mock_folder_ = scratch_ / "mock";
  DayRecords live_, mock_;
};

TEST_F(Comparison, EqualDaysHaveNothingToSay) {
  const auto day = compare_days(live_, live_folder_, mock_, mock_folder_);
  ASSERT_TRUE(day) << day.error().message();
  EXPECT_FALSE(day->difference);
  EXPECT_GT(day->signals, 2000);
  EXPECT_EQ(day->fills_differ + day->only_live + day->only_mock, 0);
  EXPECT_TRUE(day->fills.empty());
  EXPECT_EQ(day->money.total(), 0);
  EXPECT_NEAR(day->money.rest, 0, 1e-9);
}

TEST_F(Comparison, TheFirstOtherSignalIsNamedWithItsLine) {
  const auto file = live_folder_ / testing::file_of("signals_", kDate, ".jsonl");
  std::string text = *read_text_file(file);
  std::size_t at = 0;
  for (int line = 1; line < 41; ++line) at = text.find('\n', at) + 1;
  text.insert(at + 1, " ");
  ASSERT_TRUE(write_file_atomically(file, text));
  const auto day = compare_days(live_, live_folder_, mock_, mock_folder_);
  ASSERT_TRUE(day);
  EXPECT_EQ(day->signals, 40);
  ASSERT_TRUE(day->difference);
  EXPECT_EQ(day->difference->substr(0, file.string().size() + 6), file.string() + ":41: {");
  EXPECT_NE(day->difference->find((mock_folder_ / file.filename().string()).string() + ":41: "), std::string::npos);
}

TEST_F(Comparison, AShorterFileDiffersWhereItEnds) {
  const auto file = live_folder_ / testing::file_of("signals_", kDate, ".jsonl");
  const std::string text = *read_text_file(file);
  ASSERT_TRUE(write_file_atomically(file, text.substr(0, text.find('\n') + 20)));  // one line, one torn
  const auto day = compare_days(live_, live_folder_, mock_, mock_folder_);
  ASSERT_TRUE(day);
  ASSERT_TRUE(day->difference);
  EXPECT_EQ(*day->difference->begin(), '/');
  EXPECT_NE(day->difference->find(":2: no such line"), std::string::npos) << *day->difference;
}

TEST_F(Comparison, ABetterPriceIsMoneyOfThePrice) {
  TradeLine& sale = first("sell");
  sale.price += 0.02;
  live_earns(sale.qty * 0.02);
  const DayComparison day = compare();
  EXPECT_EQ(day.fills_differ, 1);
  ASSERT_EQ(day.fills.size(), 1U);
  EXPECT_NEAR(day.fills[0].live_price - day.fills[0].mock_price, 0.02, 1e-9);
  EXPECT_NEAR(day.money.price, sale.qty * 0.02, 1e-6);
  EXPECT_NEAR(day.money.total(), day.money.price, 1e-6);
  EXPECT_NEAR(day.money.trades, 0, 1e-6);
  EXPECT_NEAR(day.money.rest, 0, 1e-6);
}

TEST_F(Comparison, ADearerBuyCostsAndFeesAreApart) {
  TradeLine& buy = first("buy");
  buy.price += 0.01;
  buy.fees += 1.5;
  live_earns(-buy.qty * 0.01 - 1.5);
  const DayComparison day = compare();
  EXPECT_NEAR(day.money.price, -buy.qty * 0.01, 1e-6);
  EXPECT_NEAR(day.money.fees, -1.5, 1e-9);
  EXPECT_NEAR(day.money.rest, 0, 1e-6);
}

TEST_F(Comparison, ExecutionsOfOneOrderAreOneFill) {
  TradeLine& buy = first("buy");
  TradeLine half = buy;
  half.qty = buy.qty = buy.qty / 2;
  half.fees = buy.fees = buy.fees / 2;
  live_.trades.insert(live_.trades.begin(), half);
  const DayComparison day = compare();
  EXPECT_EQ(day.fills_differ + day.only_live + day.only_mock, 0);
}

TEST_F(Comparison, ExecutionCostsStandBesideEachOther) {
  double assumed = 0;
  for (const TradeLine& trade : mock_.trades) assumed += trade.spread_cost;
  DayResult& lived = live_.run.days.front();
  lived.executions_measured = true;
  for (TradeLine& trade : live_.trades) {
    ExecutionPrices& e = lived.executions.emplace_back();
    e.symbol = trade.symbol;
    e.side = trade.side;
    e.qty = trade.qty;
    e.price = trade.price;
    e.minute_open = trade.buy() ? trade.price - 0.02 : trade.price + 0.02;
    trade.spread_cost = 0;
  }
  lived.executions.front().minute_open = NAN;
  double measured = 0;
  for (std::size_t i = 1; i < live_.trades.size(); ++i) measured += 0.02 * live_.trades[i].qty;
  const DayComparison day = compare();
  EXPECT_NEAR(day.execution.live_measured, measured, 1e-6);
  EXPECT_NEAR(day.execution.mock_assumed, assumed, 1e-9);
  EXPECT_EQ(day.execution.live_not_measured, 1);
  EXPECT_EQ(day.execution.live_executions, static_cast<int>(live_.trades.size()));
  double symbols = 0;
  for (const ExecutionDifference& symbol : day.execution_by_symbol) symbols += symbol.total();
  EXPECT_NEAR(symbols, day.execution.total(), 1e-6);
  const std::string text = comparison_text({day});
  EXPECT_NE(text.find("Execution costs: live measured +"), std::string::npos) << text;
  EXPECT_NE(text.find("(1 not measured), mock assumed +"), std::string::npos) << text;
}

TEST_F(Comparison, WithoutACommonNameTheMinuteMatches) {
  first("buy").order_id = "other";
  EXPECT_EQ(compare().only_live, 0);
  EXPECT_EQ(compare().only_mock, 0);
  first("buy").ts += std::chrono::minutes(1);
  first("buy").order_id = "other";
  EXPECT_EQ(compare().only_live, 1);
  EXPECT_EQ(compare().only_mock, 1);
}

TEST_F(Comparison, ARoundTripOnlyMockMadeIsMissingMoney) {
  const std::string symbol = live_.trades.front().symbol;
  // Of one symbol, its first order in and its first out.
  double pnl = 0, fees = 0;
  for (const char* side : {"buy", "sell"}) {
    const auto at = std::find_if(live_.trades.begin(), live_.trades.end(), [&](const TradeLine& t) {
      return t.symbol == symbol && t.side == side;
    });
    pnl += (at->buy() ? -1 : 1) * at->qty * at->price;
    fees += at->fees;
    live_.trades.erase(at);
  }
  live_earns(-(pnl - fees));
  const DayComparison day = compare();
  EXPECT_EQ(day.only_mock, 2);
  EXPECT_NEAR(day.money.trades, -pnl, 1e-6);
  EXPECT_NEAR(day.money.fees, fees, 1e-9);
  EXPECT_NEAR(day.money.rest, 0, 1e-6);
  EXPECT_NE(comparison_text({day}).find("live nothing, mock "), std::string::npos);
}

TEST_F(Comparison, FewerSharesAreMissingTradesNotPrice) {
  TradeLine& sale = first("sell");
  const double price = sale.price;
  sale.qty -= 10;
  const DayComparison day = compare();
  EXPECT_NEAR(day.money.price, 0, 1e-6);
  EXPECT_NEAR(day.money.trades, -10 * price, 1e-6);
  EXPECT_NEAR(day.money.rest, 10 * price, 1e-6) << "the shares are still held: the book says so";
}

}  // namespace
}  // namespace sentio
