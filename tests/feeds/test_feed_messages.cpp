#include <gtest/gtest.h>

#include <random>

#include "feeds_support.h"
#include "sentio/feeds/alpaca_messages.h"
#include "sentio/feeds/polygon_messages.h"
#include "sentio/feeds/rest_bars.h"

namespace sentio {
namespace {

const TimePoint kMinute = *parse_timestamp("2025-01-02T14:31:00Z");

TEST(AlpacaFrame, ReadsBarsRevisionsAndHaltsInOrderAndSkipsOthers) {
  const auto f = parse_alpaca_frame(
      R"([{"T":"b","S":"SPY","o":388.9,"h":389.13,"l":388.8,"c":389.12,"v":49378,"t":"2025-01-02T14:31:00Z","n":461,"vw":389.06},
          {"T":"u","S":"QQQ","o":1,"h":2,"l":0.5,"c":1.5,"v":3,"t":"2025-01-02T14:31:00Z"},
          {"T":"b","S":"IBM","o":1,"h":2,"l":0.5,"c":1.5,"v":3,"t":"2025-01-02T14:31:00Z"},
          {"T":"q","S":"SPY","bp":1},{"T":"surprise"},
          {"T":"s","S":"TQQQ","sc":"H","sm":"Halt","rc":"T12","rm":"x","t":"2025-01-02T14:31:05Z","z":"C"}])",
      test_universe());
  ASSERT_TRUE(f) << f.error().message();
  ASSERT_EQ(f->events.size(), 3U);
  const auto& bar = std::get<FeedBar>(f->events[0]);
  EXPECT_EQ(bar.symbol, kSpy);
  EXPECT_EQ(bar.bar, (Bar{kMinute, 388.9, 389.13, 388.8, 389.12, 49378}));
  EXPECT_FALSE(bar.revised);
  EXPECT_TRUE(std::get<FeedBar>(f->events[1]).revised);
  const auto& halt = std::get<FeedHalt>(f->events[2]);
  EXPECT_EQ(halt.symbol, kTqqq);
  EXPECT_TRUE(halt.halted);
  EXPECT_EQ(halt.reason, "T12");
}

TEST(AlpacaFrame, ReadsControls) {
  using Kind = AlpacaControl::Kind;
  const auto f = parse_alpaca_frame(
      R"([{"T":"success","msg":"connected"},{"T":"success","msg":"authenticated"},
          {"T":"error","code":406,"msg":"connection limit exceeded"},
          {"T":"subscription","trades":[],"bars":["SPY","QQQ"],"statuses":["*"]}])",
      test_universe());
  ASSERT_TRUE(f);
  ASSERT_EQ(f->controls.size(), 4U);
  EXPECT_EQ(f->controls[0].kind, Kind::connected);
  EXPECT_EQ(f->controls[1].kind, Kind::authenticated);
  EXPECT_EQ(f->controls[2].code, 406);
  EXPECT_EQ(f->controls[3].bars, (std::vector<std::string>{"SPY", "QQQ"}));
}

TEST(AlpacaFrame, ARowThatDoesNotReadIsNotedAndTheRestGoesOn) {
  const char* bad_rows[] = {
      R"({"T":"b","S":"SPY","o":1,"h":0.5,"l":0.4,"c":0.45,"v":1,"t":"2025-01-02T14:31:00Z"})",  // open above
                                                                                                 // high
      R"({"T":"b","S":"SPY","o":1,"h":2,"l":0.5,"c":1.5,"v":-1,"t":"2025-01-02T14:31:00Z"})",
      R"({"T":"b","S":"SPY","o":0,"h":2,"l":0,"c":1.5,"v":1,"t":"2025-01-02T14:31:00Z"})",
      R"({"T":"b","S":"SPY","o":"1","h":2,"l":0.5,"c":1.5,"v":1,"t":"2025-01-02T14:31:00Z"})",
      R"({"T":"b","S":"SPY","o":1,"h":2,"l":0.5,"c":1.5,"v":1,"t":"2025-01-02T14:31:00"})",
      R"({"T":"b","S":"SPY","o":1,"h":1e8,"l":0.5,"c":1.5,"v":1,"t":"2025-01-02T14:31:00Z"})",
      R"({"T":"b","S":"SPY","o":1,"h":2,"l":0.5,"c":1.5,"v":1e20,"t":"2025-01-02T14:31:00Z"})",
      R"({"T":"b","S":"SPY","o":1,"h":2,"l":0.5,"c":1.5,"v":0,"t":"2025-01-02T14:31:00Z"})",
      R"({"T":"b","S":"SPY","o":1,"h":2,"l":0.5,"c":1.5,"v":1})"};
  for (const std::string row : bad_rows) {
    const auto f = parse_alpaca_frame(
        "[" + row + R"(,{"T":"b","S":"QQQ","o":1,"h":2,"l":0.5,"c":1.5,"v":3,"t":"2025-01-02T14:31:00Z"}])",
        test_universe());
    ASSERT_TRUE(f) << row;
    ASSERT_EQ(f->events.size(), 2U) << row;
    EXPECT_TRUE(std::holds_alternative<FeedNote>(f->events[0])) << row;
    EXPECT_TRUE(std::holds_alternative<FeedBar>(f->events[1])) << row;
  }
  EXPECT_FALSE(parse_alpaca_frame("{}", test_universe()));
  EXPECT_FALSE(parse_alpaca_frame("[", test_universe()));
}

