#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <charconv>

#include "csv_files.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using testing::gzipped;
using testing::read_text_as_bars;
using testing::TemporaryFolder;

TimePoint at(std::string_view text) {
  return parse_timestamp(text).value();
}

/// The two bars that every layout below spells.
std::vector<Bar> two_bars() {
  return {{at("2025-09-15T09:30:00-04:00"), 97.64, 97.845, 97.565, 97.765, 747075},
          {at("2025-09-15T09:31:00-04:00"), 97.76, 98, 97.76, 97.9, 1200.5}};
}

struct LayoutCase {
  std::string name, text;
};

void PrintTo(const LayoutCase& row, std::ostream* out) {
  *out << row.name;
}

class Layout : public ::testing::TestWithParam<LayoutCase> {};

TEST_P(Layout, GivesTheSameBarsPlainAndPacked) {
  const TemporaryFolder folder;
  for (const bool packed : {false, true}) {
    const auto file = packed ? folder.write("SPY_RTH_NH.csv.gz", gzipped(GetParam().text))
                             : folder.write("SPY_RTH_NH.csv", GetParam().text);
    const auto found = read_bars(file);
    ASSERT_TRUE(found.has_value()) << found.error().message();
    EXPECT_EQ(found->symbol, "SPY");
    EXPECT_EQ(found->file, file.string());
    EXPECT_EQ(found->bars, two_bars());
    EXPECT_EQ(found->outside_session, 0);
    EXPECT_FALSE(found->synthetic);
  }
}

const std::string kOwnHeader = "timestamp,open,high,low,close,volume,bar_id\n";
const std::string kIsoRows =
    "2025-09-15T09:30:00-04:00,97.64,97.845,97.565,97.765,747075.0,1\n"
    "2025-09-15T09:31:00-04:00,97.76,98,97.76,97.9,1200.5,2\n";

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out.push_back('\r');
    out.push_back(c);
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, Layout,
    ::testing::Values(
        LayoutCase{"OwnIso", kOwnHeader + kIsoRows},
        LayoutCase{"OwnUtc", kOwnHeader + "2025-09-15T13:30:00Z,97.64,97.845,97.565,97.765,747075,1\n"
                                          "2025-09-15 13:31:00+00:00,97.76,98,97.76,97.9,1200.5,2\n"},
        LayoutCase{"OwnEpochSeconds", kOwnHeader + "1757943000,97.64,97.845,97.565,97.765,747075,1\n"
                                                   "1757943060,97.76,98,97.76,97.9,1200.5,2\n"},
        LayoutCase{"OwnEpochMilliseconds", kOwnHeader + "1757943000000,97.64,97.845,97.565,97.765,747075,1\n"
                                                        "1757943060000,97.76,98,97.76,97.9,1200.5,2\n"},
        LayoutCase{"OwnWithoutBarId",
                   "timestamp,open,high,low,close,volume\n"
                   "1757943000,97.64,97.845,97.565,97.765,747075\n"
                   "1757943060,97.76,98,97.76,97.9,1200.5\n"},
        // The epoch column counts, whatever the text beside it says.
        LayoutCase{"NewYorkTextAndEpoch",
                   "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n"
                   "2025-09-15T09:30:00-04:00,1757943000,97.64,97.845,97.565,97.765,747075.0\n"
                   "nonsense,1757943060,97.76,98,97.76,97.9,1200.5\n"},
        LayoutCase{"UtcText",
                   "ts_utc,open,high,low,close,volume\n"
                   "2025-09-15T13:30:00Z,97.64,97.845,97.565,97.765,747075\n"
                   "2025-09-15T13:31:00Z,97.76,98,97.76,97.9,1200.5\n"},
        LayoutCase{"UtcTextWithExtras",
                   "ts_utc,open,high,low,close,volume,trade_count,vwap\n"
                   "2025-09-15T13:30:00Z,97.64,97.845,97.565,97.765,747075,23,97.7\n"
                   "2025-09-15T13:31:00Z,97.76,98,97.76,97.9,1200.5,,\n"},
        LayoutCase{"ByteOrderMark", "\xEF\xBB\xBF" + kOwnHeader + kIsoRows},
        LayoutCase{"CrLf", with_crlf(kOwnHeader + kIsoRows)},
        LayoutCase{"NoFinalLineEnd", (kOwnHeader + kIsoRows).substr(0, (kOwnHeader + kIsoRows).size() - 1)},
        LayoutCase{"BlankLinesAtTheEnd", kOwnHeader + kIsoRows + "\n\r\n"},
        LayoutCase{"Comments", "# from somewhere\n#\n" + kOwnHeader + kIsoRows}),
    [](const auto& row) { return row.param.name; });

