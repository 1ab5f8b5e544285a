/// A whole live day, from the checks to the report, at a broker that is not Alpaca: in memory, without a socket.

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <sstream>

#include "leaping_pacer.h"
#include "memory_broker.h"
#include "mock_world.h"
#include "scratch_folder.h"
#include "sentio/live/journal_replay.h"
#include "sentio/live/live_run.h"
#include "sentio/mock/warm_up.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::day;
using testing::LeapingPacer;
using testing::MemoryAccount;
using testing::MemoryBroker;
using testing::MockWorld;

const Date kHalfDay = day(2025, 7, 3);

/// What the script has sent; connected at once.
class ScriptedFeed final : public LiveFeed {
 public:
  explicit ScriptedFeed(std::vector<FeedEvent>& events) : events_(events) {}
  void start() override { events_.emplace_back(FeedUp{}); }
  std::vector<FeedEvent> poll() override { return std::exchange(events_, {}); }
  void ask() override {}

 private:
  std::vector<FeedEvent>& events_;
};

class OtherBroker : public ::testing::Test {
 protected:
  OtherBroker() {
    account.price_at = [](const std::string& symbol, Side side, double open) {
      const Universe& universe = world().options.universe;
      const double spread = half_spread_per_share(universe[*universe.find(symbol)], Price{open}).v;
      return std::round((side == Side::buy ? open + spread : open - spread) * 1e4) / 1e4;  // as FillModel
    };
    EXPECT_TRUE(write_state(folder / "learned.bin", state().header, state().payload));
  }

  static const MockWorld& world() {
    static const MockWorld made = [] {
      MockWorld w = testing::walking_world(kHalfDay, kHalfDay, 3, 7);
      w.options.config.fill.participation = 0;  // orders fill whole
      return w;
    }();
    return made;
  }
  static SessionHours hours() { return *NyseCalendar::session(kHalfDay); }
  static const StateFile& state() {
    static const StateFile made = *learn_warm_up({.config = world().options.config,
                                                  .universe = world().options.universe,
                                                  .fees = world().options.fees,
                                                  .sessions = NyseCalendar::sessions_before(kHalfDay, 3)},
                                                 world().bars, {});
    return made;
  }

  /// One process: from `start` until the session ends or it is stopped.
  Result<LiveRunResult> live(TimePoint start) {
    LiveRunOptions o{.setup = {.config = world().options.config,
                               .universe = world().options.universe,
                               .fees = world().options.fees,
                               .config_name = {}}};
    o.folder = folder.path();
    o.bars.warmup_state = folder / "learned.bin";
    o.bars.warmup_sessions = 3;
    o.observers.alerts = Alerts([this](AlertKind, const std::string& text) { alerts.push_back(text); });
    o.observers.stop = stop.get();
    o.policy.on_exit = on_exit;
    o.makers.clock = [&]() -> Result<LiveClock> {
      auto made = std::make_unique<LeapingPacer>(start);
      pacer = made.get();
      write_script(start);
      LiveClock clock{.pacer = std::move(made), .hours = hours(), .last_minute = hours().minutes - 1};
      clock.simulated = true;
      return clock;
    };
    o.makers.feed = [this, start](LivePacer&, std::optional<TimePoint> from) -> Result<std::unique_ptr<LiveFeed>> {
      events.clear();
      for (int i = 0; from && hours().minute_end(i) <= start; ++i) {
        if (hours().minute_start(i) >= *from) send(i, true);
      }
      return std::make_unique<ScriptedFeed>(events);
    };
    o.makers.broker = [this](const BrokerParts& parts) -> Result<std::unique_ptr<LiveBrokerInterface>> {
      return std::make_unique<MemoryBroker>(account, parts.universe, [&p = parts.pacer] { p.wake(); });
    };
    auto result = run_live(std::move(o));
    pacer = nullptr;
    return result;
  }
  /// Bars as the day prints them: the opens reach the broker two seconds into their minute, the bar comes at its end.
  void write_script(TimePoint start) {
    for (int i = 0; i < hours().minutes; ++i) {
      if (hours().minute_start(i) < start) continue;
      pacer->at(hours().minute_start(i) + seconds{2}, [this, i] { open(i); });
      pacer->at(hours().minute_end(i) + milliseconds{300}, [this, i] { send(i, false); });
    }
    for (const auto& [when, what] : script) pacer->at(when, what);
  }
  void open(int minute) {
    MemoryAccount::Prices opens;
    for (const SymbolBars& s : world().bars) opens[s.symbol] = bar_of(s, minute).open;
    account.market_opens(opens, hours().minute_start(minute));
  }
  void send(int minute, bool backfill) {
    for (std::size_t i = 0; i < world().bars.size(); ++i) {
      FeedBar bar{.symbol = static_cast<SymbolId>(i), .bar = bar_of(world().bars[i], minute)};
      bar.backfill = backfill;
      events.emplace_back(bar);
    }
    pacer->wake();
  }
  static const Bar& bar_of(const SymbolBars& symbol, int minute) {
    return *std::ranges::find(symbol.bars, hours().minute_start(minute), &Bar::start);
  }
  [[nodiscard]] std::string file(const std::string& stem) const {
    return *read_text_file(folder / (stem + "_2025-07-03.jsonl"));
  }

