#pragma once
/// A live day whose feed and broker do as they are told.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mock_world.h"
#include "scratch_folder.h"
#include "day/live_day.h"
#include "sentio/mock/warm_up.h"
#include "sentio/store/atomic_file.h"

namespace sentio::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ToldFeed final : public LiveFeed {
 public:
  void start() override {}
  std::vector<FeedEvent> poll() override { return std::exchange(events, {}); }
  void ask() override { ++questions; }
  std::vector<FeedEvent> events;
  int questions = 0;
};

/// Fills every order at its reference price, when polled.
class FillingBroker final : public BrokerInterface {
 public:
  void submit(const Approved<Order>& order, TimePoint received) override {
    orders.push_back(order.get());
    times.push_back(received);
    if (on_submit) on_submit(order.get());
    if (silent) return;
    if (refuses_sells && order.get().side == Side::sell) {
      news.emplace_back(OrderRejected{order.get().key, "no"});
      return;
    }
    news.emplace_back(OrderFilled{Fill{.order = order.get().key,
                                       .qty = order.get().qty,
                                       .price = order.get().reference,
                                       .at = received,
                                       .execution = orders.size()}});
  }
  void cancel(const OrderKey& order) override { cancels.push_back(order); }
  std::vector<Event> poll() override { return std::exchange(news, {}); }
  std::vector<Order> orders;
  std::vector<TimePoint> times;  ///< of their submission
  std::vector<Event> news;
  std::vector<OrderKey> cancels;
  std::function<void(const Order&)> on_submit;
  bool refuses_sells = false, silent = false;
};

/// Three instruments on a half day, learners warmed up once for all tests.
class LiveDayTest : public ::testing::Test {
 protected:
  LiveDayTest() {
    const TimePoint early = hours().open - std::chrono::minutes{5};
    EXPECT_TRUE(write_state(folder / "state.bin", state().header, state().payload));
    live = *LiveDay::start(options(), &state(), {}, broker, feed, early);
    feed.events.emplace_back(FeedUp{});
    EXPECT_TRUE(live->pump(early));
  }

  LiveDayOptions options() {
    LiveDayOptions options{.header = {.date = hours().date,
                                      .mode = "paper",
                                      .options = {world().options.config, world().options.universe,
                                                  world().options.fees, Usd{100'000}},
                                      .state_file = "state.bin"},
                           .hours = hours(),
                           .folder = folder.path()};
    options.alerts = Alerts([this](AlertKind, const std::string& text) { alerts.push_back(text); });
    options.close_at_broker = [this](std::vector<OwnShares> shares) { handed_over.push_back(std::move(shares)); };
    return options;
  }

  static const MockWorld& world() {
    static const MockWorld made = [] {
      MockWorld w = walking_world(day(2025, 7, 3), day(2025, 7, 3), 3, 7);
      const Universe six = w.options.universe;
      w.options.universe = Universe({six[0], six[1], six[2]});
      std::vector<SymbolBars> bars;
      for (const SymbolInfo& s : w.options.universe) {
        bars.push_back(*std::ranges::find(w.bars, s.name, &SymbolBars::symbol));
      }
      w.bars = std::move(bars);
      return w;
    }();
    return made;
  }
  static SessionHours hours() { return *NyseCalendar::session(day(2025, 7, 3)); }
  static const StateFile& state() {
    static const StateFile made = *learn_warm_up({.config = world().options.config,
                                                  .universe = world().options.universe,
                                                  .fees = world().options.fees,
                                                  .sessions = NyseCalendar::sessions_before(hours().date, 3)},
                                                 world().bars, {});
    return made;
  }
  static FeedBar bar_of(std::size_t symbol, int minute) {
    const auto& bars = world().bars[symbol].bars;
    return {.symbol = static_cast<SymbolId>(symbol),
            .bar = *std::ranges::find(bars, hours().minute_start(minute), &Bar::start)};
  }
  void send_minute(int minute, bool backfill = false) {
    for (std::size_t i = 0; i < world().bars.size(); ++i) {
      FeedBar bar = bar_of(i, minute);
      bar.backfill = backfill;
      feed.events.emplace_back(bar);
    }
  }
  void run_minutes(int first, int end) {
    for (int i = first; i < end; ++i) {
      ASSERT_TRUE(live->pump(hours().minute_start(i) + seconds{2}));  // fills
      send_minute(i);
      ASSERT_TRUE(live->pump(hours().minute_end(i) + milliseconds{300}));
    }
  }
  /// Nothing arrives any more: deadlines only.
  void run_to_the_end() {
    for (int i = 0; i < 1000 && !live->over(); ++i) ASSERT_TRUE(live->pump(live->next_deadline()));
    ASSERT_TRUE(live->over());
  }
  [[nodiscard]] std::vector<nlohmann::json> journal(const std::string& event) const {
    std::vector<nlohmann::json> all;
    std::istringstream in(*read_text_file(folder / "journal_2025-07-03.jsonl"));
    for (std::string line; std::getline(in, line);) {
      auto j = nlohmann::json::parse(line);
      if (j.value("event", j.value("note", "")) == event) all.push_back(std::move(j));
    }
    return all;
  }

  ScratchFolder folder;
  ToldFeed feed;
  FillingBroker broker;
  std::vector<std::string> alerts;
  std::vector<std::vector<OwnShares>> handed_over;  ///< to the broker, rung by rung
  std::unique_ptr<LiveDay> live;
};

}  // namespace sentio::testing
