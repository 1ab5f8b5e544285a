// What is shown of a folder, from files as a live day leaves them: whole, half, damaged, gone, of tomorrow.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "scratch_folder.h"
#include "sentio/dashboard/day_view.h"

namespace sentio {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::seconds;

constexpr const char* kHeader =
    R"({"journal":1,"date":"2025-07-02","mode":"rehearse","capital":100000,"config":{"name":"Rotation","oes_config":{"buy_threshold":0.5},)"
    R"("signal_aggregator_config":{"min_confidence":0.01,"min_strength":0.005},)"
    R"("rotation_manager_config":{"max_positions":2,"stop_loss_pct":0.015,"profit_target_pct":0.03}}})";

class DayViewTest : public ::testing::Test {
 protected:
  void append(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(logs_);
    std::ofstream(logs_ / name, std::ios::app) << text;
    touch(name, now_);
  }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::remove(logs_ / name);
    append(name, text);
  }
  void touch(const std::string& name, TimePoint at) {
    const timespec time{.tv_sec = epoch_seconds(at), .tv_nsec = 0};
    const timespec both[]{time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, (logs_ / name).c_str(), both, 0), 0);
  }
  void book(const std::string& date, const std::string& clock, double equity, const std::string& positions = "") {
    append("positions_" + date + ".jsonl", R"({"ts":")" + date + "T" + clock + R"(-04:00","bar_id":1,"cash":50000,"equity":)" +
                                               std::to_string(equity) + R"(,"mrd":0.001,"positions":[)" + positions + "]}\n");
  }
  void signal(const std::string& clock, const std::string& symbol, const std::string& rest) {
    append("signals_2025-07-02.jsonl", R"({"ts":"2025-07-02T)" + clock + R"(-04:00","bar_id":1,"symbol":")" + symbol + "\"," + rest + "}\n");
  }
  void status(const std::string& date, const std::string& state) {
    write("status.json", R"({"pid":1,"account":"rehearse","date":")" + date + R"(","state":")" + state +
                             R"(","written_at":"2025-07-02T14:00:00Z","pace":60,"feed_up":true,"capital":90000,"secret":"x",)"
                             R"("learners":[{"symbol":"TQQQ","healthy":false,"limit":"condition","horizons":[{"minutes":5,"rmse_ratio":1.1}]}],)"
                             R"("order_latency":{"sent":3,"p50_us":400.5}})");
  }
  const Json& section(const std::string& name) {
    view_.poll(now_);
    return view_.sections().at(name);
  }

  testing::ScratchFolder folder_;
  std::filesystem::path logs_ = folder_ / "live_trading";
  TimePoint now_ = *parse_timestamp("2025-07-03T10:00:00-04:00");
  DayView view_{logs_};
};

