#include "server_fixture.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using testing::open_data;
using testing::open_stream;
using testing::ServerTest;
using Json = nlohmann::json;

class Faults : public ServerTest {
 protected:
  void start_with_data() {
    start();
    data = open_data(port, {{"bars", {"*"}}, {"updatedBars", {"*"}}, {"statuses", {"*"}}});
  }
  /// Symbols of the next frame, "b:SPY" and so on.
  std::vector<std::string> next_items() {
    std::vector<std::string> names;
    for (const Json& item : data->read_json()) {
      names.push_back(item["T"].get<std::string>() + ":" + item["S"].get<std::string>());
    }
    return names;
  }
  std::unique_ptr<testing::SocketClient> data;
};

using Names = std::vector<std::string>;
const Names kAll{"b:SPY", "b:SQQQ", "b:TQQQ"};

TEST_F(Faults, MutedMinutesAreNeverSent) {
  options.faults = {*exchange::parse_fault("at 09:32 mute data 90s")};
  start_with_data();
  EXPECT_EQ(step()["sent"], 3);
  EXPECT_EQ(step()["sent"], 0) << "09:32";
  EXPECT_EQ(step()["sent"], 0) << "09:33";
  EXPECT_EQ(step()["sent"], 3);
  EXPECT_EQ(next_items(), kAll);
  EXPECT_EQ(data->read_json()[0]["t"], "2025-01-03T14:33:00Z");
}

TEST_F(Faults, DroppedDataEndsWithoutACloseFrame) {
  start_with_data();
  inject("drop data");
  EXPECT_TRUE(data->read()->closed);
  EXPECT_EQ(step()["sent"], 0);
  data = open_data(port, {{"bars", {"*"}}});
  EXPECT_EQ(step()["sent"], 3);
}

TEST_F(Faults, DelayedBarsComeAfterTheirAnnouncement) {
  start_with_data();
  inject("delay data 3s x1");
  const Json line = step();
  EXPECT_EQ(line["sent"], 0);
  EXPECT_FALSE(data->read(50ms));
  control->send({{"type", "advance"}, {"to", "2025-01-03T14:31:03Z"}});
  EXPECT_EQ(control->read_json()["items"], 3);
  EXPECT_EQ(next_items(), kAll);
  EXPECT_EQ(step()["sent"], 3);
}

TEST_F(Faults, DoubledAndReorderedBarsAreCountedOnce) {
  start_with_data();
  inject("duplicate data");
  Json line = step();
  EXPECT_EQ(line["sent"], 3);
  EXPECT_EQ(line["items"], 6);
  EXPECT_EQ(next_items(), kAll);
  EXPECT_EQ(next_items(), kAll);
  inject("reorder data");
  EXPECT_EQ(step()["sent"], 3);
  EXPECT_EQ(next_items(), Names{"b:TQQQ"});
  EXPECT_EQ(next_items(), Names{"b:SQQQ"});
  EXPECT_EQ(next_items(), Names{"b:SPY"});
}

TEST_F(Faults, ARevisedBarIsToldAtTheHalfMinuteAndInRest) {
  start_with_data();
  step();
  (void)next_items();
  inject("revise bar TQQQ");
  step();
  EXPECT_EQ(data->read_json(), Json::array({{{"T", "u"},
                                             {"S", "TQQQ"},
                                             {"t", "2025-01-03T14:30:00Z"},
                                             {"o", 70.0},
                                             {"h", 70.03},
                                             {"l", 69.98},
                                             {"c", 70.03},
                                             {"v", 10100},
                                             {"n", 101},
                                             {"vw", 70.0133}}}));
  const auto bars = rest->get("/v2/stocks/bars?symbols=TQQQ&timeframe=1Min").json();
  EXPECT_EQ(bars["bars"]["TQQQ"][0]["v"], 10100);
}

TEST_F(Faults, AHaltStopsBarsAndFillsAndIsTold) {
  start_with_data();
  step();
  (void)next_items();
  inject("halt TQQQ 2m");
  EXPECT_EQ(data->read_json()[0]["sc"], "H");
  const std::string id = rest->order("TQQQ", "buy", 10).json()["id"];
  EXPECT_EQ(step()["sent"], 2);
  EXPECT_EQ(step()["sent"], 2);
  EXPECT_EQ(rest->get("/v2/orders/" + id).json()["status"], "new");
  EXPECT_EQ(step()["sent"], 3);
  EXPECT_EQ(rest->get("/v2/orders/" + id).json()["status"], "filled");
  (void)next_items();
  EXPECT_EQ(next_items(), Names{"s:TQQQ"}) << "resumption comes before the bars of that instant";
}

TEST_F(Faults, TheStreamDropsDoublesAndLoses) {
  start();
  step();
  auto stream = open_stream(port);
  inject("lose stream 1");
  (void)rest->order("TQQQ", "buy", 10);
  EXPECT_EQ(stream->read_json()["data"]["event"], "new") << "pending_new was lost";
  inject("duplicate stream");
  EXPECT_EQ(step()["events"], 3);
  const Json once = stream->read_json();
  EXPECT_EQ(once["data"]["event"], "fill");
  EXPECT_EQ(stream->read_json(), once);
  inject("drop stream");
  EXPECT_TRUE(stream->read()->closed);
  (void)rest->order("TQQQ", "sell", 10);
  EXPECT_EQ(step()["events"], 3) << "nobody listens";
}

