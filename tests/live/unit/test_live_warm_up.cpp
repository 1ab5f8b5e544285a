/// Warm-up bars: the files' as they are, and what they lack from an exchange over real REST.

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>

#include "mock_world.h"
#include "scratch_folder.h"
#include "sentio/exchange/exchange_server.h"
#include "sentio/live/live_warm_up.h"
#include "sentio/run/run_setup.h"
#include "sentio/mock/warm_up.h"

namespace sentio {
namespace {

using testing::day;
using testing::MockWorld;
using testing::ScratchFolder;

const Date kDay = day(2025, 7, 7);  // the half day of 3 July and the holiday after it lie before
constexpr int kSessions = 4;

MockWorld three_walks() {
  MockWorld world = testing::walking_world(kDay, kDay, kSessions, 11, {.missing = 0.02});
  const Universe six = world.options.universe;
  world.options.universe = Universe({six[0], six[1], six[2]});
  std::vector<SymbolBars> bars;
  for (const SymbolInfo& s : world.options.universe) {
    bars.push_back(*std::ranges::find(world.bars, s.name, &SymbolBars::symbol));
  }
  world.bars = std::move(bars);
  return world;
}

std::string exact(double value) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::vector<SessionHours> warm_up_sessions() {
  return NyseCalendar::sessions_before(kDay, kSessions);
}

/// A folder of files, an exchange that recorded everything, and a history that asks it.
class LiveWarmUp : public ::testing::Test {
 protected:
  void SetUp() override {
    ExchangeOptions e;
    e.recordings = world.bars;
    e.universe = world.options.universe;
    e.session = kDay;
    exchange = std::make_unique<ExchangeServer>(e);
    const auto port = exchange->start();
    ASSERT_TRUE(port) << port.error().message();
    auto made =
        make_alpaca_history(world.options.universe, {.base_url = "http://127.0.0.1:" + std::to_string(*port),
                                                     .key_id = e.key_id,
                                                     .secret_key = e.secret,
                                                     .time = Timeline(1000),
                                                     .now = [c = exchange->control()] { return c.now(); }});
    ASSERT_TRUE(made) << made.error().message();
    history = *std::move(made);
  }

  using Kept = std::function<bool(const SymbolBars&, const SessionHours&)>;
  /// Files of the sessions that `kept` keeps; a symbol of none gets no file.
  void write_files(const Kept& kept) const {
    for (const SymbolBars& symbol : world.bars) {
      std::string rows;
      for (const SessionHours& hours : NyseCalendar::sessions(warm_up_sessions().front().date, kDay)) {
        if (kept(symbol, hours)) rows += rows_of(symbol, hours);
      }
      if (rows.empty()) continue;
      std::ofstream(folder / (symbol.symbol + "_RTH_NH.csv")) << "timestamp,open,high,low,close,volume\n"
                                                              << rows;
    }
  }
  static std::string rows_of(const SymbolBars& symbol, const SessionHours& hours) {
    std::string rows;
    for (const Bar& b : symbol.bars) {
      if (b.start < hours.open || b.start >= hours.close) continue;
      rows += std::to_string(epoch_seconds(b.start));
      for (const double value : {b.open, b.high, b.low, b.close, b.volume}) rows += "," + exact(value);
      rows += "\n";
    }
    return rows;
  }
  [[nodiscard]] WarmUpBarsOptions options() const {
    return {.folder = folder.path(),
            .universe = world.options.universe,
            .day = kDay,
            .sessions_wanted = kSessions,
            .jobs = 2,
            .history = history.get()};
  }
  /// The bars that the sessions before the day have.
  [[nodiscard]] std::vector<Bar> expected(std::size_t symbol) const {
    std::vector<Bar> bars = world.bars[symbol].bars;
    std::erase_if(bars, [](const Bar& b) { return b.start >= NyseCalendar::session(kDay)->open; });
    return bars;
  }
  void expect_everything(const Result<WarmUpBars>& loaded) const {
    ASSERT_TRUE(loaded) << loaded.error().message();
    EXPECT_EQ(loaded->sessions, warm_up_sessions());
    ASSERT_EQ(loaded->bars.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(loaded->bars[i].symbol, world.bars[i].symbol);
      EXPECT_GT(loaded->bars[i].bars.size(), 1000U);
      EXPECT_TRUE(loaded->bars[i].bars == expected(i)) << world.bars[i].symbol;
    }
  }
  [[nodiscard]] std::uint64_t requests() const { return exchange->control().statistics().requests; }

