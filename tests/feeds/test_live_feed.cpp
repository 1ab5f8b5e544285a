#include <gtest/gtest.h>

#include "../broker/small_server.h"
#include "feeds_support.h"
#include "sentio/feeds/live_feed.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Until the client goes away.
void listen(SmallServer::WebSocket& ws) {
  for (;;) (void)receive_text(ws);
}

/// Alpaca's data host in small: each connection runs `talk` after the subscription; bars over REST on
/// request.
class DataHost {
 public:
  using Talk = std::function<void(SmallServer::WebSocket&, int connection)>;
  explicit DataHost(Talk talk)
      : talk_(std::move(talk)),
        server_([this](const SmallServer::Request& r) { return rest(r); },
                [this](SmallServer::WebSocket& ws, const std::string&) { stream(ws); }) {}
  SmallServer& server() { return server_; }
  std::atomic<int> connections{0}, refusals{0}, rest_calls{0};
  std::atomic<int> refuse_auth{0};  ///< that many 406 first
  std::atomic<bool> hang_first{false}, hang_second{false};  ///< REST pages
  std::atomic<int> refuse_keys{0};  ///< that many connections end with 402

 private:
  std::optional<SmallServer::Reply> rest(const SmallServer::Request& r) {
    ++rest_calls;
    const std::string target(r.target());
    const bool second = target.find("page_token") != std::string::npos;
    while (second ? hang_second : hang_first) std::this_thread::sleep_for(milliseconds{1});
    if (second) {
      return SmallServer::Reply{
          200, R"({"bars":{"SPY":[{"t":"2025-09-26T14:02:00Z","o":1,"h":2,"l":1,"c":2,"v":5}]},
                                         "next_page_token":null})"};
    }
    return SmallServer::Reply{
        200, R"({"bars":{"SPY":[{"t":"2025-09-26T14:01:00Z","o":1,"h":2,"l":1,"c":1.5,"v":5}]},
                                       "next_page_token":"more"})"};
  }
  void stream(SmallServer::WebSocket& ws) {
    const int number = ++connections;
    send_text(ws, R"([{"T":"success","msg":"connected"}])");
    if (refuse_keys > 0) {
      --refuse_keys;
      (void)receive_text(ws);
      send_text(ws, R"([{"T":"error","code":402,"msg":"auth failed"}])");
      return listen(ws);
    }
    for (;;) {
      (void)receive_text(ws);
      if (refuse_auth-- <= 0) break;
      ++refusals;
      send_text(ws, R"([{"T":"error","code":406,"msg":"connection limit exceeded"}])");
    }
    send_text(ws, R"([{"T":"success","msg":"authenticated"}])");
    (void)receive_text(ws);
    send_text(ws, R"([{"T":"subscription","bars":["QQQ","SPY","TQQQ"]}])");
    talk_(ws, number);
  }

  Talk talk_;
  SmallServer server_;
};

void say_bar(SmallServer::WebSocket& ws, const std::string& minute) {
  send_text(
      ws, R"([{"T":"b","S":"SPY","o":1,"h":2,"l":1,"c":1.5,"v":3,"t":"2025-09-26T)" + minute + R"(:00Z"}])");
}
struct Watched {
  std::unique_ptr<LiveFeed> feed;
  std::vector<FeedEvent> events;

  template <class T>
  int count() const {
    int n = 0;
    for (const FeedEvent& e : events) n += std::holds_alternative<T>(e);
    return n;
  }
  template <class Done>
  bool wait(Done done) {
    const auto until = std::chrono::steady_clock::now() + seconds{60};
    while (!done()) {
      for (FeedEvent& e : feed->poll()) events.push_back(std::move(e));
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds{2});
    }
    return true;
  }
  template <class T>
  std::ptrdiff_t first() const {
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (std::holds_alternative<T>(events[i])) return static_cast<std::ptrdiff_t>(i);
    }
    return -1;
  }
};

std::unique_ptr<BarHistory> history_of(const Universe& universe, const SmallServer& server) {
  BarHistoryOptions h;
  h.base_url = server.http();
  h.key_id = "K";
  h.secret_key = "S";
  h.time = Timeline(100);
  h.now = [] { return *parse_timestamp("2025-09-26T14:05:00Z"); };
  return std::move(*make_alpaca_history(universe, h));
}

