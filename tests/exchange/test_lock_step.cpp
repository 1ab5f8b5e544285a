#include <chrono>

#include "sentio/execution/fill_model.h"
#include "server_fixture.h"

namespace sentio {
namespace {

using testing::open_data;
using testing::open_stream;
using testing::ServerTest;
using Json = nlohmann::json;
using LockStep = ServerTest;

TEST_F(LockStep, TimeStandsStillUntilItIsAcknowledged) {
  start();
  EXPECT_EQ(hello["now"], "2025-01-03T14:25:00Z");
  EXPECT_EQ(hello["first"], 0);
  EXPECT_EQ(hello["last"], 389);
  EXPECT_EQ(format_utc(server->control().now()), "2025-01-03T14:25:00Z");
  const Json first = step();
  EXPECT_EQ(first["minute"], 0);
  EXPECT_EQ(first["start"], "2025-01-03T14:30:00Z");
  EXPECT_EQ(first["now"], "2025-01-03T14:31:00Z");
  EXPECT_EQ(first["sent"], 0) << "nobody listens to data";
  control->send({{"type", "ack"}, {"minute", 7}});
  EXPECT_EQ(control->read_json()["type"], "error");
  EXPECT_EQ(step()["minute"], 1);
}

TEST_F(LockStep, ADriverThatComesBackHearsThePendingMinuteAgain) {
  start();
  step();
  testing::SocketClient again(port, "/control");
  EXPECT_EQ(again.read_json()["minute"], 0);
  EXPECT_EQ(again.read_json()["type"], "minute");
  again.send({{"type", "ack"}, {"minute", 0}});
  EXPECT_EQ(again.read_json()["minute"], 1);
}

TEST_F(LockStep, AdvanceMovesTimeInsideTheMinute) {
  start();
  step();
  (void)rest->order("TQQQ", "buy", 10);
  control->send({{"type", "advance"}, {"to", "2025-01-03T14:31:05Z"}});
  EXPECT_EQ(control->read_json()["now"], "2025-01-03T14:31:05Z");
  EXPECT_EQ(rest->get("/v2/positions").json().size(), 0U);
  control->send({{"type", "advance"}, {"to", "2025-01-03T18:00:00Z"}});
  EXPECT_EQ(control->read_json()["now"], "2025-01-03T14:31:59.999999999Z") << "never past the minute's end";
  EXPECT_EQ(rest->get("/v2/positions").json().size(), 1U);
  (void)rest->order("TQQQ", "buy", 10);
  EXPECT_EQ(rest->get("/v2/positions/TQQQ").json()["qty"], "20")
      << "late in the minute: at its open, at once";
}

TEST_F(LockStep, AWindowEndsWithoutClosingTheBook) {
  options.from_minute = 30;
  options.to_minute = 32;
  start();
  EXPECT_EQ(hello["now"], "2025-01-03T14:55:00Z");
  EXPECT_EQ(step()["minute"], 30);
  (void)rest->order("TQQQ", "buy", 10);
  EXPECT_EQ(step()["minute"], 31);
  EXPECT_EQ(step()["minute"], 32);
  EXPECT_EQ(step()["type"], "closed");
  EXPECT_EQ(rest->get("/v2/positions").json().size(), 1U);
  EXPECT_TRUE(server->control().statistics().closed);
}

/// A driver over a whole day against the fill model itself: the same fills.
TEST_F(LockStep, AWholeDayFillsLikeTheReplayModel) {
  options = testing::synthetic_exchange(
      testing::kFixtureDay,
      {"AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "III", "JJJ", "KKK", "LLL"}, 1);
  start();
  auto data = open_data(port, {{"bars", {"*"}}});
  auto stream = open_stream(port);
  FillModel model(options.fill, options.universe);
  model.begin_session();
  const SessionHours hours = *NyseCalendar::session(testing::kFixtureDay);
  std::vector<std::string> want, got;
  const auto name = [](double qty, double price) {
    return std::to_string(qty) + "@" + std::to_string(price);
  };
  std::int64_t events = 0;
  for (int i = 0; i < 390; ++i) {
    const Json line = step();
    ASSERT_EQ(line["minute"], i);
    ASSERT_EQ(line["sent"], 12);
    EXPECT_EQ(data->read_json().size(), 12U);
    for (; events < line["events"].get<std::int64_t>(); ++events) {
      const Json update = stream->read_json()["data"];
      if (update["event"] != "fill" && update["event"] != "partial_fill") continue;
      got.push_back(
          name(std::stod(update["qty"].get<std::string>()), std::stod(update["price"].get<std::string>())));
    }
    std::vector<std::optional<Bar>> bars;
    for (const SymbolBars& recording : options.recordings)
      bars.emplace_back(recording.bars[static_cast<std::size_t>(390 + i)]);
    for (const Fill& fill : model.on_minute(hours.minute_start(i), bars))
      want.push_back(name(fill.qty.v, fill.price.v));
    if (i % 4 != 0 || i >= 384) continue;
    Order order;  // bought, and sold four minutes later; every other lot is more than a bar's share
    order.key.minute = static_cast<std::int16_t>(i);
    order.symbol = static_cast<SymbolId>(i / 8 % 12);
    order.side = i % 8 == 0 ? Side::buy : Side::sell;
    order.qty = Qty{i % 16 < 8 ? 100.0 : 1500.0};
    model.submit(order, hours.minute_end(i));
    const auto taken = rest->order(options.universe[order.symbol].name, std::string(to_string(order.side)),
                                   static_cast<int>(order.qty.v));
    ASSERT_EQ(taken.status, 200) << taken.body;
  }
  EXPECT_EQ(step()["type"], "closed");
  EXPECT_EQ(got, want);
  EXPECT_GT(got.size(), 96U) << "some orders took more than one fill";
  EXPECT_EQ(rest->get("/v2/positions").body, "[]");
}

TEST_F(LockStep, SpeedRunsByItself) {
  options.speed = 600;
  options.lead = std::chrono::seconds{60};
  start();
  auto data = open_data(port, {{"bars", {"SPY"}}});
  const Json first = data->read_json(), second = data->read_json();
  EXPECT_EQ(first[0]["S"], "SPY");
  EXPECT_LT(first[0]["t"], second[0]["t"]);
  EXPECT_EQ(hello["lock_step"], false);
  (void)rest->order("SPY", "buy", 5);
  bool held = false;
  for (int i = 0; i < 100 && !held; ++i)
    held = !rest->get("/v2/positions").json().empty() || !data->read_json().is_array();
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace sentio