struct StatusCase {
  std::string name, line, target;
  int want;
  friend void PrintTo(const StatusCase& row, std::ostream* out) { *out << row.name; }
};
class StatusFaults : public Faults, public ::testing::WithParamInterface<StatusCase> {};

TEST_P(StatusFaults, MeetTheirTarget) {
  start();
  inject(GetParam().line);
  EXPECT_EQ(rest->get(GetParam().target).status, GetParam().want);
  EXPECT_EQ(rest->get(GetParam().target).status, 200) << "x1";
}

INSTANTIATE_TEST_SUITE_P(
    Table, StatusFaults,
    ::testing::Values(StatusCase{"TooMany", "429", "/v2/account", 429},
                      StatusCase{"Server", "500 rest x1", "/v2/stocks/bars/latest?symbols=SPY", 500},
                      StatusCase{"Unavailable", "503 orders", "/v2/orders", 503},
                      StatusCase{"Unauthorized", "401 data", "/v2/stocks/bars/latest?symbols=SPY", 401}),
    [](const auto& tc) { return tc.param.name; });

TEST_F(Faults, StatusesSpareOtherTargetsAndEndWithTime) {
  start();
  inject("503 orders for 30s");
  EXPECT_EQ(rest->get("/v2/account").status, 200);
  EXPECT_EQ(rest->order("TQQQ", "buy", 1).status, 503);
  EXPECT_EQ(rest->order("TQQQ", "buy", 1).status, 503);
  step();
  EXPECT_EQ(rest->get("/v2/orders?status=all").json().size(), 0U) << "nothing was taken";
}

TEST_F(Faults, AnAcceptedOrderMayBeAnsweredWith500OrNotAtAll) {
  start();
  inject("accept-then-500 x1");
  EXPECT_EQ(rest->order("TQQQ", "buy", 1, "first").status, 500);
  EXPECT_EQ(rest->get("/v2/orders:by_client_order_id?client_order_id=first").status, 200);
  inject("accept-then-cut x1");
  EXPECT_EQ(rest->order("TQQQ", "buy", 1, "second").status, 0) << "the connection ended";
  EXPECT_EQ(rest->get("/v2/orders:by_client_order_id?client_order_id=second").status, 200);
  EXPECT_EQ(rest->order("TQQQ", "buy", 1, "second").json()["message"], "client_order_id must be unique");
}

TEST_F(Faults, SlowRestTakesItsTime) {
  start();
  inject("slow rest 1s x1");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(rest->get("/v2/account").status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1s);
}

TEST_F(Faults, OrdersMeetRejectionPartsAndRaces) {
  start();
  step();
  inject("reject x1");
  EXPECT_EQ(rest->order("TQQQ", "buy", 10, "r").json()["status"], "pending_new");
  EXPECT_EQ(rest->get("/v2/orders:by_client_order_id?client_order_id=r").json()["status"], "rejected");
  inject("partial x1");
  (void)rest->order("TQQQ", "buy", 10, "p");
  step();
  EXPECT_EQ(rest->get("/v2/orders:by_client_order_id?client_order_id=p").json()["filled_qty"], "5");
  inject("cancel-race x1");
  const std::string id = rest->order("SPY", "buy", 10).json()["id"];
  EXPECT_EQ(rest->call("DELETE", "/v2/orders/" + id).status, 204);
  EXPECT_EQ(rest->get("/v2/orders/" + id).json()["status"], "pending_cancel");
  step();
  EXPECT_EQ(rest->get("/v2/orders/" + id).json()["status"], "filled");
}

TEST_F(Faults, TheMorningChecksCanFail) {
  start();
  inject("clock skew 30s");
  EXPECT_EQ(rest->get("/v2/clock").json()["timestamp"], "2025-01-03T09:25:30-05:00");
  inject("calendar disagree");
  EXPECT_EQ(rest->get("/v2/calendar?start=2025-01-03&end=2025-01-03").json()[0]["close"], "13:00");
  inject("foreign position SPY 10");
  EXPECT_EQ(rest->get("/v2/positions/SPY").json()["qty"], "10");
  inject("account blocked");
  EXPECT_EQ(rest->get("/v2/account").json()["trading_blocked"], true);
  EXPECT_EQ(rest->order("TQQQ", "buy", 1).status, 403);
}

TEST_F(Faults, TheConnectionLimitLingers) {
  start();
  inject("connection-limit data 90s");
  testing::SocketClient socket(port, "/v2/iex");
  (void)socket.read_json();
  const Json auth{{"action", "auth"}, {"key", "exchange-key"}, {"secret", "exchange-secret"}};
  socket.send(auth);
  EXPECT_EQ(socket.read_json()[0]["code"], 406);
  step();
  socket.send(auth);
  EXPECT_EQ(socket.read_json()[0]["msg"], "authenticated") << "six simulated minutes later";
}

TEST_F(Faults, InjectionSaysWhatIsWrong) {
  start();
  EXPECT_EQ(server->control().inject("melt data").error().code, Errc::malformed);
  EXPECT_EQ(server->control().inject("halt ZZZZ 5m").error().code, Errc::not_found);
  control->send({{"type", "fault"}, {"line", "melt data"}});
  EXPECT_EQ(control->read_json()["type"], "error");
  control->send({{"type", "fault"}, {"line", "drop data"}});
  EXPECT_EQ(control->read_json()["type"], "ok");
}

}  // namespace
}  // namespace sentio