LiveFeedOptions options_for(const std::string& url, double pace) {
  LiveFeedOptions o;
  o.stream_urls = {url};
  o.key_id = "K";
  o.secret_key = "S";
  o.time = Timeline(pace);
  o.now = [] { return *parse_timestamp("2025-09-26T14:05:00Z"); };
  return o;
}

Watched alpaca(DataHost& host, const Universe& universe, double pace, std::optional<TimePoint> from = {}) {
  BarHistoryOptions h;
  h.base_url = host.server().http();
  h.key_id = "K";
  h.secret_key = "S";
  h.time = Timeline(pace);
  LiveFeedOptions o = options_for(host.server().ws("/v2/iex"), pace);
  h.now = o.now;
  o.backfill_from = from;
  Watched w;
  w.feed = std::make_unique<AlpacaMultiSymbolFeed>(universe, o, std::move(*make_alpaca_history(universe, h)),
                                                   std::function<void()>{});
  w.feed->start();
  return w;
}

TEST(AlpacaMultiSymbolFeed, DeliversBarsOnceItIsUp) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) {
    say_bar(ws, "14:04");
    listen(ws);
  });
  Watched w = alpaca(host, u, 1);
  ASSERT_TRUE(w.wait([&] { return w.count<FeedBar>() == 1; }));
  EXPECT_GE(w.first<FeedUp>(), 0);
  EXPECT_LT(w.first<FeedUp>(), w.first<FeedBar>());
  EXPECT_EQ(host.rest_calls, 0) << "nothing was asked for";
}

TEST(AlpacaMultiSymbolFeed, BackfillsAllPagesBeforeItSaysItIsUp) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) {
    say_bar(ws, "14:04");
    listen(ws);
  });
  Watched w = alpaca(host, u, 1, *parse_timestamp("2025-09-26T14:01:00Z"));
  ASSERT_TRUE(w.wait([&] { return w.count<FeedBar>() == 3; }));
  EXPECT_EQ(host.rest_calls, 2);
  EXPECT_TRUE(std::get<FeedBar>(w.events[0]).backfill);
  EXPECT_TRUE(std::get<FeedBar>(w.events[1]).backfill);
  EXPECT_EQ(w.first<FeedUp>(), 2);
  EXPECT_FALSE(std::get<FeedBar>(w.events[3]).backfill);
}

TEST(AlpacaMultiSymbolFeed, ComesBackAfterACutAndFetchesWhatItMissed) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int connection) {
    say_bar(ws, "14:03");
    if (connection > 1) listen(ws);
  });
  Watched w = alpaca(host, u, 20);
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 2 && w.count<FeedBar>() == 4; }));
  EXPECT_EQ(w.count<FeedDown>(), 1);
  EXPECT_LT(w.first<FeedUp>(), w.first<FeedDown>());
}

TEST(AlpacaMultiSymbolFeed, StaysOnTheSocketWhenAnOldSessionStillCounts) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) { listen(ws); });
  host.refuse_auth = 3;
  Watched w = alpaca(host, u, 20);
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 1; }));
  EXPECT_EQ(host.connections, 1);
  EXPECT_EQ(host.refusals, 3);
}

/// A feed that has been asked once it was up.
Watched asked_feed(DataHost& host, const Universe& universe, double pace, milliseconds answer_max) {
  LiveFeedOptions o = options_for(host.server().ws("/v2/iex"), pace);
  o.answer_max = answer_max;
  Watched w;
  w.feed = std::make_unique<AlpacaMultiSymbolFeed>(universe, o, nullptr, std::function<void()>{});
  w.feed->start();
  EXPECT_TRUE(w.wait([&] { return w.count<FeedUp>() == 1; }));
  w.feed->ask();
  return w;
}
constexpr const char* kSubscribed = R"([{"T":"subscription","bars":["QQQ","SPY","TQQQ"]}])";