TEST(CsvBars, CarryTheSyntheticMarker) {
  EXPECT_TRUE(read_text_as_bars("# SYNTHETIC seed 7\n" + kOwnHeader + kIsoRows)->synthetic);
  EXPECT_TRUE(read_text_as_bars("\xEF\xBB\xBF#SYNTHETIC\r\n" + kOwnHeader + kIsoRows)->synthetic);
  EXPECT_FALSE(read_text_as_bars("# not SYNTHETIC\n" + kOwnHeader + kIsoRows)->synthetic);
}

TEST(CsvBars, OfAHeaderAloneAreNone) {
  const auto found = read_text_as_bars(kOwnHeader);
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(found->bars.empty());
}

TEST(CsvBars, LeaveOutAndCountWhatIsOutsideTheSession) {
  const auto found = read_text_as_bars(
      "ts_utc,open,high,low,close,volume\n"
      "2025-07-02T19:59:00Z,1,1,1,1,1\n"  // 15:59
      "2025-07-02T20:00:00Z,1,1,1,1,1\n"  // closing print
      "2025-07-02T20:01:00Z,1,1,1,1,1\n"  // after hours
      "2025-07-03T13:29:00Z,1,1,1,1,1\n"  // pre-market of a half day
      "2025-07-03T13:30:00Z,1,1,1,1,1\n"
      "2025-07-03T16:59:00Z,1,1,1,1,1\n"    // 12:59, its last minute
      "2025-07-03T17:00:00Z,1,1,1,1,1\n"    // its closing print
      "2025-07-03T20:00:00Z,1,1,1,1,1\n"    // 16:00 on a half day is nothing
      "2025-07-04T14:00:00Z,1,1,1,1,1\n"    // holiday
      "2025-07-05T14:00:00Z,1,1,1,1,1\n"    // Saturday
      "2031-01-02T15:00:00Z,1,1,1,1,1\n");  // beyond the calendar
  ASSERT_TRUE(found.has_value()) << found.error().message();
  EXPECT_EQ(found->bars.size(), 3U);
  EXPECT_EQ(found->outside_session, 8);
  const std::map<Date, int> prints = {{parse_date("2025-07-02").value(), 1},
                                      {parse_date("2025-07-03").value(), 1}};
  EXPECT_EQ(found->closing_prints, prints);
}

TEST(CsvBars, OfTheVendorsTablesAreReadWithTheirFurtherColumns) {
  const std::string iso = "2025-09-15 13:30:00+00:00", epoch = "1757943000";
  for (const std::string& text :
       {"timestamp,open,high,low,close,volume,trade_count,vwap\n" + iso + ",10,11,9,10.5,100.0,7.0,10.2\n",
        "symbol,timestamp,open,high,low,close,volume,trade_count,vwap\nSPY," + iso + ",10,11,9,10.5,100,7,10.2\n",
        "Time,Open,High,Low,Close,Volume\n" + epoch + ",10,11,9,10.5,100\n",
        "datetime,open,high,low,close,volume,conditions\n" + iso + ",10,11,9,10.5,100,\"@,F\"\n",
        "ts_utc,ts_nyt_epoch,open,high,low,close,volume,vwap\n" + iso + "," + epoch + ",10,11,9,10.5,100,\n"}) {
    const auto found = read_text_as_bars(text);
    ASSERT_TRUE(found.has_value()) << text << found.error().message();
    ASSERT_EQ(found->bars.size(), 1U) << text;
    EXPECT_EQ(found->bars[0], (Bar{from_epoch_seconds(1757943000), 10, 11, 9, 10.5, 100})) << text;
    EXPECT_EQ(found->trace.clocks_apart, 0) << text;
  }
}

