/// Paper days read back from their files: the same figures as the run had, and no guesses about broken files.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <sstream>

#include "mock_world.h"
#include "planted_signals.h"
#include "scratch_folder.h"
#include "sentio/mock/day_tape.h"
#include "sentio/mock/replay_broker.h"
#include "sentio/live/journal_replay.h"
#include "journal/live_files.h"
#include "sentio/live/paper_days.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

namespace fs = std::filesystem;
using testing::day;

struct PaperRun {
  DayResult result;
  DayFiles files;
  std::string journal;
};

struct RunOptions {
  std::string mode = "paper";
  std::chrono::minutes begun{0};  ///< how long after the open the day begins
  bool close = true;         ///< the session is stepped to its end
  std::string without = {};  ///< a symbol that has no bar
  bool adopt = false;        ///< 100 shares are there before the open
  int minutes = 390;         ///< fewer: the day ends with what is held then
  double volume = 50'000;    ///< shares a minute; few fill orders in parts
  int broker_sells = 0;      ///< the first symbols held without an order that it sells by itself, one a minute
};

/// Confidence by symbol and minute: the mean over six symbols is 0.40 + 0.002·minute in the first hour.
double planted_confidence(SymbolId symbol, int minute) {
  return (minute < 60 ? 0.40 + 0.002 * minute : 0.90) + 0.01 * (symbol - 2.5);
}