TEST(AlpacaMultiSymbolFeed, ConnectsAgainWhenAQuestionHasNoAnswer) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) { listen(ws); });
  Watched w = asked_feed(host, u, 20, milliseconds{100});
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 2; }));
  EXPECT_EQ(host.connections, 2);
  EXPECT_EQ(std::get<FeedDown>(w.events[1]).why, "market data: mute, and no answer to a question: connecting again");
}

TEST(AlpacaMultiSymbolFeed, ConnectsAgainWhenTheServerAnswersAndSendsNothing) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) {
    (void)receive_text(ws);
    send_text(ws, kSubscribed);
    listen(ws);
  });
  Watched w = asked_feed(host, u, 1'000, seconds{60});
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 2; }));
  EXPECT_EQ(std::get<FeedDown>(w.events[1]).why, "market data: answers, and sends nothing: connecting again");
}

TEST(AlpacaMultiSymbolFeed, StaysWhereAQuestionIsAnsweredAndBarsCome) {
  const Universe u = test_universe();
  std::atomic<int> questions{0};
  DataHost host([&](auto& ws, int) {
    for (;;) {
      (void)receive_text(ws);
      ++questions;
      send_text(ws, kSubscribed);
      say_bar(ws, "14:04");
    }
  });
  Watched w = asked_feed(host, u, 10'000, seconds{60});
  ASSERT_TRUE(w.wait([&] { return w.count<FeedBar>() == 1; }));
  // Each answer comes long after the silence that the question before would have allowed.
  for (int n = 2; n <= 4; ++n) {
    std::this_thread::sleep_for(milliseconds{20});
    w.feed->ask();
    ASSERT_TRUE(w.wait([&] { return w.count<FeedBar>() == n; }));
  }
  EXPECT_EQ(questions, 4);
  EXPECT_EQ(host.connections, 1);
  EXPECT_EQ(w.count<FeedDown>(), 0);
}

TEST(AlpacaMultiSymbolFeed, AHistoryThatHangsDoesNotKeepTheSocketsBars) {
  const Universe u = test_universe();
  for (const bool second_page : {false, true}) {
    DataHost host([](auto& ws, int) {
      say_bar(ws, "14:04");
      listen(ws);
    });
    (second_page ? host.hang_second : host.hang_first) = true;
    LiveFeedOptions o = options_for(host.server().ws("/v2/iex"), 1'000);
    o.backfill_from = *parse_timestamp("2025-09-26T14:01:00Z");
    o.backfill_max = milliseconds{300};
    o.backfill_try_max = milliseconds{100};
    Watched w;
    w.feed = std::make_unique<AlpacaMultiSymbolFeed>(u, o, history_of(u, host.server()), std::function<void()>{});
    w.feed->start();
    ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 1 && std::holds_alternative<FeedBar>(w.events.back()); }));
    EXPECT_FALSE(std::get<FeedBar>(w.events.back()).backfill);
    EXPECT_GE(w.count<FeedNote>(), 1) << "why bars are missing";
    EXPECT_EQ(w.count<FeedBar>() > 1, second_page) << "what came before the page that hangs is kept";
    host.hang_first = host.hang_second = false;
  }
  EXPECT_LE(LiveFeedOptions{}.backfill_max, seconds{10});
}

TEST(PolygonMultiSymbolFeed, CoolsDownAfterMaxConnectionsAndFindsTheOtherHost) {
  const Universe u = test_universe();
  std::mutex mutex;
  std::vector<std::chrono::steady_clock::time_point> opened;
  SmallServer server([](const SmallServer::Request&) { return std::optional<SmallServer::Reply>{}; },
                     [&](SmallServer::WebSocket& ws, const std::string&) {
                       int number = 0;
                       {
                         const std::lock_guard lock(mutex);
                         opened.push_back(std::chrono::steady_clock::now());
                         number = static_cast<int>(opened.size());
                       }
                       send_text(ws, R"([{"ev":"status","status":"connected"}])");
                       (void)receive_text(ws);
                       send_text(ws, R"([{"ev":"status","status":"auth_success"}])");
                       (void)receive_text(ws);
                       send_text(ws, R"([{"ev":"status","status":"success"}])");
                       if (number == 1) send_text(ws, R"([{"ev":"status","status":"max_connections"}])");
                       listen(ws);
                     });
  constexpr double kPace = 100;
  LiveFeedOptions o = options_for("ws://127.0.0.1:1/stocks", kPace);  // nobody listens there
  o.stream_urls.push_back(server.ws("/stocks"));
  Watched w;
  w.feed = std::make_unique<PolygonMultiSymbolFeed>(u, o, nullptr, std::function<void()>{});
  w.feed->start();
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 2; }));
  EXPECT_EQ(w.count<FeedDown>(), 1);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(opened.size(), 2U);
  const std::chrono::duration<double> pause = opened[1] - opened[0];
  EXPECT_GE(pause.count() * kPace, 60);
}