TEST_F(DayViewTest, WaitsForTheFolderAndForADay) {
  EXPECT_EQ(section("day")["waiting"], "the folder is not there yet");
  EXPECT_EQ(view_.sections().size(), 10U);
  EXPECT_TRUE(section("equity").is_null());
  std::filesystem::create_directories(logs_);
  EXPECT_EQ(section("day")["waiting"], "no day has begun here yet");
  append("positions_2025-07-05.jsonl", "{}\n");  // a Saturday
  append("positions_x.jsonl", "{}\n");
  EXPECT_FALSE(section("day")["waiting"].is_null());
  book("2025-07-02", "09:31:00", 100'100);
  EXPECT_TRUE(section("day")["waiting"].is_null());
  EXPECT_EQ(section("day")["date"], "2025-07-02");
  EXPECT_EQ(section("day")["session_minutes"], 390);
  EXPECT_EQ(section("day")["open_minute"], 570);
}

TEST_F(DayViewTest, ShowsEquityAsItGrows) {
  append("journal_2025-07-02.jsonl", std::string(kHeader) + "\n");
  book("2025-07-02", "09:31:00", 100'100);
  book("2025-07-02", "09:32:00", 99'000);
  EXPECT_EQ(section("equity")["minutes"], Json::parse("[1,2]"));
  EXPECT_EQ(section("equity")["return_pct"], 99'000.0 / 100'000 - 1);
  EXPECT_EQ(section("equity")["mrd"], 0.001);
  EXPECT_DOUBLE_EQ(section("equity")["drawdown_max_pct"], 1 - 99'000.0 / 100'100);
  append("positions_2025-07-02.jsonl", R"({"ts":"2025-07-02T09:33:00-04:00","equity":1002)");
  EXPECT_EQ(section("equity")["values"].size(), 2U) << "half a line";
  append("positions_2025-07-02.jsonl", "00,\"positions\":[]}\n");
  EXPECT_EQ(section("equity")["equity"], 100'200);
  EXPECT_EQ(section("equity")["drawdown_pct"], 0);
}

TEST_F(DayViewTest, ShowsPositionsWithStopAndTarget) {
  book("2025-07-02", "09:31:00", 1, R"({"symbol":"TQQQ","qty":10,"avg_entry":100,"mark":101,"unrealized_pnl":10,"sets_held":3})");
  EXPECT_TRUE(section("positions")["rows"][0]["stop"].is_null()) << "no journal: whose limits they are is not known";
  append("journal_2025-07-02.jsonl", std::string(kHeader) + "\n");
  const Json row = section("positions")["rows"][0];
  EXPECT_EQ(row["symbol"], "TQQQ");
  EXPECT_DOUBLE_EQ(row["stop"], 98.5);
  EXPECT_DOUBLE_EQ(row["target"], 103);
  EXPECT_NEAR(row["return_pct"], 0.01, 1e-12);
  EXPECT_EQ(row["value"], 1010);
}

TEST_F(DayViewTest, NamesTheGateOfEverySignal) {
  append("journal_2025-07-02.jsonl", std::string(kHeader) + "\n");
  signal("10:04:00", "OLD", R"("valid":true,"rank":1)");
  const std::string passes = R"("valid":true,"probability":0.6,"confidence":0.5,"strength":0.4,"passes":true,"rank":)";
  signal("10:05:00", "AAA", R"("valid":true,"probability":0.4,"confidence":0.5,"strength":0,"passes":false,"rank":0)");
  signal("10:05:00", "BBB", passes + "1");
  signal("10:05:00", "CCC", passes + "2");
  signal("10:05:00", "DDD", passes + "3");
  signal("10:05:00", "EEE", R"("valid":false,"passes":false,"rank":0)");
  signal("10:05:00", "FFF", R"("valid":true,"probability":0.6,"confidence":0.001,"strength":0.1,"passes":false,"rank":0)");
  book("2025-07-02", "10:05:00", 1, R"({"symbol":"BBB","qty":10,"avg_entry":100,"mark":101})");
  append("decisions_2025-07-02.jsonl",
         R"({"ts":"2025-07-02T10:04:00-04:00","symbol":"DDD","action":"blocked","reason":"cooling_down"})" "\n"
         R"({"ts":"2025-07-02T10:05:00-04:00","symbol":"CCC","action":"blocked","reason":"no_free_slot"})" "\n");
  const Json rows = section("signals")["rows"];
  std::vector<std::string> said;
  for (const Json& row : rows) said.push_back(row["symbol"].get<std::string>() + " " + row["gate"].get<std::string>());
  EXPECT_EQ(said, (std::vector<std::string>{"BBB held", "CCC no_free_slot", "DDD rank", "FFF min_confidence", "AAA buy_threshold",
                                            "EEE no_signal"}));
  EXPECT_EQ(rows[2]["gate_value"], 3);
  EXPECT_EQ(rows[2]["gate_limit"], 2);
  EXPECT_EQ(rows[4]["gate_value"], 0.4);
  EXPECT_EQ(rows[4]["gate_limit"], 0.5);
}

TEST_F(DayViewTest, CountsDecisionsAndKeepsTheLast) {
  book("2025-07-02", "09:31:00", 1);
  for (int i = 0; i < 100; ++i) {
    const std::string symbol = "S" + std::to_string(i);
    append("decisions_2025-07-02.jsonl", R"({"symbol":")" + symbol + R"(","action":"enter","reason":"entered"})" "\n");
    append("decisions_2025-07-02.jsonl", R"({"symbol":"X","action":"blocked","reason":"no_free_slot"})" "\n");
  }
  append("trades_2025-07-02.jsonl", R"({"symbol":"A","side":"sell","pnl":5,"fees":0.5})" "\n" R"({"symbol":"A","side":"sell","pnl":-2})" "\n");
  EXPECT_EQ(section("decisions")["entries"], 100);
  EXPECT_EQ(section("decisions")["blocked"]["no_free_slot"], 100);
  EXPECT_EQ(section("decisions")["last"].size(), 40U);
  EXPECT_EQ(section("decisions")["last"][0]["symbol"], "S99");
  EXPECT_EQ(section("trades")["wins"], 1);
  EXPECT_EQ(section("trades")["pnl_usd"], 3);
  EXPECT_EQ(section("trades")["fees_usd"], 0.5);
}

TEST_F(DayViewTest, MeasuresFeedAndFillsByTheJournal) {
  book("2025-07-02", "09:31:00", 1);
  const std::string order = R"("order":{"session":"2025-07-02","minute":1,"symbol":"A","side":"buy","attempt":0})";
  append("journal_2025-07-02.jsonl", std::string(kHeader) + "\n" +
                                         R"({"seq":2,"now":"2025-07-02T13:31:10Z","event":"session_opened"})" "\n"
                                         R"({"seq":3,"now":"2025-07-02T13:31:12Z","event":"bars","minute":0,"observe_only":false})" "\n"
                                         R"({"seq":4,"now":"2025-07-02T13:32:02Z","event":"bars","minute":1,"observe_only":false})" "\n"
                                         R"({"seq":5,"now":"2025-07-02T13:32:03Z","event":"fill",)" + order + "}\n" +
                                         R"({"seq":6,"now":"2025-07-02T13:33:03Z","event":"fill",)" + order + "}\n" +
                                         R"({"seq":7,"now":"2025-07-02T13:33:04Z","event":"bars","minute":2,"observe_only":false})" "\n"
                                         R"({"seq":8,"now":"2025-07-02T13:34:04Z","event":"bars","minute":99999999999}})" "\n");
  const Json latency = section("latency");
  EXPECT_EQ(latency["sets"]["count"], 2) << "the minute before the start says nothing of the feed";
  EXPECT_EQ(latency["sets"]["worst_seconds"], 4);
  EXPECT_EQ(latency["fills"]["count"], 1) << "an order's first execution";
  EXPECT_EQ(latency["fills"]["median_seconds"], 1);
  EXPECT_TRUE(latency["orders"].is_null());
  status("2025-07-02", "trading");
  EXPECT_EQ(section("latency")["orders"]["p50_us"], 400.5);
}

TEST_F(DayViewTest, ShowsAlertsAndTheLogNewestFirst) {
  book("2025-07-02", "09:31:00", 1);
  append("session_2025-07-02.log", "2025-07-02T09:30:00-04:00 session opens\n2025-07-02T09:31:00-04:00 MRD +0.1% equity 1\n"
                                   "SYNTHETIC data: nothing\n2025-07-02T10:00:00-04:00 market data is up\nnoise\n");
  append("journal_2025-07-02.jsonl", R"({"seq":2,"now":"2025-07-02T13:40:00Z","note":"alert","text":"critical: NOT FLAT: shares"})" "\n"
                                     R"({"seq":3,"now":"2025-07-02T13:41:00Z","note":"late_bar","text":"SPY"})" "\n");
  const Json alerts = section("alerts");
  ASSERT_EQ(alerts.size(), 3U);
  EXPECT_EQ(alerts[0]["text"], "market data is up");
  EXPECT_EQ(alerts[1], Json::parse(R"({"ts":"2025-07-02T09:40:00-04:00","level":"critical","text":"NOT FLAT: shares"})"));
  EXPECT_EQ(section("day")["synthetic"], true);
}

TEST_F(DayViewTest, LearnersAreThoseOfTheMorningUntilTheClose) {
  book("2025-07-02", "09:31:00", 1);
  status("2025-07-02", "trading");
  EXPECT_EQ(section("learners")["judged"], "open");
  EXPECT_EQ(section("learners")["rows"][0]["limit"], "condition");
  EXPECT_EQ(section("learners")["rows"][0]["horizons"][0]["rmse_ratio"], 1.1);
  append("health_2025-07-02.jsonl", R"({"symbol":"TQQQ","healthy":true,"limit":"none","horizons":[]})" "\n");
  EXPECT_EQ(section("learners")["judged"], "close");
  EXPECT_EQ(section("learners")["rows"][0]["healthy"], true);
}

TEST_F(DayViewTest, CopiesOnlyWhatItKnowsOfTheStatus) {
  book("2025-07-02", "09:31:00", 1);
  status("2025-07-02", "trading");
  EXPECT_EQ(section("state")["state"], "trading");
  EXPECT_EQ(section("state")["written_at"], "2025-07-02T10:00:00-04:00");
  for (const auto& [name, shown] : view_.sections()) EXPECT_EQ(shown.dump().find("secret"), std::string::npos) << name;
}

TEST_F(DayViewTest, SaysThatAProcessIsSilent) {
  book("2025-07-02", "09:31:00", 1);
  status("2025-07-02", "trading");
  EXPECT_EQ(section("state")["silent_seconds"], 0);
  now_ += seconds{47};
  EXPECT_EQ(section("state")["silent_seconds"], 40);
  status("2025-07-02", "ended");
  now_ += std::chrono::hours{1};
  EXPECT_EQ(section("state")["silent_seconds"], 0) << "it said that it would end";
}

TEST_F(DayViewTest, LeavesDaysOfTomorrowAside) {
  book("2025-07-02", "09:31:00", 100);
  book("2027-07-02", "09:31:00", 200);
  touch("positions_2027-07-02.jsonl", now_ + std::chrono::hours{24 * 365});
  EXPECT_EQ(section("day")["date"], "2025-07-02");
  EXPECT_NE(section("day")["warnings"].dump().find("positions_2027-07-02.jsonl is of a day that has not come"), std::string::npos);
  status("2025-07-02", "trading");
  touch("status.json", now_ + std::chrono::hours{2});
  EXPECT_NE(section("day")["warnings"].dump().find("status.json was written in the future"), std::string::npos);
  EXPECT_EQ(section("state")["silent_seconds"], 0);
}

TEST_F(DayViewTest, ATimeOfTomorrowDoesNotHideToday) {
  book("2025-07-01", "09:31:00", 100);
  touch("positions_2025-07-01.jsonl", now_ + std::chrono::hours{24});
  book("2025-07-02", "09:31:00", 200);
  EXPECT_EQ(section("day")["date"], "2025-07-02");
}

TEST_F(DayViewTest, GoesOnToTheDayThatBegins) {
  book("2025-07-01", "09:31:00", 100);
  status("2025-07-01", "ended");
  EXPECT_EQ(section("day")["date"], "2025-07-01");
  now_ += seconds{20};
  book("2025-07-02", "09:31:00", 200);
  EXPECT_EQ(section("equity")["equity"], 200);
  EXPECT_TRUE(section("state").is_null()) << "the status is of the day before";
  now_ += seconds{20};
  book("2025-06-30", "09:31:00", 300);
  EXPECT_EQ(section("day")["date"], "2025-06-30") << "a rehearsal of an earlier day: what is written now";
  status("2025-07-02", "trading");
  EXPECT_EQ(section("day")["date"], "2025-07-02") << "what a living process says";
}

TEST_F(DayViewTest, BeginsAgainWhereTheDayDoes) {
  book("2025-07-02", "09:31:00", 100);
  append("decisions_2025-07-02.jsonl", R"({"symbol":"A","action":"enter"})" "\n");
  EXPECT_EQ(section("decisions")["entries"], 1);
  write("positions_2025-07-02.jsonl", "");
  write("decisions_2025-07-02.jsonl", "");
  book("2025-07-02", "09:31:00", 300);
  EXPECT_EQ(section("equity")["values"], Json::parse("[300.0]"));
  EXPECT_EQ(section("decisions")["entries"], 0);
  std::filesystem::remove_all(logs_);
  EXPECT_EQ(section("day")["waiting"], "the folder is not there yet");
  EXPECT_TRUE(section("equity").is_null());
  book("2025-07-02", "09:31:00", 400);
  EXPECT_EQ(section("equity")["equity"], 400);
}

TEST_F(DayViewTest, AnyBytesAreShownAsFarAsTheyMakeSense) {
  append("status.json", "{\"pid\":");
  for (const char* name : {"positions_2025-07-02.jsonl", "signals_2025-07-02.jsonl", "decisions_2025-07-02.jsonl",
                           "trades_2025-07-02.jsonl", "health_2025-07-02.jsonl", "journal_2025-07-02.jsonl"}) {
    append(name, "\xff\xfe\n[1]\n5\n{}\n{\"ts\":5,\"positions\":3,\"symbol\":[],\"horizons\":7,\"equity\":\"x\",\"minute\":\"x\"}\n"
                 "{\"event\":\"fill\",\"now\":\"2025-07-02T13:33:04Z\",\"order\":[1]}\n{\"journal\":{},\"config\":4}\n");
  }
  append("session_2025-07-02.log", "\xff\xfe\n \n2025-07-02T09:31:00-04:00 \xff\n");
  EXPECT_EQ(section("day")["date"], "2025-07-02");
  EXPECT_EQ(section("day")["warnings"][0], "18 damaged lines were left out.");
  for (const auto& [name, shown] : view_.sections()) {
    EXPECT_NO_THROW((void)shown.dump(-1, ' ', false, Json::error_handler_t::replace)) << name;
  }
}

}  // namespace
}  // namespace sentio
