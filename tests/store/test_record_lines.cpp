/// Lines of the JSONL files read back: what was written comes out, damage is named, a torn end is no damage.

#include <gtest/gtest.h>

#include <cmath>

#include "sentio/store/record_format.h"
#include "sentio/store/record_lines.h"

namespace sentio {
namespace {

const std::vector<std::string> kNames{"SQQQ", "TQQQ"};
const TimePoint kOpen = from_new_york(
    Date{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{26}}, std::chrono::minutes{570});
const TimePoint kSet = kOpen + std::chrono::minutes{1};

RecordFormatter formatter() {
  return {kNames, {1, 5}};
}

TEST(RecordLines, SignalsReadBack) {
  SignalRecord r{.ts = kSet, .bar_start = kOpen, .horizons = 2};
  r.signal.symbol = 1;
  r.signal.own.valid = true;
  r.signal.own.probability = 0.75;
  r.signal.own.confidence = 0.5;
  r.signal.strength = 0.625;
  std::string text;
  formatter().append(text, r);
  const auto lines = parse_signal_lines(text + text, "f");
  ASSERT_TRUE(lines) << lines.error().message();
  ASSERT_EQ(lines->size(), 2U);
  const SignalLine& line = lines->back();
  EXPECT_EQ(line.ts, kSet);
  EXPECT_EQ(line.symbol, "TQQQ");
  EXPECT_TRUE(line.valid);
  EXPECT_EQ(line.probability, 0.75);
  EXPECT_EQ(line.confidence, 0.5);
  EXPECT_EQ(line.strength, 0.625);
}

TEST(RecordLines, ExecutionsReadBackAndUnknownPricesStayUnknown) {
  ExecutionPrices e{.ts = kSet, .symbol = "TQQQ", .order_id = "sen-1", .side = "sell", .qty = 3};
  e.price = 1. / 3;
  e.decision_close = 99.84;
  e.half_spread = 0.1 + 0.2;
  std::string text;
  formatter().append(text, e);
  EXPECT_NE(text.find("\"next_open\":null"), std::string::npos) << text;
  const auto lines = parse_execution_lines(text, "f");
  ASSERT_TRUE(lines) << lines.error().message();
  ASSERT_EQ(lines->size(), 1U);
  const ExecutionPrices& back = lines->front();
  EXPECT_EQ(back.ts, e.ts);
  EXPECT_EQ(back.symbol, "TQQQ");
  EXPECT_EQ(back.order_id, "sen-1");
  EXPECT_FALSE(back.buy());
  EXPECT_EQ(back.qty, 3);
  EXPECT_EQ(back.price, e.price);
  EXPECT_EQ(back.decision_close, e.decision_close);
  EXPECT_EQ(back.half_spread, e.half_spread);
  for (const double unknown : {back.next_open, back.minute_open, back.bid, back.ask, back.quote_age_s})
    EXPECT_TRUE(std::isnan(unknown));
  text.replace(text.find("sell"), 4, "hold");
  const auto damaged = parse_execution_lines(text, "f");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().message(), "f:1: unknown side \"hold\"");
}

TEST(RecordLines, SumsOfLearnersReadBackToTheLastBit) {
  LearnerHealth health{.horizons = 2};
  health.horizon[0].sums = {.labels = 387, .hits = 201.5, .p = 1. / 3, .y = -2e-17, .pp = 1e300, .yy = .1, .py = -.7,
                            .rank_correlation = 2. / 3};
  health.horizon[0].labels = 387;
  std::string text;
  formatter().append(text, HealthRecord{kSet, kOpen, 1, &health, {}});
  const auto lines = parse_learner_lines(text, "f");
  ASSERT_TRUE(lines) << lines.error().message();
  ASSERT_EQ(lines->size(), 1U);
  EXPECT_EQ(lines->front().symbol, "TQQQ");
  ASSERT_EQ(lines->front().horizons.size(), 2U);
  const HorizonLine &first = lines->front().horizons[0], &second = lines->front().horizons[1];
  const ForecastSums& sums = health.horizon[0].sums;
  EXPECT_EQ(first.minutes, 1);
  EXPECT_EQ(first.labels, 387);
  EXPECT_EQ(first.hits, sums.hits);
  EXPECT_EQ(first.p, sums.p);
  EXPECT_EQ(first.y, sums.y);
  EXPECT_EQ(first.pp, sums.pp);
  EXPECT_EQ(first.yy, sums.yy);
  EXPECT_EQ(first.py, sums.py);
  EXPECT_EQ(first.rank_ic, 2. / 3);
  EXPECT_EQ(second.minutes, 5);
  EXPECT_TRUE(std::isnan(second.rank_ic)) << "null";
}

TEST(RecordLines, LearnersOfFilesWithoutSumsHaveNone) {
  const auto lines = parse_learner_lines(
      R"({"ts":"2025-09-26T16:00:00-04:00","symbol":"TQQQ","horizons":[{"minutes":5,"labels":9,"slope":1}]})" "\n", "f");
  ASSERT_TRUE(lines) << lines.error().message();
  EXPECT_TRUE(std::isnan(lines->front().horizons[0].py));
}

TEST(RecordLines, DecisionsReadBackAlsoThoseAboutTheWholeBook) {
  std::string text;
  RecordFormatter format = formatter();
  DecisionRecord r{.ts = kSet,
                   .bar_start = kOpen,
                   .symbol = 1,
                   .kind = DecisionKind::enter,
                   .reason = Reason::entered,
                   .qty = 30,
                   .price = 99.5};
  format.append(text, r);
  r.for_all = true;
  format.append(text, r);
  const auto lines = parse_decision_lines(text, "f");
  ASSERT_TRUE(lines) << lines.error().message();
  EXPECT_EQ(lines->at(0).action, "enter");
  EXPECT_EQ(lines->at(0).reason, "entered");
  EXPECT_EQ(lines->at(0).price, 99.5);
  EXPECT_EQ(lines->at(1).symbol, "*");
  EXPECT_EQ(lines->at(1).price, 0);
}

TEST(RecordLines, TradesReadBack) {
  TradeRecord r{.ts = kSet,
                .bar_start = kOpen,
                .decided_at = kSet,
                .qty = 30,
                .price = 99.5,
                .fees = 0.25,
                .spread_cost = 1.5,
                .reason = Reason::stop_loss,
                .pnl = -3,
                .pnl_pct = -0.001,
                .last_resort = true};
  r.order.symbol = 1;
  r.order.side = Side::sell;
  std::string text;
  formatter().append(text, r);
  const auto lines = parse_trade_lines(text, "f");
  ASSERT_TRUE(lines) << lines.error().message();
  const TradeLine& line = lines->at(0);
  EXPECT_FALSE(line.buy());
  EXPECT_EQ(line.qty, 30);
  EXPECT_EQ(line.price, 99.5);
  EXPECT_EQ(line.fees, 0.25);
  EXPECT_EQ(line.spread_cost, 1.5);
  EXPECT_EQ(line.pnl, -3);
  EXPECT_EQ(line.reason, "stop_loss");
  EXPECT_TRUE(line.last_resort);
}

TEST(RecordLines, BooksReadBackWithWhatTheyHold) {
  const PositionLine held[] = {{.symbol = 0, .qty = 5, .avg_entry = 20, .mark = 21},
                               {.symbol = 1, .qty = 7, .avg_entry = 90, .mark = 89.5}};
  PositionsRecord r{
      .ts = kSet, .bar_start = kOpen, .cash = 1000, .equity = 1731.5, .mrd = 0.001, .positions = held};
  std::string text;
  RecordFormatter format = formatter();
  format.append(text, r);
  r.positions = {};
  r.skipped_set = true;
  format.append(text, r);
  const auto lines = parse_book_lines(text, "f");
  ASSERT_TRUE(lines) << lines.error().message();
  ASSERT_EQ(lines->at(0).positions.size(), 2U);
  EXPECT_EQ(lines->at(0).positions[1].symbol, "TQQQ");
  EXPECT_EQ(lines->at(0).positions[1].mark, 89.5);
  EXPECT_EQ(lines->at(0).equity, 1731.5);
  EXPECT_FALSE(lines->at(0).skipped_set);
  EXPECT_TRUE(lines->at(1).skipped_set);
  EXPECT_TRUE(lines->at(1).positions.empty());
}

constexpr const char* kBook =
    R"({"ts":"2025-09-26T09:31:00-04:00","cash":1,"equity":2,"mrd":0,"new":{"a":[1,{"b":2}]},"positions":[]})"
    "\n";

TEST(RecordLines, UnknownKeysArePassedOverAndNullIsNoNumber) {
  const auto lines = parse_book_lines(
      std::string(kBook) +
          R"({"ts":"2025-09-26T09:32:00-04:00","cash":null,"equity":2,"mrd":0,"positions":[]})" + "\n",
      "f");
  ASSERT_TRUE(lines) << lines.error().message();
  EXPECT_TRUE(std::isnan(lines->at(1).cash));
}

struct Damage {
  std::string name, line, problem;
  friend void PrintTo(const Damage& row, std::ostream* out) { *out << row.name; }
};
class RecordLinesDamage : public testing::TestWithParam<Damage> {};

TEST_P(RecordLinesDamage, IsNamedWithFileAndLine) {
  const auto lines = parse_book_lines(kBook + GetParam().line + "\n" + kBook, "logs/positions.jsonl");
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().code, Errc::malformed);
  EXPECT_EQ(lines.error().where, "logs/positions.jsonl:2");
  EXPECT_NE(lines.error().detail.find(GetParam().problem), std::string::npos) << lines.error().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, RecordLinesDamage,
    testing::Values(
        Damage{"Empty", "", "no JSON"}, Damage{"Cut", R"({"ts":"2025-09-26T09:31)", "no JSON"},
        Damage{"Zeros", std::string(5, '\0'), "no JSON"}, Damage{"BrokenUtf8", "{\"\xff\":1}", "no JSON"},
        Damage{"Number", "5", "has no \"ts\""}, Damage{"List", "[1]", "has no \"ts\""},
        Damage{"MissingKey", R"({"ts":"2025-09-26T09:31:00-04:00","cash":1,"mrd":0})", "has no \"equity\""},
        Damage{"WrongKind", R"({"ts":"2025-09-26T09:31:00-04:00","cash":"1","equity":2,"mrd":0})",
               "\"cash\" is text"},
        Damage{"ListForNumber", R"({"ts":"2025-09-26T09:31:00-04:00","cash":[],"equity":2,"mrd":0})",
               "\"cash\" is a list"},
        Damage{"NoOffset", R"({"ts":"2025-09-26T09:31:00","cash":1,"equity":2,"mrd":0})", "no time"},
        Damage{
            "HeldWithoutMark",
            R"({"ts":"2025-09-26T09:31:00-04:00","cash":1,"equity":2,"mrd":0,"positions":[{"symbol":"A","qty":1,"avg_entry":1}]})",
            "has no \"mark\""},
        Damage{"TwoOnALine", R"({"ts":"2025-09-26T09:31:00-04:00","cash":1,"equity":2,"mrd":0}{})",
               "no JSON"}),
    [](const auto& damage) { return damage.param.name; });

TEST(RecordLines, AnUnknownSideIsRefused) {
  const auto lines = parse_trade_lines(
      R"({"ts":"2025-09-26T09:31:00-04:00","symbol":"A","order_id":"x","side":"short","qty":1,"price":1,"fees":0,"spread_cost":0,"reason":"r","pnl":0,"pnl_pct":0})"
      "\n",
      "t");
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().message(), "t:1: unknown side \"short\"");
}

// Cut at every byte: lines before the cut stay, the cut one counts only when it is whole, and nothing else
// happens.
TEST(RecordLines, ATornEndIsWhatARunningDayLooksLike) {
  const std::string text = std::string(kBook) + kBook;
  const std::size_t line = std::string(kBook).size();
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto lines = parse_book_lines(text.substr(0, length), "f");
    ASSERT_TRUE(lines) << length << ": " << lines.error().message();
    EXPECT_EQ(lines->size(), (length + 1) / line) << length;
  }
}

}  // namespace
}  // namespace sentio