struct StatusCase {
  std::string name, code, tape;
  std::optional<bool> want;
  friend void PrintTo(const StatusCase& row, std::ostream* out) { *out << row.name; }
};
class StatusTest : public testing::TestWithParam<StatusCase> {};
TEST_P(StatusTest, DependsOnTheTapesAlphabet) {
  EXPECT_EQ(halt_from_status(GetParam().code, GetParam().tape), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Codes, StatusTest,
    testing::Values(
        StatusCase{"HaltA", "2", "A", true}, StatusCase{"ResumeA", "3", "A", false},
        StatusCase{"HaltB", "2", "B", true}, StatusCase{"ResumeB", "3", "B", false},
        StatusCase{"PriceIndicationB", "5", "B", std::nullopt},
        StatusCase{"ImbalanceB", "A", "B", std::nullopt}, StatusCase{"ShortSaleB", "E", "B", std::nullopt},
        StatusCase{"LuldB", "F", "B", std::nullopt},
        StatusCase{"LettersMeanNothingOnB", "H", "B", std::nullopt}, StatusCase{"HaltC", "H", "C", true},
        StatusCase{"PauseC", "P", "C", true}, StatusCase{"QuotesOnlyC", "Q", "C", std::nullopt},
        StatusCase{"TradingC", "T", "C", false}, StatusCase{"DigitsMeanNothingOnC", "2", "C", std::nullopt},
        StatusCase{"HaltO", "H", "O", true}, StatusCase{"Empty", "", "C", std::nullopt}),
    [](const auto& tc) { return tc.param.name; });

TEST(AlpacaMessages, AreWrittenAsTheServerWantsThem) {
  EXPECT_EQ(alpaca_auth_message("K\"", "S"), R"({"action":"auth","key":"K\"","secret":"S"})");
  EXPECT_EQ(alpaca_subscribe_message(test_universe()),
            R"({"action":"subscribe","bars":["QQQ","SPY","TQQQ"],"statuses":["QQQ","SPY","TQQQ"],)"
            R"("updatedBars":["QQQ","SPY","TQQQ"]})");
}

TEST(AlpacaMessages, QuotesAreAskedForOnlyWhereWanted) {
  EXPECT_EQ(alpaca_subscribe_message(test_universe(), true),
            R"({"action":"subscribe","bars":["QQQ","SPY","TQQQ"],"quotes":["QQQ","SPY","TQQQ"],)"
            R"("statuses":["QQQ","SPY","TQQQ"],"updatedBars":["QQQ","SPY","TQQQ"]})");
}

TEST(AlpacaFrame, ReadsTwoSidedQuotes) {
  const auto f = parse_alpaca_frame(
      R"([{"T":"q","S":"SPY","ax":"V","ap":590.12,"as":100,"bx":"V","bp":590.1,"bs":100,"c":["R"],
           "t":"2025-01-02T14:31:00.123456789Z","z":"B"},
          {"T":"q","S":"SPY","ap":590.12,"bp":0,"t":"2025-01-02T14:31:00Z"},
          {"T":"q","S":"SPY","ap":590.12,"bp":590.1},{"T":"q","S":"SPY","bp":590.1,"t":"2025-01-02T14:31:00Z"},
          {"T":"q","S":"IBM","ap":2,"bp":1,"t":"2025-01-02T14:31:00Z"}])",
      test_universe());
  ASSERT_TRUE(f) << f.error().message();
  ASSERT_EQ(f->events.size(), 1U);
  const auto& quote = std::get<FeedQuote>(f->events[0]);
  EXPECT_EQ(test_universe()[quote.symbol].name, "SPY");
  EXPECT_EQ(quote.bid, 590.1);
  EXPECT_EQ(quote.ask, 590.12);
  EXPECT_EQ(format_utc(quote.at).substr(0, 19), "2025-01-02T14:31:00");
}