TEST(LiveFeed, GivesUpWhenTheKeysAreRefused) {
  const Universe u = test_universe();
  SmallServer server([](const SmallServer::Request&) { return std::optional<SmallServer::Reply>{}; },
                     [](SmallServer::WebSocket& ws, const std::string&) {
                       send_text(ws, R"([{"T":"success","msg":"connected"}])");
                       (void)receive_text(ws);
                       send_text(ws, R"([{"T":"error","code":402,"msg":"auth failed"}])");
                       listen(ws);
                     });
  Watched w;
  w.feed = std::make_unique<AlpacaMultiSymbolFeed>(u, options_for(server.ws("/v2/iex"), 20), nullptr,
                                                   std::function<void()>{});
  w.feed->start();
  ASSERT_TRUE(w.wait([&] { return w.count<FeedLost>() == 1; }));
  EXPECT_EQ(std::get<FeedLost>(w.events.back()).error.code, Errc::unauthorized);
}

TEST(AlpacaMultiSymbolFeed, ThatWorkedTodayIsTriedOnWhateverRefusesIt) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) { listen(ws); });
  Watched w = alpaca(host, u, 1'000);
  int ups = 1;
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == ups; }));
  for (const int status : {401, 403, 404}) {
    host.server().refuse_upgrades(status, 3);
    host.server().cut_all();
    ++ups;
    ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == ups; })) << status;
    EXPECT_EQ(host.server().upgrades_to_refuse(), 0);
  }
  host.refuse_keys = 2;
  host.server().cut_all();
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == ups + 1; }));
  EXPECT_EQ(w.count<FeedLost>(), 0);
  int refusals = 0;
  for (const FeedEvent& event : w.events) {
    const auto* trouble = std::get_if<FeedTrouble>(&event);
    refusals += trouble != nullptr && trouble->kind == ConnectionEnd::hopeless;
  }
  EXPECT_EQ(refusals, 11);
}

TEST(AlpacaMultiSymbolFeed, RefusedFromTheStartIsLostOnceAndTriedOn) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) { listen(ws); });
  host.refuse_keys = 3;
  Watched w = alpaca(host, u, 1'000);
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 1; })) << "shares may be held";
  EXPECT_EQ(w.first<FeedLost>(), 0);
  EXPECT_EQ(std::get<FeedLost>(w.events.front()).error.message(), "alpaca data: 402 auth failed");
  EXPECT_EQ(w.count<FeedLost>(), 1);
}