  MockWorld world = three_walks();
  ScratchFolder folder;
  std::unique_ptr<ExchangeServer> exchange;
  std::unique_ptr<BarHistory> history;
};

bool everything(const SymbolBars&, const SessionHours&) {
  return true;
}
bool is(const SessionHours& hours, int session) {
  return hours.date == warm_up_sessions()[static_cast<std::size_t>(session)].date;
}

TEST_F(LiveWarmUp, CompleteFilesAreTakenAsMockTakesThem) {
  write_files(everything);
  const auto loaded = load_warm_up_bars(options());
  expect_everything(loaded);
  EXPECT_TRUE(loaded->notes.empty());
  EXPECT_EQ(requests(), 0U);
  const auto mocks =
      load_bars(folder.path(), world.options.universe,
                {.first = warm_up_sessions().front().date, .last = warm_up_sessions().back().date}, 1);
  ASSERT_TRUE(mocks);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(loaded->bars[i].bars == (*mocks)[i].bars);
}

TEST_F(LiveWarmUp, AnEmptyFolderIsFilledOverRestBitForBit) {
  const auto loaded = load_warm_up_bars(options());
  expect_everything(loaded);
  EXPECT_EQ(loaded->notes.size(), 3U);
  EXPECT_EQ(loaded->notes.front(), "SDS: 4 of 4 warm-up sessions fetched over REST");
}

TEST_F(LiveWarmUp, AFolderThatIsNotThereIsFilledOverRest) {
  WarmUpBarsOptions o = options();
  o.folder = folder / "not" / "there";
  expect_everything(load_warm_up_bars(o));
}

TEST_F(LiveWarmUp, AMissingSymbolFileIsFilled) {
  write_files([](const SymbolBars& s, const SessionHours&) { return s.symbol != "SPXL"; });
  const auto loaded = load_warm_up_bars(options());
  expect_everything(loaded);
  EXPECT_EQ(loaded->notes, std::vector<std::string>{"SPXL: 4 of 4 warm-up sessions fetched over REST"});
  EXPECT_EQ(loaded->bars[1].file, "");
  EXPECT_NE(loaded->bars[0].file, "");
}

TEST_F(LiveWarmUp, AHoleInTheMiddleAndTheEndAreFilled) {
  write_files([](const SymbolBars& s, const SessionHours& h) {
    return !(s.symbol == "SDS" && is(h, 1)) && !(s.symbol == "SQQQ" && (is(h, 3)));
  });
  const auto loaded = load_warm_up_bars(options());
  expect_everything(loaded);
  EXPECT_EQ(loaded->notes, (std::vector<std::string>{"SDS: 1 of 4 warm-up sessions fetched over REST",
                                                     "SQQQ: 1 of 4 warm-up sessions fetched over REST"}));
  EXPECT_EQ(requests(), 2U) << "one fetch per run of sessions, each within a page";
}

TEST_F(LiveWarmUp, LearnsTheSameFromFetchedBars) {
  write_files([](const SymbolBars& s, const SessionHours& h) { return s.symbol != "SDS" || is(h, 0); });
  const auto loaded = load_warm_up_bars(options());
  ASSERT_TRUE(loaded) << loaded.error().message();
  const auto learned = [&](const std::vector<SymbolBars>& bars, const std::vector<SessionHours>& sessions) {
    return learn_warm_up({.config = world.options.config,
                          .universe = world.options.universe,
                          .fees = world.options.fees,
                          .sessions = sessions},
                         bars, {});
  };
  const auto live = learned(loaded->bars, loaded->sessions), mock = learned(world.bars, warm_up_sessions());
  ASSERT_TRUE(live && mock);
  EXPECT_TRUE(live->payload == mock->payload);
}

// ---- what vendors send --------------------------------------------------------------------------

/// Answers every fetch with what it was given, and remembers the questions.
class ToldHistory final : public BarHistory {
 public:
  FetchedBars fetch_some(TimePoint from, TimePoint to, const FetchPatience&) override {
    asked.emplace_back(from, to);
    if (!answer) return {{}, answer.error()};
    return {*answer, {}};
  }
  void cancel() override {}
  Result<std::vector<SymbolBar>> answer;
  std::vector<std::pair<TimePoint, TimePoint>> asked;
};

TEST_F(LiveWarmUp, NeverReplacesABarOfAFile) {
  // Of SDS's second session the file has one bar; of SPXL's, none.
  const SessionHours second = warm_up_sessions()[1];
  write_files([](const SymbolBars&, const SessionHours& h) { return !is(h, 1); });
  const Bar only{second.minute_start(7), 50, 51, 49, 50.5, 100};
  {
    std::string rows = rows_of(world.bars[0], warm_up_sessions()[0]);
    rows += std::to_string(epoch_seconds(only.start)) + ",50,51,49,50.5,100\n";
    for (int s : {2, 3}) rows += rows_of(world.bars[0], warm_up_sessions()[static_cast<std::size_t>(s)]);
    std::ofstream(folder / "SDS_RTH_NH.csv") << "timestamp,open,high,low,close,volume\n" << rows;
  }
  const auto loaded = load_warm_up_bars(options());
  ASSERT_TRUE(loaded) << loaded.error().message();
  std::vector<Bar> wanted = expected(0);
  std::erase_if(wanted, [&](const Bar& b) { return b.start >= second.open && b.start < second.close; });
  wanted.insert(std::ranges::lower_bound(wanted, only.start, {}, &Bar::start), only);
  EXPECT_TRUE(loaded->bars[0].bars == wanted);
  EXPECT_TRUE(loaded->bars[1].bars == expected(1));
}

TEST_F(LiveWarmUp, DropsWhatAFileWouldNotHold) {
  write_files([](const SymbolBars& s, const SessionHours& h) { return s.symbol != "SQQQ" || !is(h, 3); });
  const SessionHours half = warm_up_sessions()[3];
  ASSERT_TRUE(half.half_day());
  const auto bar = [](TimePoint start, double close = 50) { return Bar{start, 50, 51, 49, close, 100}; };
  const SymbolId sqqq = 2;
  ToldHistory told;
  told.answer = std::vector<SymbolBar>{
      {sqqq, bar(half.minute_start(9))},   // not in order
      {sqqq, bar(half.minute_start(-1))},  // before the open
      {sqqq, bar(half.minute_start(0))},
      {sqqq, bar(half.minute_start(5) + std::chrono::seconds{1})},  // off the grid
      {sqqq, bar(half.minute_start(6), 52)},                        // close above high
      {sqqq, bar(half.close)},                                      // after the early close
      {0, bar(half.minute_start(3))},                               // of a symbol whose file has the session
      {sqqq, bar(half.minute_start(9))},                            // twice
      {sqqq, bar(warm_up_sessions()[1].minute_start(1))}};          // of a session that nobody asked for
  WarmUpBarsOptions o = options();
  o.history = &told;
  const auto loaded = load_warm_up_bars(o);
  ASSERT_TRUE(loaded) << loaded.error().message();
  ASSERT_EQ(told.asked.size(), 1U);
  EXPECT_EQ(told.asked[0].first, half.open);
  EXPECT_EQ(told.asked[0].second, half.minute_start(half.minutes - 1));
  std::vector<Bar> wanted = expected(2);
  std::erase_if(wanted, [&](const Bar& b) { return b.start >= half.open && b.start < half.close; });
  const auto at = std::ranges::lower_bound(wanted, half.open, {}, &Bar::start);
  const std::vector<Bar> kept{bar(half.minute_start(0)), bar(half.minute_start(9))};
  wanted.insert(at, kept.begin(), kept.end());
  EXPECT_TRUE(loaded->bars[2].bars == wanted);
  EXPECT_TRUE(loaded->bars[0].bars == expected(0));
}

// ---- what a load refuses ------------------------------------------------------------------------

TEST_F(LiveWarmUp, FilesStampedWithTheirEndAreRefusedAcceptedOrReadRight) {
  for (SymbolBars& symbol : world.bars) {
    for (Bar& bar : symbol.bars) bar.start += kBarLength;
  }
  const auto shifted_rows = [](const SymbolBars& symbol, const SessionHours& hours) {
    SessionHours later = hours;
    later.open += kBarLength;
    later.close += kBarLength;
    return rows_of(symbol, later);
  };
  for (const SymbolBars& symbol : world.bars) {
    std::string rows;
    for (const SessionHours& hours : warm_up_sessions()) rows += shifted_rows(symbol, hours);
    std::ofstream(folder / (symbol.symbol + "_RTH_NH.csv")) << "timestamp,open,high,low,close,volume\n" << rows;
  }
  WarmUpBarsOptions o = options();
  const auto refused = load_warm_up_bars(o);
  ASSERT_FALSE(refused);
  EXPECT_EQ(exit_code(refused.error().code), ExitCode::data);
  EXPECT_TRUE(refused.error().message().starts_with("SDS: end_stamped: ")) << refused.error().message();
  o.accepted.kinds = {FindingKind::end_stamped};
  const auto accepted = load_warm_up_bars(o);
  ASSERT_TRUE(accepted) << accepted.error().message();
  EXPECT_EQ(accepted->review.findings.size(), 3U);
  EXPECT_TRUE(accepted->notes.empty());
  o.accepted = {};
  o.stamp = BarStamp::end;
  const auto right = load_warm_up_bars(o);
  ASSERT_TRUE(right) << right.error().message();
  EXPECT_TRUE(right->review.findings.empty());
  EXPECT_EQ(right->bars[0].bars.front().start, warm_up_sessions().front().open);
}

// ---- what stays missing -------------------------------------------------------------------------

std::string next_step(const ScratchFolder& folder) {
  return "complete the bars in " + folder.path().string() +
         ", or start with less than mock would learn: --allow-short-warmup";
}

TEST_F(LiveWarmUp, HolesWithoutAHistoryAreRefusedOrNoted) {
  write_files([](const SymbolBars& s, const SessionHours& h) {
    return !is(h, 1) && !(s.symbol == "SDS" && (is(h, 0) || is(h, 2)));
  });
  WarmUpBarsOptions o = options();
  o.history = nullptr;
  const auto refused = load_warm_up_bars(o);
  ASSERT_FALSE(refused);
  EXPECT_EQ(exit_code(refused.error().code), ExitCode::data);
  const std::vector<std::string> missing{"SDS: no bars in 3 of 4 warm-up sessions, 2025-06-30 to 2025-07-02",
                                         "SPXL: no bars in 1 of 4 warm-up sessions, 2025-07-01",
                                         "SQQQ: no bars in 1 of 4 warm-up sessions, 2025-07-01"};
  EXPECT_EQ(refused.error().message(),
            missing[0] + "\n" + missing[1] + "\n" + missing[2] + "\n" + next_step(folder));
  o.allow_short = true;
  const auto loaded = load_warm_up_bars(o);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->notes, missing);
  // The session that nobody has is left out; one that somebody has stays.
  const auto all = warm_up_sessions();
  EXPECT_EQ(loaded->sessions, (std::vector<SessionHours>{all[0], all[2], all[3]}));
  EXPECT_GT(loaded->bars[1].bars.size(), 900U);
}

TEST_F(LiveWarmUp, AFetchThatFailsIsNamedBesideWhatStaysMissing) {
  write_files([](const SymbolBars& s, const SessionHours& h) { return s.symbol != "SDS" || is(h, 0); });
  ASSERT_TRUE(exchange->control().inject("401 data"));
  const auto refused = load_warm_up_bars(options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::not_found);
  const std::string missing = "SDS: no bars in 3 of 4 warm-up sessions, 2025-07-01 to 2025-07-03";
  const std::string why = "fetching 2025-07-01 to 2025-07-03 failed: history: the data server answered 401: request is not authorized";
  EXPECT_EQ(refused.error().message(), missing + "\n" + why + "\n" + next_step(folder));
  ToldHistory told;
  told.answer = fail(Errc::network, "history", "no route");
  WarmUpBarsOptions o = options();
  o.history = &told;
  o.allow_short = true;
  const auto loaded = load_warm_up_bars(o);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->notes, (std::vector<std::string>{
                               missing, "fetching 2025-07-01 to 2025-07-03 failed: history: no route"}));
  EXPECT_EQ(loaded->sessions, warm_up_sessions());
}