  testing::ScratchFolder folder;
  LeapingPacer* pacer = nullptr;
  TimePoint between{};  ///< while no process runs
  MemoryAccount account{world().options.universe, [this] { return pacer == nullptr ? between : pacer->now(); }};
  std::vector<FeedEvent> events;
  std::vector<std::pair<TimePoint, std::function<void()>>> script;
  std::vector<std::string> alerts;
  std::unique_ptr<StopSignal> stop = std::make_unique<StopSignal>();
  OnExit on_exit = OnExit::flatten;
};

TEST_F(OtherBroker, ADayIsTradedThereAsInMock) {
  const auto result = live(hours().open - std::chrono::minutes{5});
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_TRUE(result->whole_session);
  EXPECT_TRUE(result->flat) << result->note;
  EXPECT_TRUE(result->differences.empty());
  EXPECT_GT(account.orders.size(), 20U);
  for (const SymbolInfo& s : world().options.universe) EXPECT_EQ(account.held(s.name), 0) << s.name;
  EXPECT_GT(account.asked["account"], 10) << "books are compared while it trades";

  const auto mocked = world().run();
  ASSERT_EQ(mocked.error, "");
  const DayFiles& files = mocked.files.at(kHalfDay);
  EXPECT_TRUE(file("signals") == files.signals);
  EXPECT_TRUE(file("decisions") == files.decisions);
  EXPECT_TRUE(file("positions") == files.positions);
}

TEST_F(OtherBroker, WhatWasSoldWhileNobodyWatchedIsBookedOnceAfterARestart) {
  int left_after = -1;
  on_exit = OnExit::hold;
  for (int i = 60; i < 150; ++i) {
    script.emplace_back(hours().minute_end(i) + milliseconds{500}, [this, i, &left_after] {
      const bool selling = std::ranges::any_of(
          account.orders, [](const auto& e) { return !e.order.ended && e.order.side == Side::sell; });
      if (!selling || left_after >= 0) return;
      left_after = i;
      stop->request();
      stop->request();  // at once: whatever is at work stays
      pacer->wake();
    });
  }
  const auto first = live(hours().open - std::chrono::minutes{5});
  ASSERT_TRUE(first) << first.error().message();
  ASSERT_GE(left_after, 0);
  EXPECT_TRUE(first->stopped);
  ASSERT_FALSE(account.at_work().empty());
  const std::size_t orders = account.orders.size();
  between = hours().minute_start(left_after + 1) + seconds{2};
  open(left_after + 1);
  EXPECT_TRUE(account.at_work().empty());

  stop = std::make_unique<StopSignal>();
  script.clear();
  const auto second = live(hours().minute_end(left_after + 2) + seconds{10});
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_TRUE(second->flat) << second->note;
  EXPECT_EQ(second->differences, std::vector<std::string>{});
  EXPECT_GT(account.orders.size(), orders) << "it trades on";
  std::set<std::string> names;
  for (const auto& entry : account.orders) EXPECT_TRUE(names.insert(entry.order.client_order_id).second);
  const auto replayed = replay_journal(folder / "journal_2025-07-03.jsonl");
  ASSERT_TRUE(replayed) << replayed.error().message();
  EXPECT_TRUE(replayed->recorder->files().trades == file("trades"));
}

TEST_F(OtherBroker, SharesThatNobodyOrderedStopEntriesUntilTheyAreGone) {
  script.emplace_back(hours().minute_start(100) + seconds{20}, [this] { account.hold("TQQQ", 5); });
  script.emplace_back(hours().minute_start(120) + seconds{20}, [this] { account.hold("TQQQ", -5); });
  const auto result = live(hours().open - std::chrono::minutes{5});
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_TRUE(result->flat) << result->note;
  EXPECT_TRUE(std::ranges::any_of(alerts, [](const std::string& text) {
    return text.starts_with("the broker's book disagrees; TQQQ");
  }));
  std::vector<bool> suspended;
  std::istringstream in(*read_text_file(folder / "journal_2025-07-03.jsonl"));
  for (std::string line; std::getline(in, line);) {
    if (line.find(R"("entries_suspended")") == std::string::npos) continue;
    suspended.push_back(line.find(R"("on":true)") != std::string::npos);
  }
  EXPECT_EQ(suspended, (std::vector<bool>{true, false}));
}

TEST_F(OtherBroker, WhereItRefusesOurSalesItIsAskedToCloseAndThatIsBooked) {
  account.refuses = [this](const Order& order) -> std::optional<std::string> {
    if (order.side == Side::buy || pacer->now() < hours().minute_start(100)) return std::nullopt;
    return "no sales today";
  };
  // No minute opens any more when it is asked; a market is never that slow.
  script.emplace_back(hours().minute_start(hours().minutes - 1) + seconds{5}, [this] { account.fills_at_once = true; });
  const auto result = live(hours().open - std::chrono::minutes{5});
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_TRUE(result->flat) << result->note;
  EXPECT_EQ(result->differences, std::vector<std::string>{});
  EXPECT_GT(account.asked["close"], 0);
  EXPECT_NE(file("trades").find("closed_by_broker"), std::string::npos);
}

TEST_F(OtherBroker, ANameNobodyKnowsIsRefused) {
  LeapingPacer clock(hours().open);
  const auto made = LiveConnector({.broker = "nobody"}, {}, "iex", world().options.universe, clock).broker();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::usage);
  EXPECT_EQ(made.error().message(), "nobody: is no broker of this program");
}

}  // namespace
}  // namespace sentio