TEST(CsvBars, WithoutVolumeAreMinutesWithoutATrade) {
  const auto found = read_text_as_bars(
      "ts_utc,open,high,low,close,volume\n"
      "2025-07-02T13:29:00Z,1,1,1,1,0\n"  // before the session
      "2025-07-02T13:30:00Z,1,1,1,1,5\n"
      "2025-07-02T13:31:00Z,1,1,1,1,0\n"
      "2025-07-02T13:32:00Z,1,2,1,1,0\n"
      "2025-07-02T13:33:00Z,1,1,1,1,1\n"
      "2025-07-02T13:35:00Z,1,1,1,1,0.0\n");
  ASSERT_TRUE(found.has_value()) << found.error().message();
  ASSERT_EQ(found->bars.size(), 2U);
  EXPECT_EQ(found->bars[1].volume, 1.0);
  EXPECT_EQ(found->trace.untraded, 3);
  EXPECT_EQ(found->trace.untraded_moving, 1);
  EXPECT_EQ(found->trace.untraded_in_a_row, 2);
  EXPECT_EQ(found->outside_session, 1);
}

TEST(CsvBars, StampedWithTheirEndAreAMinuteEarlier) {
  const std::string rows =
      "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n"
      "2025-07-02T13:31:00Z,1751463060,1,1,1,1,1\n"
      "2025-07-02T20:00:00Z,1751486400,2,2,2,2,2\n";
  const auto found = read_text_as_bars(rows, {.stamp = BarStamp::end});
  ASSERT_TRUE(found.has_value()) << found.error().message();
  ASSERT_EQ(found->bars.size(), 2U);
  EXPECT_EQ(format_utc(found->bars[0].start), "2025-07-02T13:30:00Z");
  EXPECT_EQ(format_utc(found->bars[1].start), "2025-07-02T19:59:00Z");
  EXPECT_EQ(found->trace.clocks_apart, 0);
  EXPECT_EQ(read_text_as_bars(rows)->bars.size(), 1U);
}

TEST(CsvBars, WithTwoClocksThatDisagreeAreCountedWithTheirLine) {
  const auto found = read_text_as_bars(
      "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n"
      "2025-07-02T13:30:00Z,1751463000,1,1,1,1,1\n"
      "2025-07-02T09:31:00Z,1751463060,1,1,1,1,1\n"
      "2025-07-02 09:32,1751463120,1,1,1,1,1\n");
  ASSERT_TRUE(found.has_value()) << found.error().message();
  EXPECT_EQ(found->bars.size(), 3U);  // the epoch counts
  EXPECT_EQ(found->trace.clocks_apart, 2);
  EXPECT_EQ(found->trace.first_clocks_apart,
            "line 3, '2025-07-02T09:31:00Z' beside an epoch that is 2025-07-02T09:31:00-04:00");
}

TEST(CsvBars, KeepOnlyTheDatesAskedFor) {
  const std::string text =
      "ts_utc,open,high,low,close,volume\n"
      "2025-09-15T13:30:00Z,1,1,1,1,1\n"
      "2025-09-16T03:59:00Z,1,1,1,1,1\n"  // still the 15th in New York
      "2025-09-16T13:30:00Z,2,2,2,2,2\n"
      "2025-09-17T13:30:00Z,3,3,3,3,3\n";
  const auto date = [](const char* d) { return parse_date(d).value(); };
  const auto count = [&](const CsvReadOptions& options) {
    return read_text_as_bars(text, options)->bars.size();
  };
  EXPECT_EQ(count({}), 3U);
  EXPECT_EQ(count({.first = date("2025-09-16"), .last = std::nullopt}), 2U);
  EXPECT_EQ(count({.first = std::nullopt, .last = date("2025-09-16")}), 2U);
  EXPECT_EQ(count({.first = date("2025-09-18"), .last = std::nullopt}), 0U);
  const auto one = read_text_as_bars(text, {.first = date("2025-09-16"), .last = date("2025-09-16")});
  ASSERT_EQ(one->bars.size(), 1U);
  EXPECT_EQ(one->bars[0].open, 2.0);
  EXPECT_EQ(one->outside_session, 0);  // the 15th is not counted either
}

