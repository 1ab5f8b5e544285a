// Every kind of bad input is refused with one clear line that names file and line.

#include <sys/stat.h>

#include "csv_files.h"

namespace sentio {
namespace {

using testing::gzipped;
using testing::read_text_as_bars;
using testing::TemporaryFolder;

const std::string kHeader = "timestamp,open,high,low,close,volume,bar_id\n";
const std::string kGood = "2025-09-15T09:30:00-04:00,10,11,9,10.5,100,1\n";

struct BadRow {
  std::string name, row;
  Errc code;
  std::string complaint;
};

void PrintTo(const BadRow& row, std::ostream* out) {
  *out << row.row;
}

class BadRows : public ::testing::TestWithParam<BadRow> {};

TEST_P(BadRows, AreNamedWithTheirLine) {
  const TemporaryFolder folder;
  const auto file = folder.write("SPY_RTH_NH.csv", "# note\n" + kHeader + kGood + GetParam().row + "\n");
  const auto found = read_bars(file);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, GetParam().code);
  EXPECT_EQ(found.error().where, file.string() + ":4");
  EXPECT_NE(found.error().detail.find(GetParam().complaint), std::string::npos) << found.error().detail;
  EXPECT_EQ(found.error().detail.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadRows,
    ::testing::Values(
        BadRow{"Unsorted", "2025-09-15T09:29:00-04:00,10,11,9,10,1,1", Errc::out_of_order,
               "09:29:00-04:00 follows 2025-09-15T09:30"},
        BadRow{"Duplicate", kGood.substr(0, kGood.size() - 1), Errc::out_of_order,
               "a second row for 2025-09-15T09:30"},
        BadRow{"DuplicateInOtherWords", "1757943000,10,11,9,10,1,1", Errc::out_of_order, "a second row"},
        BadRow{"NanPrice", "2025-09-15T09:31:00-04:00,nan,11,9,10,1,1", Errc::malformed,
               "open 'nan' is not a number"},
        BadRow{"InfinitePrice", "2025-09-15T09:31:00-04:00,10,inf,9,10,1,1", Errc::malformed, "high 'inf'"},
        BadRow{"HugePrice", "2025-09-15T09:31:00-04:00,10,1e999,9,10,1,1", Errc::malformed, "high '1e999'"},
        BadRow{"EmptyPrice", "2025-09-15T09:31:00-04:00,10,11,,10,1,1", Errc::malformed,
               "low '' is not a number"},
        BadRow{"TextPrice", "2025-09-15T09:31:00-04:00,10,11,9,abc,1,1", Errc::malformed, "close 'abc'"},
        BadRow{"PriceWithTail", "2025-09-15T09:31:00-04:00,10,11,9,10x,1,1", Errc::malformed, "close '10x'"},
        BadRow{"PriceWithBlank", "2025-09-15T09:31:00-04:00, 10,11,9,10,1,1", Errc::malformed, "open ' 10'"},
        BadRow{"ZeroPrice", "2025-09-15T09:31:00-04:00,0,11,0,10,1,1", Errc::out_of_range,
               "low 0 is not a positive price"},
        BadRow{"NegativePrice", "2025-09-15T09:31:00-04:00,10,11,-9,10,1,1", Errc::out_of_range,
               "low -9 is not a positive"},
        BadRow{"HighBelowLow", "2025-09-15T09:31:00-04:00,10,8.5,9,10,1,1", Errc::out_of_range,
               "high 8.5 is below low 9"},
        BadRow{"OpenAboveHigh", "2025-09-15T09:31:00-04:00,12,11,9,10,1,1", Errc::out_of_range,
               "open 12 is outside low 9 to high 11"},
        BadRow{"OpenBelowLow", "2025-09-15T09:31:00-04:00,8,11,9,10,1,1", Errc::out_of_range,
               "open 8 is outside"},
        BadRow{"CloseAboveHigh", "2025-09-15T09:31:00-04:00,10,11,9,11.5,1,1", Errc::out_of_range,
               "close 11.5 is outside"},
        BadRow{"CloseBelowLow", "2025-09-15T09:31:00-04:00,10,11,9,8.9,1,1", Errc::out_of_range,
               "close 8.9 is outside"},
        BadRow{"NegativeVolume", "2025-09-15T09:31:00-04:00,10,11,9,10,-1,1", Errc::out_of_range,
               "volume -1 is negative"},
        BadRow{"OffTheMinuteGrid", "2025-09-15T09:31:30-04:00,10,11,9,10,1,1", Errc::out_of_range,
               "not on a full minute"},
        BadRow{"FractionOfASecond", "2025-09-15T09:31:00.001-04:00,10,11,9,10,1,1", Errc::out_of_range,
               "not on a full minute"},
        BadRow{"EpochOffTheGrid", "1757943061,10,11,9,10,1,1", Errc::out_of_range, "not on a full minute"},
        BadRow{"EpochMicroseconds", "1757943060000000,10,11,9,10,1,1", Errc::out_of_range,
               "neither epoch seconds"},
        BadRow{"NegativeEpoch", "-60,10,11,9,10,1,1", Errc::out_of_range, "neither epoch seconds"},
        BadRow{"EpochOfManyDigits", "99999999999999999999,10,11,9,10,1,1", Errc::malformed, "cannot be read"},
        BadRow{"TimeWithoutOffset", "2025-09-15T09:31:00,10,11,9,10,1,1", Errc::malformed,
               "no offset from UTC"},
        BadRow{"HourTwentyFive", "2025-09-15T25:31:00-04:00,10,11,9,10,1,1", Errc::malformed,
               "cannot be read"},
        BadRow{"NoTime", ",10,11,9,10,1,1", Errc::malformed, "cannot be read"},
        BadRow{"OneColumnShort", "2025-09-15T09:31:00-04:00,10,11,9,10,1", Errc::malformed,
               "has 6 columns where the header has 7"},
        BadRow{"OneColumnMore", "2025-09-15T09:31:00-04:00,10,11,9,10,1,1,1", Errc::malformed,
               "has 8 columns"},
        BadRow{"PriceAboveEveryShare", "2025-09-15T09:31:00-04:00,10,1e8,9,10,1,1", Errc::out_of_range,
               "high 1e+08 is above 1e+06 USD"},
        BadRow{"PriceBelowATick", "2025-09-15T09:31:00-04:00,10,11,1e-5,10,1,1", Errc::out_of_range,
               "low 1e-05 is below 1e-04 USD"},
        BadRow{"VolumeAboveEveryDay", "2025-09-15T09:31:00-04:00,10,11,9,10,99999999999999999999,1",
               Errc::out_of_range, "volume 1e+20 is above 1e+10 shares in a minute"},
        BadRow{"TimeOfBytes", std::string("2025\0\x1b[2J\xc3\xa9,10,11,9,10,1,1", 27), Errc::malformed,
               "time '2025?\?[2J?\?' cannot be read: '2025?\?[2J?\?' is not a time"},
        BadRow{"CutInTheMiddle", "2025-09-15T09:31:00-04:00,10,11", Errc::malformed,
               "low '' is not a number"},
        BadRow{"CommentBetweenRows", "# note", Errc::malformed, "cannot be read"}),
    [](const auto& row) { return row.param.name; });

TEST(BadCsv, OnADateOutsideTheRangeStillHasToBeInOrder) {
  const CsvReadOptions later{.first = parse_date("2025-09-16").value(), .last = std::nullopt};
  EXPECT_FALSE(read_text_as_bars(kHeader + kGood + kGood, later).has_value());
  EXPECT_TRUE(read_text_as_bars(kHeader + kGood, later)->bars.empty());
}

TEST(BadCsv, ListsTheKnownLayouts) {
  for (const auto* header :
       {"when,open,high,low,close,volume\n", "timestamp,open,high,low,close\n",
        "timestamp,open,close,high,low,volume\n", "timestamp,open,high,low,close,volumes\n",
        "timestamp,open,high,low,close,adj close,volume\n", "ts_nyt_epoch,ts_utc,open,high,low,close,volume\n",
        "\x01\x02 binary\n"}) {
    const auto found = read_text_as_bars(header);
    ASSERT_FALSE(found.has_value()) << header;
    EXPECT_EQ(found.error().code, Errc::malformed);
    EXPECT_TRUE(found.error().where.ends_with("SPY_RTH_NH.csv:1"));
    EXPECT_NE(found.error().detail.find("unknown layout"), std::string::npos);
    for (const auto* known : {"[symbol,]timestamp,open,high,low,close,volume[,…]", "ts_utc,ts_nyt_epoch,open",
                              "ts_utc, time or datetime"}) {
      EXPECT_NE(found.error().detail.find(known), std::string::npos) << found.error().detail;
    }
  }
}

TEST(BadCsv, ShowsUnprintableHeadersHarmlessly) {
  const auto detail = read_text_as_bars("\x1b[31m" + std::string(500, 'x') + "\n").error().detail;
  EXPECT_EQ(detail.find('\x1b'), std::string::npos);
  EXPECT_NE(detail.find("'?[31mxxx"), std::string::npos);
  EXPECT_LT(detail.size(), 400U);
}

TEST(BadCsv, IsEmptyWithoutAHeader) {
  for (const auto* text : {"", "\n\n", "# SYNTHETIC\n", "\xEF\xBB\xBF"}) {
    const auto found = read_text_as_bars(text);
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, Errc::malformed);
    EXPECT_NE(found.error().detail.find("is empty"), std::string::npos);
  }
}

TEST(BadFile, IsNotFoundOrNotAFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_bars(folder.path() / "none.csv").error().code, Errc::not_found);
  EXPECT_EQ(read_bars(folder.path()).error().code, Errc::io);
  const auto file = folder.write("SPY_RTH_NH.csv", kHeader);
  ::chmod(file.c_str(), 0);
  if (::geteuid() == 0) return;  // root may read everything
  EXPECT_EQ(read_bars(file).error().code, Errc::io);
}

TEST(BadGzip, IsRefusedWhereverItIsCut) {
  const TemporaryFolder folder;
  const auto packed = gzipped(kHeader + kGood);
  for (std::size_t n = 2; n < packed.size(); ++n) {
    const auto found = read_bars(folder.write("SPY_RTH_NH.csv.gz", packed.substr(0, n)));
    ASSERT_FALSE(found.has_value()) << n;
    EXPECT_EQ(found.error().code, Errc::malformed) << n;
    EXPECT_NE(found.error().detail.find("ends too early"), std::string::npos) << n << found.error().detail;
  }
}

TEST(BadGzip, IsRefusedWhenDamagedOrFollowedByOtherBytes) {
  const TemporaryFolder folder;
  const auto packed = gzipped(kHeader + kGood);
  auto wrong_sum = packed;
  wrong_sum[wrong_sum.size() - 8] = static_cast<char>(wrong_sum[wrong_sum.size() - 8] ^ 1);
  EXPECT_NE(read_bars(folder.write("a.csv.gz", wrong_sum)).error().detail.find("damaged"), std::string::npos);
  EXPECT_NE(read_bars(folder.write("b.csv.gz", packed + "tail")).error().detail.find("after the end"),
            std::string::npos);
  EXPECT_TRUE(read_bars(folder.write("c.csv.gz", packed)).has_value());
}

TEST(WrongKindOfFile, IsSaidToBeOne) {
  const TemporaryFolder folder;
  const std::string header = "symbol,timestamp,open,high,low,close,volume,bar_id\n";
  EXPECT_TRUE(read_multi_symbol_bars(folder.write("all.csv", header))->empty());
  const auto other = folder.write("TQQQ_RTH_NH.csv", header + "TQQQ,2025-09-15T09:31:00-04:00,1,1,1,1,1,1\n" +
                                                         "SQQQ,2025-09-15T09:32:00-04:00,1,1,1,1,1,1\n");
  ASSERT_FALSE(read_bars(other).has_value());
  EXPECT_TRUE(read_bars(other).error().where.ends_with(":3"));
  EXPECT_EQ(read_bars(other).error().detail, "a row of SQQQ in the file of 'TQQQ'; a file of one symbol is needed");
  EXPECT_NE(read_multi_symbol_bars(folder.write("SPY.csv", kHeader)).error().detail.find("holds one symbol"),
            std::string::npos);
}

TEST(BadMultiSymbolCsv, IsNamedWithItsLine) {
  const TemporaryFolder folder;
  const std::string header = "symbol,timestamp,open,high,low,close,volume,bar_id\n";
  const std::string good = "SQQQ,2025-09-15T09:31:00-04:00,1,1,1,1,1,1\n";
  const std::pair<std::string, std::string> rows[] = {
      {"SQQQ,2025-09-15T09:30:00-04:00,1,1,1,1,1,1\n",
       "2025-09-15T09:30:00-04:00 follows 2025-09-15T09:31:00-04:00; sort the rows of a symbol by time"},
      {good, "a second row"},
      {"tqqq,2025-09-15T09:32:00-04:00,1,1,1,1,1,1\n", "'tqqq' is not a ticker"},
      {",2025-09-15T09:32:00-04:00,1,1,1,1,1,1\n", "'' is not a ticker"},
      {"TQQQ,2025-09-15T09:32:00-04:00,1,1,1,1,1\n", "has 7 columns where the header has 8"},
  };
  for (const auto& [row, complaint] : rows) {
    const auto found = read_multi_symbol_bars(folder.write("all.csv", header + good + row));
    ASSERT_FALSE(found.has_value()) << row;
    EXPECT_TRUE(found.error().where.ends_with("all.csv:3")) << found.error().where;
    EXPECT_NE(found.error().detail.find(complaint), std::string::npos) << found.error().detail;
  }
}

}  // namespace
}  // namespace sentio