TEST(AlpacaMultiSymbolFeed, AServerWithoutAPlaceForUsIsToldApart) {
  const Universe u = test_universe();
  DataHost host([](auto& ws, int) { listen(ws); });
  host.refuse_auth = 1;
  host.server().refuse_upgrades(429, 1);
  Watched w = alpaca(host, u, 1'000);
  ASSERT_TRUE(w.wait([&] { return w.count<FeedUp>() == 1; }));
  ASSERT_EQ(w.count<FeedTrouble>(), 2);
  for (int i = 0; i < 2; ++i) {
    const auto& trouble = std::get<FeedTrouble>(w.events[static_cast<std::size_t>(i)]);
    EXPECT_EQ(trouble.kind, ConnectionEnd::crowded);
    EXPECT_NE(trouble.text.find(i == 0 ? "HTTP 429" : "406 connection limit exceeded"), std::string::npos) << trouble.text;
  }
}

TEST(BarHistory, FollowsPolygonsPagesPerSymbolWithTheKeyInAHeader) {
  const Universe u = test_universe();
  std::mutex mutex;
  std::vector<std::string> targets;
  SmallServer server(
      [&](const SmallServer::Request& r) -> std::optional<SmallServer::Reply> {
        const std::lock_guard lock(mutex);
        targets.emplace_back(r.target());
        if (r["Authorization"] != "Bearer POLYKEY") return SmallServer::Reply{401, "{}"};
        if (targets.size() == 1) {
          return SmallServer::Reply{
              200, R"({"status":"OK","results":[{"t":1735828200000,"o":1,"h":2,"l":1,"c":2,"v":1}],
                                             "next_url":"https://elsewhere.example/v2/aggs/next?cursor=x"})"};
        }
        return SmallServer::Reply{200, R"({"status":"OK","resultsCount":0})"};
      },
      [](SmallServer::WebSocket&, const std::string&) {});
  BarHistoryOptions h;
  h.base_url = server.http();
  h.key_id = "POLYKEY";
  auto history = std::move(*make_polygon_history(u, h));
  const TimePoint from = *parse_timestamp("2025-01-02T14:30:00Z");
  const auto bars = history->fetch(from, from + seconds{60});
  ASSERT_TRUE(bars) << bars.error().message();
  EXPECT_EQ(bars->size(), 1U);
  ASSERT_EQ(targets.size(), 4U);
  EXPECT_EQ(targets[1], "/v2/aggs/next?cursor=x");
  h.key_id = "WRONG";
  const auto refused = std::move(*make_polygon_history(u, h))->fetch(from, from);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unauthorized);
  EXPECT_EQ(refused.error().message().find("WRONG"), std::string::npos);
  EXPECT_FALSE(make_alpaca_history(u, BarHistoryOptions{.base_url = server.http()}));
}

struct DataRefusal {
  const char* name;
  int status;
  std::string body;
  Errc code;
  std::string text;
  friend void PrintTo(const DataRefusal& row, std::ostream* out) { *out << row.name; }
};
class DataRefusalTest : public testing::TestWithParam<DataRefusal> {};
TEST_P(DataRefusalTest, SaysWhatTheServerSaid) {
  const Universe u = test_universe();
  SmallServer server([](const SmallServer::Request&) { return SmallServer::Reply{GetParam().status, GetParam().body}; },
                     [](SmallServer::WebSocket&, const std::string&) {});
  const TimePoint from = *parse_timestamp("2025-01-02T14:30:00Z");
  const auto bars = history_of(u, server)->fetch(from, from + seconds{60});
  ASSERT_FALSE(bars);
  EXPECT_EQ(bars.error().code, GetParam().code);
  EXPECT_EQ(bars.error().detail, GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(
    Bodies, DataRefusalTest,
    testing::Values(
        DataRefusal{"Plan", 403, R"({"message":"subscription does not permit querying recent SIP data"})", Errc::rejected,
                    "the data server answered 403: subscription does not permit querying recent SIP data"},
        DataRefusal{"Polygon", 401, R"({"status":"ERROR","error":"Unknown API Key"})", Errc::unauthorized,
                    "the data server answered 401: Unknown API Key"},
        DataRefusal{"Tamed", 422, "{\"message\":\"\\u001b[2J" + std::string(300, 'x') + "\"}", Errc::rejected,
                    "the data server answered 422: ?[2J" + std::string(196, 'x')},
        DataRefusal{"PlainText", 403, "go away\n", Errc::rejected, "the data server answered 403: go away?"},
        DataRefusal{"NoReason", 400, "{}", Errc::rejected, "the data server answered 400"},
        DataRefusal{"HtmlRefusal", 403, "<html>403</html>", Errc::rejected,
                    "the data server answered 403: an HTML page, not the broker: a captive portal or proxy?"},
        DataRefusal{"Portal", 200, "\n<!DOCTYPE html><html>Welcome</html>", Errc::network,
                    "an HTML page, not the broker: a captive portal or proxy?"}),
    [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio
