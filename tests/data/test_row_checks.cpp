#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "check_cases.h"
#include "csv_files.h"

namespace sentio {
namespace {

using testing::summary;

using Lines = std::vector<std::string>;

constexpr const char* kHeader = "timestamp,open,high,low,close,volume\n";

std::string row(const std::string& minute, const std::string& numbers = "10,11,9,10,100") {
  return "2025-09-26T" + minute + ":00-04:00," + numbers + "\n";
}

BarRows rows_of(const std::string& text) {
  const testing::TemporaryFolder folder;
  auto rows = read_rows(folder.write("SPY_RTH_NH.csv", text));
  EXPECT_TRUE(rows.has_value()) << rows.error().message();
  return rows.value_or(BarRows{});
}

struct RowCase {
  std::string name, rows;
  Lines expected;
  std::string said;  // part of the last finding's text
  friend void PrintTo(const RowCase& row, std::ostream* out) { *out << row.name; }
};

class CheckRows : public ::testing::TestWithParam<RowCase> {};

TEST_P(CheckRows, FindsWhatTheReaderRefusesAndGoesOn) {
  const RowCase& c = GetParam();
  const BarRows rows = rows_of(kHeader + c.rows);
  const Findings found = check_rows(rows);
  EXPECT_EQ(summary(found), c.expected);
  if (!found.empty()) {
    EXPECT_EQ(found.back().symbol, "SPY");
    EXPECT_NE(found.back().text.find(c.said), std::string::npos) << found.back().text;
  }
}

const std::string kThree = row("09:30") + row("09:31") + row("09:32");

INSTANTIATE_TEST_SUITE_P(
    Rows, CheckRows,
    ::testing::Values(
        RowCase{"Sound", kThree, {}, ""},
        RowCase{"Unreadable",
                kThree + row("09:33", "a,1,1,1,1") + "x\n" + row("09:35"),
                {"refused bad_row x2"},
                "SPY_RTH_NH.csv:5: open 'a'"},
        RowCase{"HeaderAgain",
                kThree + kHeader + row("09:33"),
                {"refused bad_row x1"},
                "time 'timestamp' cannot be read"},
        RowCase{"NotANumber", kThree + row("09:33", "10,nan,9,10,1"), {"refused bad_row x1"}, "high 'nan'"},
        RowCase{"ZeroBytes", kThree + std::string(40, '\0'), {"refused bad_row x1"}, "????"},
        RowCase{"HighBelowLow",
                kThree + row("09:33", "10,8,9,10,1"),
                {"refused bad_number x1"},
                "SPY_RTH_NH.csv:5: high 8 is below low 9"},
        RowCase{"CloseOutside",
                kThree + row("09:33", "10,11,9,12,1"),
                {"refused bad_number x1"},
                "close 12 is outside low 9 to high 11"},
        RowCase{"NotPositive",
                row("09:30", "0,0,0,0,0") + row("09:31", "-1,-1,-1,-1,0"),
                {"refused bad_number x2"},
                "low 0 is not a positive"},
        RowCase{
            "NegativeVolume", kThree + row("09:33", "10,11,9,10,-1"), {"refused bad_number x1"}, "volume -1"},
        RowCase{"PriceBeyondEveryMarket",
                kThree + row("09:33", "1e8,1e8,1e8,1e8,1"),
                {"refused bad_number x1"},
                "above 1e+06 USD"},
        RowCase{"VolumeBeyondEveryMarket",
                kThree + row("09:33", "10,11,9,10,1e20"),
                {"refused bad_number x1"},
                "shares in a minute"},
        RowCase{"AtTheLimits", kThree + row("09:33", "1000000,1000000,1000000,1000000,10000000000"), {}, ""},
        RowCase{"TwiceTheSame",
                kThree + row("09:32"),
                {"refused duplicate x1"},
                ", 0 of them with other numbers"},
        RowCase{"TwiceWithOtherNumbers",
                kThree + row("09:32", "10,11,9,9,1"),
                {"refused duplicate x1"},
                ", 1 of them with other numbers"},
        RowCase{
            "ABlockTwice", kThree + kThree, {"refused duplicate x3"}, "SPY_RTH_NH.csv:5: 2025-09-26 09:30"},
        RowCase{"Exchanged",
                row("09:31") + row("09:30") + row("09:32"),
                {"refused out_of_order x1"},
                "09:30 follows 2025-09-26 09:31"},
        RowCase{"NewestFirst",
                row("09:32") + row("09:31") + row("09:30"),
                {"refused out_of_order x2"},
                "newest comes first"}),
    [](const auto& c) { return c.param.name; });

TEST(CheckRowsOfTwoClocks, ComparesTheTextWithTheEpoch) {
  const std::string header = "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n";
  const std::string numbers = ",10,11,9,10,100\n";
  const std::string sound =
      header + "2025-09-26T09:30:00-04:00,1758893400" + numbers + "2025-09-26T13:31:00Z,1758893460" + numbers;
  EXPECT_TRUE(check_rows(rows_of(sound)).empty());
  const Findings found = check_rows(rows_of(sound + "2025-09-26T09:32:00-05:00,1758893520" + numbers));
  EXPECT_EQ(summary(found), Lines{"refused two_clocks x1"});
  EXPECT_NE(
      found[0].text.find(
          "SPY_RTH_NH.csv:4: '2025-09-26T09:32:00-05:00' beside an epoch that is 2025-09-26T09:32:00-04:00"),
      std::string::npos)
      << found[0].text;
}

TEST(CheckRows, TakeNumbersThatNoFileHolds) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                   kInf = std::numeric_limits<double>::infinity();
  const Bar sound{testing::at("2025-09-26 09:30"), 10, 11, 9, 10, 100};
  EXPECT_EQ(bar_problem(sound), "");
  for (double Bar::*field : {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::volume}) {
    for (const double value : {kNan, kInf, -kInf}) {
      Bar bar = sound;
      bar.*field = value;
      BarRows rows{.symbol = "SPY", .bars = {bar}};
      EXPECT_EQ(summary(check_rows(rows)), Lines{"refused bad_number x1"}) << value;
      EXPECT_TRUE(make_history("SPY", {bar}).bars.empty()) << value;
    }
  }
}

TEST(ReadRows, KeepsTheOrderTheLinesAndTheWantedDates) {
  const testing::TemporaryFolder folder;
  const auto file =
      folder.write("SPY_RTH_NH.csv", "# SYNTHETIC\n" + std::string(kHeader) + row("09:32") + row("16:00") +
                                         "2025-09-29T09:30:00-04:00,1,1,1,1,1\n" + row("09:30"));
  const BarRows rows = read_rows(file, {.last = testing::day("2025-09-26")}).value();
  EXPECT_TRUE(rows.synthetic);
  EXPECT_EQ(rows.lines, (std::vector<int>{3, 4, 6}));
  EXPECT_EQ(rows.bars[0].start, testing::at("2025-09-26 09:32"));
  EXPECT_EQ(rows.bars[2].start, testing::at("2025-09-26 09:30"));
  EXPECT_FALSE(read_rows(folder.write("Q_RTH_NH.csv", "nonsense\n")).has_value());
  EXPECT_FALSE(read_rows(folder.path() / "none.csv").has_value());
}

TEST(MakeHistory, SortsKeepsTheFirstOfTwoAndFindsSessions) {
  const auto bar = [](std::string_view minute, double price) {
    return Bar{testing::at(minute), price, price, price, price, 1};
  };
  const SymbolHistory history =
      make_history("SPY", {bar("2025-09-26 16:00", 4), bar("2025-09-26 09:30", 1), bar("2025-09-26 09:30", 2),
                           bar("2025-09-26 08:00", 3), bar("2025-09-27 10:00", 5)});
  ASSERT_EQ(history.days.size(), 2U);
  EXPECT_EQ(history.bars.size(), 4U);
  ASSERT_EQ(history.session_bars(history.days[0]).size(), 1U);
  EXPECT_EQ(history.session_bars(history.days[0])[0].close, 1);
  EXPECT_EQ(history.rows(history.days[0]).size(), 3U);
  EXPECT_FALSE(history.days[1].session.has_value());
  EXPECT_TRUE(history.session_bars(history.days[1]).empty());
}

}  // namespace
}  // namespace sentio