/// A day as live steps it: every event in the journal first, then the session, then the recorder.
class PaperDriver {
 public:
  PaperDriver(const testing::MockWorld& world, const SessionHours& hours, const RunOptions& options)
      : hours_(hours),
        options_(options),
        header_{.date = hours.date,
                .mode = options.mode,
                .options = {world.options.config, world.options.universe, world.options.fees, Usd{100'000}}},
        names_(world.options.universe.names()),
        broker_(world.options.config.fill, header_.options.universe),
        recorder_(world.options.config, world.options.universe),
        session_(header_.options, signals()),
        tape_(hours, world.bars) {}

  PaperRun run() {
    run_.journal = encode_run_header(header_);
    recorder_.begin_day(hours_, session_.ledger().equity().v, session_.calibration());
    broker_.begin_session();
    step(hours_.open + options_.begun, SessionOpened{.hours = hours_, .trading = true});
    if (options_.adopt)
      step(hours_.open, PositionAdopted{.symbol = 3, .qty = Qty{100}, .avg_entry = Price{50}});
    append_note(run_.journal, hours_.open, "feed_up", "\"event\":\"nonsense\"", ++line_);
    for (int i = 0; i < std::min(hours_.minutes, options_.minutes); ++i) minute(i);
    if (options_.minutes >= hours_.minutes) broker_.end_session(hours_.close);
    drain(hours_.close);
    if (options_.close) step(hours_.close, SessionClosed{});
    run_.result = recorder_.end_day(session_.ledger().equity().v, session_.flat());
    run_.files = recorder_.files();
    return std::move(run_);
  }

 private:
  std::unique_ptr<SignalSource> signals() const {
    auto random = std::make_shared<testing::Random>(17);
    return std::make_unique<testing::PlantedSignals>(names_.size(),
                                                     [random](SymbolId id, int minute, SymbolSignal& s) {
                                                       s.probability = random->uniform();
                                                       s.confidence = planted_confidence(id, minute);
                                                     });
  }
  void minute(int i) {
    BarsArrived set{.minute = i, .bars = {}};
    tape_.minute(i, set.bars);
    for (std::size_t s = 0; s < names_.size(); ++s)
      if (names_[s] == options_.without) set.bars[s].reset();
    broker_.on_minute(hours_.minute_start(i), set.bars);
    drain(hours_.minute_start(i));
    step(hours_.minute_end(i), set);
    sell_by_broker(hours_.minute_end(i));
  }
  void sell_by_broker(TimePoint now) {
    const WorkingOrders& working = std::as_const(session_).working_orders();
    for (std::size_t s = 0; s < names_.size() && options_.broker_sells > 0; ++s) {
      const auto symbol = static_cast<SymbolId>(s);
      const Position& held = session_.ledger().position(symbol);
      if (held.qty == Qty{0} || working.find(symbol) != nullptr) continue;
      --options_.broker_sells;
      return step(now, PositionClosedByBroker{symbol, held.qty, held.mark, now});
    }
  }
  void step(TimePoint now, const Event& event) {
    append_event(run_.journal, now, event, names_, ++line_);
    for (const Action& action : session_.step(now, event)) {
      if (const auto* submit = std::get_if<SubmitOrder>(&action)) broker_.submit(submit->order, now);
      if (const auto* cancel = std::get_if<CancelOrder>(&action)) broker_.cancel(cancel->order);
      recorder_.on_action(action);
    }
    drain(now);
  }
  void drain(TimePoint now) {
    for (const Event& event : broker_.poll()) step(now, event);
  }

  SessionHours hours_;
  RunOptions options_;
  RunHeader header_;
  std::vector<std::string> names_;
  ReplayBroker broker_;
  RunRecorder recorder_;
  TradingSession session_;
  DayTape tape_;
  PaperRun run_;
  int line_ = 1;
};

const Date kHalfDay = day(2025, 7, 3);
const Date kNextSession = day(2025, 7, 7);

PaperRun run_day(Date date = kHalfDay, const RunOptions& options = {}) {
  testing::WalkOptions walk;
  walk.volatility = 3e-3;  // stops, targets and a drawdown
  walk.volume = options.volume;
  const auto world = testing::walking_world(date, date, 0, 7, walk);
  return PaperDriver(world, *NyseCalendar::session(date), options).run();
}

void write_day(const fs::path& folder, Date date, const PaperRun& run) {
  ASSERT_TRUE(LiveFiles::open(folder, date, run.files));
  ASSERT_TRUE(write_file_atomically(folder / ("journal_" + format_date(date) + ".jsonl"), run.journal));
}

int wins_of(const DayResult& day) {
  return static_cast<int>(
      std::ranges::count_if(day.round_trips, [](const RoundTrip& t) { return t.pnl > 0; }));
}

class PaperDays : public ::testing::Test {
 protected:
  testing::ScratchFolder folder;
};

TEST_F(PaperDays, HaveTheFiguresOfTheirRun) {
  const PaperRun run = run_day(kHalfDay, {.without = "SDS", .volume = 3'000});
  write_day(folder.path(), kHalfDay, run);
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_TRUE(days) << days.error().message();
  ASSERT_EQ(days->size(), 1U);
  const PaperDay& d = days->front();
  EXPECT_EQ(d.date, kHalfDay);
  EXPECT_EQ(d.equity_start, run.result.equity_start);
  EXPECT_EQ(d.equity_end, run.result.equity_end);
  EXPECT_EQ(d.trades, run.result.orders_filled);
  EXPECT_EQ(d.round_trips, static_cast<int>(run.result.round_trips.size()));
  EXPECT_EQ(d.wins, wins_of(run.result));
  EXPECT_NEAR(d.drawdown_max, run.result.drawdown_max, 1e-8);
  EXPECT_EQ(d.strength_count, run.result.signals.strength_count);
  EXPECT_NEAR(d.strength_sum, run.result.signals.strength_sum, 1e-3);
  EXPECT_EQ(d.symbols_with_bars, (std::set<std::string>{"SPXL", "SQQQ", "SVXY", "TQQQ", "UVXY"}));
  // The run was worth comparing.
  EXPECT_GT(d.wins, 2);
  EXPECT_GT(d.round_trips, d.wins + 2);
  EXPECT_GE(d.trades, 2 * d.round_trips);
  EXPECT_GT(std::ranges::count(run.files.trades, '\n'), d.trades + 2) << "orders filled in parts";
  EXPECT_GT(d.drawdown_max, 0.001);
  EXPECT_NE(d.equity_end, d.equity_start);
}

// The set that ends 60 minutes after the open is minute 59's.
TEST_F(PaperDays, TakeTheBestSetOfTheFirstHour) {
  write_day(folder.path(), kHalfDay, run_day());
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_TRUE(days) << days.error().message();
  ASSERT_TRUE(days->front().confidence_first_hour);
  EXPECT_NEAR(*days->front().confidence_first_hour, 0.40 + 0.002 * 59, 1e-6);
}

TEST_F(PaperDays, AreWorthTheLastClosesWhereTheyEndWithShares) {
  const PaperRun run = run_day(kHalfDay, {.minutes = 100});
  ASSERT_FALSE(run.result.flat_at_close);
  write_day(folder.path(), kHalfDay, run);
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_TRUE(days) << days.error().message();
  EXPECT_EQ(days->front().equity_end, run.result.equity_end);
}

TEST_F(PaperDays, HoldAdoptedSharesInTheirEquity) {
  const PaperRun run = run_day(kHalfDay, {.adopt = true});
  write_day(folder.path(), kHalfDay, run);
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_TRUE(days) << days.error().message();
  EXPECT_EQ(days->front().equity_end, run.result.equity_end);
  EXPECT_EQ(days->front().trades, run.result.orders_filled);
}

TEST_F(PaperDays, BookWhatTheBrokerSoldByItself) {
  const PaperRun run = run_day(kHalfDay, {.broker_sells = 3});
  ASSERT_EQ(std::ranges::count(run.result.round_trips, "closed_by_broker", &RoundTrip::exit_reason), 3);
  write_day(folder.path(), kHalfDay, run);
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_TRUE(days) << days.error().message();
  EXPECT_EQ(days->front().equity_end, run.result.equity_end);
  EXPECT_EQ(days->front().trades, run.result.orders_filled);
  EXPECT_EQ(days->front().wins, wins_of(run.result));
  EXPECT_NE(run.files.trades.find("\"order_id\":\"broker-20250703-"), std::string::npos);
  EXPECT_NE(run.files.session_log.find(" sold by the broker: "), std::string::npos);
}

TEST_F(PaperDays, AreThoseOnPaperThatWereRunToTheClose) {
  write_day(folder.path(), day(2025, 6, 27), run_day(day(2025, 6, 27), {.mode = "real"}));
  write_day(folder.path(), day(2025, 6, 30), run_day(day(2025, 6, 30), {.mode = "rehearse"}));
  write_day(folder.path(), day(2025, 7, 1), run_day(day(2025, 7, 1), {.close = false}));
  write_day(folder.path(), day(2025, 7, 2), run_day(day(2025, 7, 2)));
  write_day(folder.path(), kHalfDay, run_day());
  // Killed before its header was written; nothing but the journal is there.
  ASSERT_TRUE(write_file_atomically(folder / "journal_2025-06-26.jsonl", ""));
  ASSERT_TRUE(write_file_atomically(folder / "journal_2025-06-25.jsonl", R"({"journal":1,"mode":"pap)"));
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_TRUE(days) << days.error().message();
  ASSERT_EQ(days->size(), 2U);
  EXPECT_EQ((*days)[0].date, day(2025, 7, 2));
  EXPECT_EQ((*days)[1].date, kHalfDay);
}

TEST_F(PaperDays, HaveTheMorningInThem) {
  const auto begun = [&](std::chrono::minutes late) {
    write_day(folder.path(), kHalfDay, run_day(kHalfDay, {.begun = late}));
    return read_paper_days(folder.path(), kNextSession).value().size();
  };
  EXPECT_EQ(begun(std::chrono::minutes{60}), 1U);
  EXPECT_EQ(begun(std::chrono::minutes{61}), 0U);
  EXPECT_EQ(begun(std::chrono::minutes{211}), 0U);  // after the close
}

TEST_F(PaperDays, LieAmongTheLastSessionsBeforeTheDay) {
  write_day(folder.path(), day(2025, 7, 2), run_day(day(2025, 7, 2)));
  write_day(folder.path(), kHalfDay, run_day());
  const auto dates = [&](Date before, int sessions) {
    std::vector<Date> out;
    const auto days = read_paper_days(folder.path(), before, sessions);
    EXPECT_TRUE(days);
    for (const PaperDay& d : *days) out.push_back(d.date);
    return out;
  };
  EXPECT_EQ(dates(kNextSession, 30), (std::vector{day(2025, 7, 2), kHalfDay}));
  EXPECT_EQ(dates(kNextSession, 1), (std::vector{kHalfDay}));
  EXPECT_EQ(dates(kHalfDay, 30), (std::vector{day(2025, 7, 2)}));
  // The half day is the 30th session before 2025-08-15.
  EXPECT_EQ(dates(day(2025, 8, 15), kPaperWindowSessions), (std::vector{kHalfDay}));
  EXPECT_EQ(dates(day(2025, 8, 18), kPaperWindowSessions), std::vector<Date>{});
}

TEST_F(PaperDays, AreNoneWithoutAFolder) {
  const auto days = read_paper_days(folder / "nowhere", kNextSession);
  ASSERT_TRUE(days);
  EXPECT_TRUE(days->empty());
}

TEST_F(PaperDays, OfAnOlderOtherModeNeedNoReadableHeader) {
  ASSERT_TRUE(write_file_atomically(folder / "journal_2025-07-03.jsonl",
                                    "{\"journal\":0,\"mode\":\"rehearse\"}\nof another version\n"));
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_TRUE(days) << days.error().message();
  EXPECT_TRUE(days->empty());
}

// ---- files that are not as they were written --------------------------------------------------------

struct FileCase {
  std::string name;
  std::string stem;                                       ///< "trades_"
  std::function<void(std::vector<std::string>&)> change;  ///< of the file's lines
  std::string error;                                      ///< part of it; empty: still a paper day
};
void PrintTo(const FileCase& c, std::ostream* out) {
  *out << c.name;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void replace(std::string& line, const std::string& what, const std::string& by) {
  const auto at = line.find(what);
  ASSERT_NE(at, std::string::npos) << what << " in " << line;
  line.replace(at, what.size(), by);
}

/// Puts another value behind the key, up to the next comma or brace.
auto set(std::size_t line, const std::string& key, const std::string& value) {
  return [=](std::vector<std::string>& lines) {
    std::string& text = lines[line - 1];
    const auto at = text.find("\"" + key + "\":");
    ASSERT_NE(at, std::string::npos) << text;
    const auto from = at + key.size() + 3;
    text.replace(from, text.find_first_of(",}", from) - from, value);
  };
}
auto put(std::size_t line, const std::string& text) {
  return [=](std::vector<std::string>& lines) { lines[line - 1] = text; };
}
auto add_key(std::size_t line, const std::string& after = "{") {
  return [=](std::vector<std::string>& lines) {
    replace(lines[line - 1], after, after + R"("later":[1,{"x":null}],)");
  };
}
/// As journals were before their lines bore numbers.
void without_numbers(std::vector<std::string>& lines) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    ASSERT_TRUE(lines[i].starts_with("{\"seq\":")) << lines[i];
    lines[i].erase(1, lines[i].find(','));
  }
}
auto drop(std::size_t line) {
  return [=](std::vector<std::string>& lines) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(line) - 1);
  };
}
/// The first journal line of that event.
auto in_event(const std::string& event, const std::string& what, const std::string& by) {
  return [=](std::vector<std::string>& lines) {
    const auto at = std::ranges::find_if(lines, [&](const std::string& l) {
      return l.find("\"event\":\"" + event + "\"") != std::string::npos;
    });
    ASSERT_NE(at, lines.end());
    replace(*at, what, by);
  };
}

class PaperDayFile : public ::testing::TestWithParam<FileCase> {};
TEST_P(PaperDayFile, IsBelievedOnlyWhole) {
  const testing::ScratchFolder folder;
  write_day(folder.path(), kHalfDay, run_day());
  const fs::path file = folder / (GetParam().stem + "2025-07-03.jsonl");
  auto lines = lines_of(*read_text_file(file));
  ASSERT_GT(lines.size(), 9U);
  GetParam().change(lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  ASSERT_TRUE(write_file_atomically(file, text));
  const auto days = read_paper_days(folder.path(), kNextSession);
  if (GetParam().error.empty()) {
    ASSERT_TRUE(days) << days.error().message();
    EXPECT_EQ(days->size(), 1U);
    return;
  }
  ASSERT_FALSE(days);
  const std::string said = days.error().message();
  EXPECT_NE(said.find(file.string() + ":"), std::string::npos) << said;
  EXPECT_NE(said.find(GetParam().error), std::string::npos) << said;
  EXPECT_NE(said.find("move that day's files away"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Journal, PaperDayFile,
    ::testing::Values(
        FileCase{"NoHeader", "journal_", put(1, "{}"), ":1: does not begin with a journal header"},
        FileCase{"HeaderCut", "journal_", put(1, R"({"journal":1,"mode":"paper")"), ":1: does not"},
        FileCase{"HeaderWithoutConfig", "journal_", put(1, R"({"journal":1,"mode":"paper"})"),
                 ":1: journal header: "},
        FileCase{"OtherDate", "journal_", set(1, "date", "\"2025-07-02\""),
                 ":1: is the journal of 2025-07-02"},
        FileCase{"NotJson", "journal_", put(7, R"({"seq":7,?)"), ":7: not a journal event: "},
        FileCase{"UnknownEvent", "journal_", set(7, "event", "\"moon\""), ":7: not a journal event"},
        FileCase{"MoreSold", "journal_", in_event("fill", "\"side\":\"buy\"", "\"side\":\"sell\""),
                 ": more sold than held"},
        FileCase{"FillOfNothing", "journal_", in_event("fill", "\"price\":", "\"price\":-"),
                 ": a fill without shares or price"},
        FileCase{"BarWithoutPrice", "journal_", in_event("bars", "[", "[1,1,1,0,1],\"SQQQ\":["),
                 ": a bar without a price"},
        FileCase{"NoteLost", "journal_", drop(3), ":3: \"seq\":3 expected, found 4"},
        FileCase{"WithoutNumbers", "journal_", without_numbers, ""},
        FileCase{"LaterKeys", "journal_", add_key(4, "{\"seq\":4,"), ""}),
    [](const auto& tc) { return tc.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Records, PaperDayFile,
    ::testing::Values(
        FileCase{"SignalKeys", "signals_", add_key(5), ""}, FileCase{"TradeKeys", "trades_", add_key(5), ""},
        FileCase{"PositionKeys", "positions_", add_key(5), ""},
        FileCase{"SignalNotJson", "signals_", put(8, "{"), ":8: not a record of this day: "},
        FileCase{"ConfidenceGone", "signals_", set(8, "confidence", "null"), ":8: not a record"},
        FileCase{"StrengthAsText", "signals_", set(8, "strength", "\"0.4\""), ":8: not a record"},
        FileCase{"SymbolUnknown", "signals_", set(8, "symbol", "\"MOON\""),
                 ":8: not a record of this day: unknown"},
        FileCase{"SignalOfAnotherDay", "signals_", set(8, "ts", "\"2025-07-02T10:00:00-04:00\""),
                 ":8: not a record of this day: a time outside"},
        FileCase{"EquityGone", "positions_", set(9, "equity", "null"), ":9: not a record"},
        FileCase{"EquityZero", "positions_", set(9, "equity", "0"), ":9: not a record of this day: equity"},
        FileCase{"PositionsLineLost", "positions_", drop(9), ": holds 209 sets, the day's journal 210"},
        FileCase{"TradeLost", "trades_", drop(2), ": holds "},
        FileCase{"SideUnknown", "trades_", set(2, "side", "\"hold\""),
                 ":2: not a record of this day: unknown side"},
        FileCase{"NoShares", "trades_", set(2, "qty", "0"),
                 ":2: not a record of this day: an execution without"},
        FileCase{"PnlGone", "trades_", set(2, "pnl", "null"), ":2: not a record"},
        FileCase{"EmptyLine", "trades_", put(2, ""), ":2: not a record"}),
    [](const auto& tc) { return tc.param.name; });

TEST_F(PaperDays, MayHaveATornJournalEndButWholeRecords) {
  PaperRun run = run_day();
  run.journal += R"({"now":"2025-07-03T17:00:01Z","note":"fe)";
  write_day(folder.path(), kHalfDay, run);
  EXPECT_TRUE(read_paper_days(folder.path(), kNextSession));
  run.files.trades.pop_back();
  write_day(folder.path(), kHalfDay, run);
  const auto days = read_paper_days(folder.path(), kNextSession);
  ASSERT_FALSE(days);
  EXPECT_EQ(days.error().code, Errc::malformed);
  EXPECT_NE(days.error().message().find(": the last line is cut off"), std::string::npos);
}

TEST_F(PaperDays, NeedAllTheirFiles) {
  for (const char* stem : {"signals_", "trades_", "positions_"}) {
    write_day(folder.path(), kHalfDay, run_day());
    fs::remove(folder / (std::string(stem) + "2025-07-03.jsonl"));
    const auto days = read_paper_days(folder.path(), kNextSession);
    ASSERT_FALSE(days) << stem;
    EXPECT_EQ(days.error().code, Errc::not_found);
    EXPECT_NE(days.error().message().find(stem), std::string::npos) << days.error().message();
  }
}

}  // namespace
}  // namespace sentio