TEST(PolygonFrame, ReadsMinutesQuotesAndStatuses) {
  const auto f = parse_polygon_frame(
      R"([{"ev":"status","status":"max_connections","message":"too many"},
          {"ev":"AM","sym":"TQQQ","v":4110.5,"av":9470157,"op":80.02,"vw":80.11,"o":80.10,"c":80.12,"h":80.15,"l":80.08,
           "a":79.95,"z":68,"s":1735828260000,"e":1735828320000},
          {"ev":"Q","sym":"SPY","bp":590.1,"bs":3,"ap":590.12,"as":1,"t":1735828260123,"q":1,"z":2},
          {"ev":"Q","sym":"SPY","bp":0,"ap":590.12,"t":1735828260123},
          {"ev":"AM","sym":"SPY","v":1,"o":1,"c":1,"h":1,"l":1},
          {"ev":"A","sym":"SPY"},{"ev":"AM","sym":"IBM"}])",
      test_universe());
  ASSERT_TRUE(f) << f.error().message();
  ASSERT_EQ(f->statuses.size(), 1U);
  EXPECT_EQ(f->statuses[0].kind, PolygonStatus::Kind::max_connections);
  ASSERT_EQ(f->events.size(), 3U);
  EXPECT_EQ(std::get<FeedBar>(f->events[0]).bar, (Bar{kMinute, 80.10, 80.15, 80.08, 80.12, 4110.5}));
  EXPECT_DOUBLE_EQ(std::get<FeedQuote>(f->events[1]).ask, 590.12);
  EXPECT_TRUE(std::holds_alternative<FeedNote>(f->events[2]));
  EXPECT_FALSE(parse_polygon_frame("null", test_universe()));
}

TEST(PolygonMessages, AreWrittenAsTheServerWantsThem) {
  EXPECT_EQ(polygon_subscribe_message(test_universe(), true),
            R"({"action":"subscribe","params":"AM.QQQ,AM.SPY,AM.TQQQ,Q.QQQ,Q.SPY,Q.TQQQ"})");
  EXPECT_EQ(polygon_subscribe_message(test_universe(), false),
            R"({"action":"subscribe","params":"AM.QQQ,AM.SPY,AM.TQQQ"})");
  EXPECT_EQ(polygon_auth_message("K"), R"({"action":"auth","params":"K"})");
}

TEST(FeedBars, HaveTheLimitsOfFilesAndSayWhy) {
  const auto note = [](double high, double volume) {
    const auto frame = parse_polygon_frame(R"([{"ev":"AM","sym":"SPY","o":1,"l":1,"c":1,"s":1735828260000,"h":)" +
                                               std::to_string(high) + R"(,"v":)" + std::to_string(volume) + "}]",
                                           test_universe());
    const auto* told = std::get_if<FeedNote>(&frame->events.at(0));
    return told == nullptr ? std::string("taken") : told->text;
  };
  EXPECT_EQ(note(kBarPriceMax, kBarVolumeMax), "taken");
  EXPECT_EQ(note(kBarPriceMax + 1, 1), "an aggregate that has numbers that no market makes");
  EXPECT_EQ(note(1, kBarVolumeMax + 1), "an aggregate that has numbers that no market makes");
  EXPECT_EQ(note(1, 0), "an aggregate that has no volume: a minute without a trade");
}

TEST(RestBars, DropsMinutesThatAreNotOverAtTheServer) {
  const std::string page =
      R"({"bars":{"SPY":[{"t":"2025-01-02T14:30:00Z","o":1,"h":2,"l":0.5,"c":1.5,"v":100,"n":3,"vw":1.2},
                         {"t":"2025-01-02T14:31:00Z","o":1,"h":2,"l":0.5,"c":1.5,"v":100}],
                  "IBM":[{"t":"2025-01-02T14:30:00Z","o":1,"h":2,"l":0.5,"c":1.5,"v":100}],
                  "QQQ":[{"t":"2025-01-02T14:30:00Z","o":1,"h":2,"l":0.5,"c":3,"v":100}]},"next_page_token":"abc"})";
  const auto almost =
      parse_alpaca_bars(page, test_universe(), kMinute + kBarLength - std::chrono::nanoseconds{1});
  ASSERT_TRUE(almost) << almost.error().message();
  EXPECT_EQ(almost->bars.size(), 1U);
  EXPECT_EQ(almost->dropped_open, 1U);
  EXPECT_EQ(almost->dropped_bad, 1U);
  EXPECT_EQ(almost->next, "abc");
  EXPECT_EQ(parse_alpaca_bars(page, test_universe(), kMinute + kBarLength)->bars.size(), 2U);
  const auto empty = parse_alpaca_bars(R"({"bars":{},"next_page_token":null})", test_universe(), kMinute);
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->next);
  EXPECT_FALSE(parse_alpaca_bars(R"({"message":"no"})", test_universe(), kMinute));
}