TEST(CsvBars, ReadSeveralGzipMembersAsOneText) {
  const TemporaryFolder folder;
  const auto text = kOwnHeader + kIsoRows;
  const auto file = folder.write("SPY_RTH_NH.csv.gz", gzipped(text.substr(0, 70)) + gzipped(text.substr(70)));
  EXPECT_EQ(read_bars(file)->bars, two_bars());
}

TEST(CsvBars, UnpackTextsLargerThanTheirTrailerSays) {
  std::string text = kOwnHeader;
  for (int i = 0; i < 2000; ++i) text += "\n";
  text += kIsoRows;
  const TemporaryFolder folder;
  // The trailer of the last member speaks of its own few bytes only.
  const auto file =
      folder.write("SPY_RTH_NH.csv.gz", gzipped(text.substr(0, text.size() - 1)) + gzipped("\n"));
  EXPECT_EQ(read_bars(file)->bars, two_bars());
}

TEST(MultiSymbolCsv, IsSplitBySymbol) {
  const TemporaryFolder folder;
  const std::string text =
      "# SYNTHETIC\n"
      "symbol,timestamp,open,high,low,close,volume,bar_id\n"
      "SQQQ,2025-09-15T09:30:00-04:00,16,16,16,16,5,1\n"
      "TQQQ,2025-09-15T09:30:00-04:00,97,97,97,97,5,2\n"
      "TQQQ,2025-09-15T09:31:00-04:00,98,98,98,98,5,3\n"
      "ERX,2025-09-15T09:32:00-04:00,60,60,60,60,5,4\n"
      "TQQQ,2025-09-15T16:00:00-04:00,99,99,99,99,5,5\n";
  for (const auto& file : {folder.write("warmup.csv", text), folder.write("warmup.csv.gz", gzipped(text))}) {
    const auto found = read_multi_symbol_bars(file);
    ASSERT_TRUE(found.has_value()) << found.error().message();
    ASSERT_EQ(found->size(), 3U);
    EXPECT_EQ((*found)[0].symbol, "ERX");
    EXPECT_EQ((*found)[1].symbol, "SQQQ");
    EXPECT_EQ((*found)[2].symbol, "TQQQ");
    EXPECT_EQ((*found)[2].bars.size(), 2U);
    EXPECT_EQ((*found)[2].bars[1].open, 98.0);
    EXPECT_EQ((*found)[2].outside_session, 1);
    EXPECT_EQ((*found)[2].closing_prints.size(), 1U);
    for (const auto& bars : *found) EXPECT_TRUE(bars.synthetic && bars.file == file.string());
  }
}

TEST(MultiSymbolCsv, MayBeSortedBySymbolFirst) {
  const TemporaryFolder folder;
  const auto found = read_multi_symbol_bars(
      folder.write("bars.csv",
                   "symbol,timestamp,open,high,low,close,volume,trade_count,vwap\n"
                   "TQQQ,2025-09-15 13:30:00+00:00,97,97,97,97,5,1,97\n"
                   "TQQQ,2025-09-15 13:31:00+00:00,98,98,98,98,5,1,98\n"
                   "SQQQ,2025-09-15 13:30:00+00:00,16,16,16,16,5,1,16\n"));
  ASSERT_TRUE(found.has_value()) << found.error().message();
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].bars.size(), 1U);
  EXPECT_EQ((*found)[1].bars.size(), 2U);
}

TEST(BarFiles, OfSymbolsWithAFullStopHaveTheirWholeName) {
  EXPECT_EQ(symbol_of_file("a/BRK.B_RTH_NH.csv.gz"), "BRK.B");
  EXPECT_EQ(symbol_of_file("a/SPY_1min.csv"), "SPY");
  EXPECT_EQ(symbol_of_file("SPY.csv"), "SPY");
}

TEST(BarFiles, AreFoundByNamePlainFirst) {
  const TemporaryFolder folder;
  const auto packed = folder.write("TQQQ_RTH_NH.csv.gz", gzipped(kOwnHeader));
  EXPECT_EQ(find_bar_file(folder.path(), "TQQQ").value(), packed);
  const auto plain = folder.write("TQQQ_RTH_NH.csv", kOwnHeader);
  EXPECT_EQ(find_bar_file(folder.path(), "TQQQ").value(), plain);
}

TEST(BarFiles, ThatAreMissingNameWhatIsThere) {
  const TemporaryFolder folder;
  EXPECT_NE(find_bar_file(folder.path(), "SPY").error().detail.find("no bar files"), std::string::npos);
  for (const auto* name : {"TQQQ_RTH_NH.csv", "TQQQ_RTH_NH.csv.gz", "ERX_RTH_NH.csv.gz", "notes.txt"}) {
    (void)folder.write(name, "");
  }
  const auto missing = find_bar_file(folder.path(), "SPY").error();
  EXPECT_EQ(missing.code, Errc::not_found);
  EXPECT_EQ(missing.where, folder.path().string());
  EXPECT_EQ(missing.detail, "neither SPY_RTH_NH.csv nor SPY_RTH_NH.csv.gz is there; symbols there: ERX TQQQ");
  EXPECT_EQ(find_bar_file(folder.path() / "none", "SPY").error().code, Errc::not_found);
  EXPECT_FALSE(find_bar_file(folder.path() / "..", (folder.path().filename() / "TQQQ").string()).has_value());
}

// ---- properties --------------------------------------------------------------------------------

std::string shortest(double value) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::vector<Bar> any_bars() {
  const auto hours_of_day =
      NyseCalendar::sessions(parse_date("2025-07-01").value(), parse_date("2025-07-08").value());
  const int keep_one_in = *rc::gen::inRange(1, 40);
  std::vector<Bar> bars;
  for (const auto& session : hours_of_day) {
    for (int i = *rc::gen::inRange(0, 60); i < session.minutes; i += *rc::gen::inRange(1, 2 * keep_one_in)) {
      auto prices = *rc::gen::container<std::array<double, 4>>(
          rc::gen::map(rc::gen::inRange<std::int64_t>(7000, 1'000'000'000'000),
                       [](std::int64_t n) { return static_cast<double>(n) / 7e6; }));
      std::ranges::sort(prices);
      const bool up = *rc::gen::arbitrary<bool>();
      bars.push_back({session.minute_start(i), up ? prices[1] : prices[2], prices[3], prices[0],
                      up ? prices[2] : prices[1],
                      static_cast<double>(*rc::gen::inRange(1, 1'000'000'000)) / 4});
    }
  }
  return bars;
}

RC_GTEST_PROP(CsvBars, ReadBackWhatWasWritten, ()) {
  const auto bars = any_bars();
  const int time_style = *rc::gen::inRange(0, 4);
  std::string text = kOwnHeader;
  for (const Bar& bar : bars) {
    const auto s = epoch_seconds(bar.start);
    text += time_style == 0   ? format_new_york(bar.start)
            : time_style == 1 ? format_utc(bar.start)
            : time_style == 2 ? std::to_string(s)
                              : std::to_string(s * 1000);
    for (const double value : {bar.open, bar.high, bar.low, bar.close, bar.volume})
      text.append(",").append(shortest(value));
    text.append(",").append(std::to_string(bar_id("SPY", bar.start))).append("\n");
  }
  const TemporaryFolder folder;
  const bool packed = *rc::gen::arbitrary<bool>();
  const auto found = read_bars(folder.write("SPY_RTH_NH.csv", packed ? gzipped(text) : text));
  RC_ASSERT(found.has_value());
  RC_ASSERT(found->bars == bars);
  RC_ASSERT(found->outside_session == 0);
}

}  // namespace
}  // namespace sentio