TEST_F(LiveWarmUp, AHistoryWithoutTheBarsLeavesThemMissing) {
  write_files([](const SymbolBars& s, const SessionHours&) { return s.symbol != "SDS"; });
  ToldHistory told;
  WarmUpBarsOptions o = options();
  o.history = &told;
  const auto refused = load_warm_up_bars(o);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(),
            "SDS: no bars in 4 of 4 warm-up sessions, 2025-06-30 to 2025-07-03\n" + next_step(folder));
  EXPECT_EQ(told.asked.size(), 1U);
}

TEST_F(LiveWarmUp, NothingAtAllIsAnEmptyStartOnlyWhenAllowed) {
  WarmUpBarsOptions o = options();
  o.history = nullptr;
  EXPECT_FALSE(load_warm_up_bars(o));
  o.allow_short = true;
  const auto loaded = load_warm_up_bars(o);
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->sessions.empty());
  EXPECT_EQ(loaded->bars.size(), 3U);
  EXPECT_EQ(loaded->notes.size(), 3U);
}

TEST_F(LiveWarmUp, ACalendarThatBeginsTooLateIsShortToo) {
  WarmUpBarsOptions o = options();
  o.day = day(2018, 1, 4);  // 2 and 3 January 2018 are the first sessions of the table
  o.history = nullptr;
  const auto refused = load_warm_up_bars(o);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(),
            "the calendar has 2 of the 4 sessions wanted before 2018-01-04\n"
            "SDS: no bars in 2 of 2 warm-up sessions, 2018-01-02 to 2018-01-03\n"
            "SPXL: no bars in 2 of 2 warm-up sessions, 2018-01-02 to 2018-01-03\n"
            "SQQQ: no bars in 2 of 2 warm-up sessions, 2018-01-02 to 2018-01-03\n" +
                next_step(folder));
}