TEST(RestBars, ReadsPolygonPagesAndNeverFollowsThemToAnotherHost) {
  const auto page = parse_polygon_aggs(
      R"({"status":"DELAYED","resultsCount":2,"results":[{"t":1735828200000,"o":80.1,"h":80.2,"l":80.0,"c":80.15,"v":12.5},
          {"t":1735828260000,"o":80.1,"h":80.2,"l":80.0,"c":80.15,"v":12345}],
          "next_url":"https://elsewhere.example/v2/aggs/next?cursor=xyz"})",
      kTqqq, kMinute + kBarLength / 2);
  ASSERT_TRUE(page) << page.error().message();
  ASSERT_EQ(page->bars.size(), 1U);
  EXPECT_EQ(page->bars[0].symbol, kTqqq);
  EXPECT_EQ(page->dropped_open, 1U);
  EXPECT_EQ(page->next, "/v2/aggs/next?cursor=xyz");
  EXPECT_TRUE(parse_polygon_aggs(R"({"status":"OK","resultsCount":0})", kTqqq, kMinute)->bars.empty());
  const auto refused = parse_polygon_aggs(R"({"status":"NOT_AUTHORIZED","message":"plan"})", kTqqq, kMinute);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::rejected);
}

TEST(RestBars, AsksForRawMinutesOfAllSymbols) {
  const auto q = alpaca_bars_query(test_universe(), kMinute, kMinute + kBarLength, "iex", "tok");
  const auto value = [&q](const std::string& key) {
    for (const auto& [k, v] : q) {
      if (k == key) return v;
    }
    return std::string("absent");
  };
  EXPECT_EQ(value("symbols"), "QQQ,SPY,TQQQ");
  EXPECT_EQ(value("start"), "2025-01-02T14:31:00Z");
  EXPECT_EQ(value("adjustment"), "raw");
  EXPECT_EQ(value("feed"), "iex");
  EXPECT_EQ(value("page_token"), "tok");
  EXPECT_EQ(
      polygon_aggs_path("SPY", kMinute, kMinute + kBarLength),
      "/v2/aggs/ticker/SPY/range/1/minute/1735828260000/1735828320000?adjusted=false&sort=asc&limit=50000");
}

TEST(FeedFuzz, MutatedBytesNeverCrashAndGiveOnlyPlausibleBars) {
  const std::vector<std::string> corpus{
      R"([{"T":"b","S":"SPY","o":388.9,"h":389.13,"l":388.8,"c":389.12,"v":49378,"t":"2025-01-02T14:31:00Z"},{"T":"s","S":"TQQQ","sc":"H","z":"C"}])",
      R"([{"T":"error","code":406,"msg":"x"},{"T":"subscription","bars":["SPY"]}])",
      R"([{"ev":"AM","sym":"TQQQ","v":4110,"o":80.10,"c":80.12,"h":80.15,"l":80.08,"s":1735828260000}])",
      R"([{"ev":"status","status":"connected"},{"ev":"Q","sym":"SPY","bp":590.1,"ap":590.12,"t":1735828260123}])",
      R"({"bars":{"SPY":[{"t":"2025-01-02T14:30:00Z","o":1,"h":2,"l":0.5,"c":1.5,"v":100}]},"next_page_token":"x"})",
      R"({"status":"OK","results":[{"t":1735828200000,"o":80.1,"h":80.2,"l":80.0,"c":80.15,"v":12345}],"next_url":"https://a/b"})",
      "Thu, 02 Jan 2025 14:31:00 GMT"};
  std::mt19937 random(7);
  const Universe universe = test_universe();
  int bars = 0;
  const auto check = [&bars](const Bar& bar) {
    EXPECT_TRUE(plausible(bar));
    ++bars;
  };
  for (int round = 0; round < 30'000; ++round) {
    std::string text = corpus[random() % corpus.size()];
    for (std::size_t i = 0, n = 1 + random() % 3; i < n && !text.empty(); ++i) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random() & 0xFF);
          break;
        case 1:
          text.erase(at, 1 + random() % 6);
          break;
        case 2:
          text.insert(at, std::string(1 + random() % 5, "9[{-"[random() % 4]));
          break;
        default:
          text.resize(at + random() % (text.size() - at));
          break;
      }
    }
    for (const bool alpaca : {true, false}) {
      std::vector<FeedEvent> events;
      if (alpaca) {
        if (auto f = parse_alpaca_frame(text, universe)) events = std::move(f->events);
      } else if (auto f = parse_polygon_frame(text, universe)) {
        events = std::move(f->events);
      }
      for (const FeedEvent& e : events) {
        if (const auto* b = std::get_if<FeedBar>(&e)) check(b->bar);
      }
    }
    for (const auto& page :
         {parse_alpaca_bars(text, universe, kMinute), parse_polygon_aggs(text, kSpy, kMinute)}) {
      if (!page) continue;
      for (const SymbolBar& b : page->bars) check(b.bar);
    }
  }
  EXPECT_GT(bars, 300);
}

}  // namespace
}  // namespace sentio