TEST_F(LiveWarmUp, NoSessionsWantedIsNoWork) {
  WarmUpBarsOptions o = options();
  o.sessions_wanted = 0;
  const auto loaded = load_warm_up_bars(o);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->bars.size(), 3U);
  EXPECT_TRUE(loaded->sessions.empty());
  EXPECT_TRUE(loaded->notes.empty());
  EXPECT_EQ(requests(), 0U);
}

TEST_F(LiveWarmUp, FilesThatDoNotReadAreErrorsWhateverIsAllowed) {
  write_files(everything);
  std::ofstream(folder / "SDS_RTH_NH.csv")
      << "timestamp,open,high,low,close,volume\n1751290200,50,49,51,50,100\n";
  std::ofstream(folder / "SQQQ_RTH_NH.csv") << "who knows\n";
  WarmUpBarsOptions o = options();
  o.allow_short = true;
  const auto refused = load_warm_up_bars(o);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::out_of_range);
  EXPECT_NE(refused.error().message().find("SDS_RTH_NH.csv:2: high 49 is below low 51"), std::string::npos)
      << refused.error().message();
  EXPECT_NE(refused.error().message().find("SQQQ_RTH_NH.csv"), std::string::npos);
  EXPECT_EQ(requests(), 0U);
}

}  // namespace
}  // namespace sentio
