#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "feeds_support.h"
#include "sentio/feeds/minute_assembler.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Times are given as seconds since the open.
class Scene {
 public:
  explicit Scene(int first_minute = 0, MinuteAssemblerOptions options = {})
      : assembler_(hours_, 3, first_minute, hours_.open, options) {
    assembler_.feed_up(hours_.open);
  }
  TimePoint at(double s) const { return hours_.open + milliseconds{static_cast<std::int64_t>(s * 1000)}; }
  void bar(double s, SymbolId symbol, int minute, double close = 100, bool revised = false) {
    assembler_.on(at(s), FeedBar{symbol, test_bar(hours_.minute_start(minute), close), revised, false});
  }
  /// Sets given at that time, as their minute; late bars and mutes go to the members.
  std::vector<BarsArrived> poll(double s) {
    std::vector<BarsArrived> sets;
    for (AssemblerEvent& e : assembler_.poll(at(s))) {
      if (auto* set = std::get_if<BarsArrived>(&e)) sets.push_back(std::move(*set));
      if (auto* late = std::get_if<LateBar>(&e)) late_.push_back(late->bar);
      if (auto* mute = std::get_if<FeedMute>(&e)) mutes_.push_back(mute->mute);
    }
    return sets;
  }
  int sets(double s) { return static_cast<int>(poll(s).size()); }

  SessionHours hours_ = test_session();
  MinuteAssembler assembler_;
  std::vector<FeedBar> late_;
  std::vector<bool> mutes_;
};

TEST(MinuteAssembler, ClosesWhenAllSymbolsArrived) {
  Scene s;
  s.bar(60.2, kQqq, 0);
  s.bar(60.3, kSpy, 0);
  EXPECT_EQ(s.sets(60.3), 0);
  s.bar(60.4, kTqqq, 0, 81);
  const auto sets = s.poll(60.4);
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].minute, 0);
  EXPECT_FALSE(sets[0].observe_only);
  EXPECT_DOUBLE_EQ(sets[0].bars[kTqqq]->close, 81);
}

TEST(MinuteAssembler, ClosesTwoSecondsAfterTheFirstBar) {
  Scene s;
  s.bar(60.5, kQqq, 0);
  EXPECT_EQ(s.assembler_.next_deadline(), s.at(62.5));
  EXPECT_EQ(s.sets(62.499), 0);
  const auto sets = s.poll(62.5);
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_TRUE(sets[0].bars[kQqq]);
  EXPECT_FALSE(sets[0].bars[kSpy]);
}

TEST(MinuteAssembler, ClosesFiveSecondsAfterTheEndAtTheLatest) {
  Scene late_first;
  late_first.bar(64.0, kQqq, 0);
  EXPECT_EQ(late_first.sets(64.9), 0);
  EXPECT_EQ(late_first.sets(65), 1);
  Scene empty;
  EXPECT_EQ(empty.sets(64.9), 0);
  const auto sets = empty.poll(65);
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_FALSE(sets[0].bars[kQqq]);
}

TEST(MinuteAssembler, NeverClosesBeforeTheMinuteIsOver) {
  Scene s;  // our clock is behind the server's
  for (const SymbolId symbol : {kQqq, kSpy, kTqqq}) s.bar(57, symbol, 0);
  EXPECT_EQ(s.sets(59.9), 0);
  EXPECT_EQ(s.sets(60), 1);
}

TEST(MinuteAssembler, AClosedMinuteNeverReopens) {
  Scene s;
  s.bar(60.1, kQqq, 0);
  EXPECT_EQ(s.sets(62.1), 1);
  s.bar(62.2, kSpy, 0, 55);         // too late
  s.bar(90.5, kQqq, 0, 101, true);  // corrected at half past
  s.bar(90.6, kQqq, 0);             // said again
  EXPECT_EQ(s.sets(91), 0);
  ASSERT_EQ(s.late_.size(), 2U);
  EXPECT_DOUBLE_EQ(s.late_[0].bar.close, 55);
  EXPECT_TRUE(s.late_[1].revised);
}

TEST(MinuteAssembler, TheLastVersionCountsWhileAMinuteIsOpen) {
  Scene s;
  s.bar(60.1, kQqq, 0, 100);
  s.bar(60.9, kQqq, 0, 102, true);
  const auto sets = s.poll(62.1);
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_DOUBLE_EQ(sets[0].bars[kQqq]->close, 102);
  EXPECT_TRUE(s.late_.empty());
}

TEST(MinuteAssembler, BarsOutsideTheSessionAreIgnored) {
  Scene s;
  s.bar(0, kQqq, -1);
  s.bar(60.1, kQqq, 390);
  s.assembler_.on(s.at(60.1), FeedBar{kQqq, test_bar(s.at(3)), false, false});  // off the grid
  EXPECT_EQ(s.assembler_.bars_outside_session(), 3U);
  EXPECT_FALSE(s.poll(65)[0].bars[kQqq]);
}

TEST(MinuteAssembler, AnOutageKeepsMinutesOpenUntilBackfill) {
  Scene s;
  EXPECT_EQ(s.sets(65), 1);
  s.assembler_.on(s.at(70), FeedDown{"cut"});
  EXPECT_EQ(s.sets(330), 0);
  for (int minute = 1; minute <= 4; ++minute) s.bar(335, kQqq, minute, 100 + minute);
  EXPECT_EQ(s.sets(335), 0) << "back-fill may still bring other symbols";
  s.assembler_.on(s.at(336), FeedUp{});
  const auto sets = s.poll(336);
  ASSERT_EQ(sets.size(), 4U);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(sets[i].minute, i + 1);
    EXPECT_DOUBLE_EQ(sets[i].bars[kQqq]->close, 101 + i);
    EXPECT_EQ(sets[i].observe_only, i < 3) << "only the newest may trade";
  }
}

TEST(MinuteAssembler, AMinuteThatIsStillDueAfterBackfillIsTheNewest) {
  Scene s;
  s.assembler_.on(s.at(1), FeedDown{"cut"});
  s.assembler_.on(s.at(242), FeedUp{});  // minute 3 ended two seconds ago
  const auto sets = s.poll(242);
  ASSERT_EQ(sets.size(), 3U);
  for (const auto& set : sets) EXPECT_TRUE(set.observe_only);
  const auto newest = s.poll(245);
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_FALSE(newest[0].observe_only);
}

TEST(MinuteAssembler, AtTheEodMinuteNobodyWaitsForADeadFeed) {
  Scene s(380);
  s.assembler_.on(s.at(380 * 60 + 1), FeedDown{"cut"});
  const double eod = 389 * 60 + 5;
  EXPECT_EQ(s.assembler_.next_deadline(), s.at(eod));
  EXPECT_EQ(s.sets(eod - 0.1), 0);
  const auto sets = s.poll(eod);
  ASSERT_EQ(sets.size(), 9U);
  EXPECT_EQ(sets.back().minute, 388);
  EXPECT_FALSE(sets.back().observe_only);
  EXPECT_TRUE(sets[7].observe_only);
  EXPECT_EQ(s.sets(390 * 60 + 5), 1) << "the last minute closes by the ordinary clock";
  EXPECT_TRUE(s.assembler_.complete());
  EXPECT_FALSE(s.assembler_.next_deadline());
}

TEST(MinuteAssembler, CountsAsDownUntilTheFeedIsUp) {
  MinuteAssembler a(test_session(), 3, 0, test_session().open);
  EXPECT_TRUE(a.down());
  EXPECT_TRUE(a.poll(test_session().open + seconds{100}).empty());
}

TEST(MinuteAssembler, SilenceOfEveryKindIsAMuteFeed) {
  Scene s;
  s.bar(60.5, kQqq, 0);
  (void)s.poll(135.4);
  EXPECT_TRUE(s.mutes_.empty());
  (void)s.poll(135.5);
  (void)s.poll(140);
  EXPECT_EQ(s.mutes_, std::vector<bool>{true});
  s.assembler_.on(s.at(150), FeedAlive{});
  (void)s.poll(150);
  EXPECT_EQ(s.mutes_, (std::vector<bool>{true, false}));
}

TEST(MinuteAssembler, AQuietSymbolIsNotAMuteFeed) {
  Scene s;
  for (int minute = 0; minute < 30; ++minute) {
    s.bar(minute * 60 + 60.5, kSpy, minute);
    EXPECT_EQ(s.sets(minute * 60 + 63), 1);
  }
  EXPECT_TRUE(s.mutes_.empty());
}

TEST(MinuteAssembler, BeforeTheOpenAndAfterTheCloseNobodyMustSpeak) {
  const SessionHours hours = test_session();
  MinuteAssembler a(hours, 3, 0, hours.open - std::chrono::hours{1});
  a.feed_up(hours.open - std::chrono::hours{1});
  EXPECT_TRUE(a.poll(hours.open + seconds{4}).empty());
  const auto mute = a.poll(hours.open + seconds{75});
  EXPECT_TRUE(std::any_of(mute.begin(), mute.end(),
                          [](const auto& e) { return std::holds_alternative<FeedMute>(e); }));
  Scene late(389);
  late.assembler_.on(late.at(389 * 60), FeedAlive{});
  (void)late.poll(390 * 60 + 200);
  EXPECT_TRUE(late.mutes_.empty());
}

TEST(MinuteAssembler, AStartWithinTheSessionGivesOnlyMinutesFromThere) {
  Scene s(100);
  s.bar(100 * 60 + 1, kQqq, 99, 42);
  const auto sets = s.poll(101 * 60 + 5);
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].minute, 100);
}

/// Whatever arrives whenever: every minute once, in order, with exactly the bars that came in time.
RC_GTEST_PROP(MinuteAssembler, EveryMinuteComesOnceInOrderWithWhatCameInTime, ()) {
  const SessionHours hours = test_session();
  constexpr int kMinutes = 12;
  MinuteAssembler a(hours, 3, 0, hours.open);
  struct Item {
    std::int64_t at_ms;
    std::optional<FeedBar> bar;  ///< none: up or down
    bool up = false;
  };
  std::vector<Item> items{{0, std::nullopt, true}};
  for (int minute = 0; minute < kMinutes; ++minute) {
    for (SymbolId symbol = 0; symbol < 3; ++symbol) {
      const int copies = *rc::gen::inRange(0, 3);
      for (int n = 0; n < copies; ++n) {
        const auto at = (minute + 1) * 60'000 + *rc::gen::inRange(-500, 8'000);
        const double close = 100 + *rc::gen::inRange(0, 3);
        items.push_back(
            {at, FeedBar{symbol, test_bar(hours.minute_start(minute), close), n > 0, false}, false});
      }
    }
  }
  if (*rc::gen::arbitrary<bool>()) {
    const auto down = *rc::gen::inRange(0, 600'000);
    items.push_back({down, std::nullopt, false});
    items.push_back({down + *rc::gen::inRange(1, 400'000), std::nullopt, true});
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& x, const Item& y) { return x.at_ms < y.at_ms; });

  std::vector<BarsArrived> sets;
  std::size_t delivered_late = 0, expected_late = 0;
  std::vector<std::vector<std::optional<Bar>>> truth(hours.minutes, std::vector<std::optional<Bar>>(3));
  const auto drain = [&](TimePoint now) {
    for (AssemblerEvent& e : a.poll(now)) {
      if (auto* set = std::get_if<BarsArrived>(&e)) sets.push_back(std::move(*set));
      delivered_late += std::holds_alternative<LateBar>(e);
    }
  };
  for (std::int64_t ms = 0, next = 0; ms <= (kMinutes + 8) * 60'000; ms += 100) {
    const TimePoint now = hours.open + milliseconds{ms};
    for (; next < static_cast<std::int64_t>(items.size()) && items[next].at_ms <= ms; ++next) {
      const Item& item = items[next];
      if (!item.bar) {
        a.on(now, item.up ? FeedEvent{FeedUp{}} : FeedEvent{FeedDown{}});
        continue;
      }
      auto& slot = truth[*hours.minute_of(item.bar->bar.start)][item.bar->symbol];
      if (*hours.minute_of(item.bar->bar.start) < static_cast<int>(sets.size())) {
        expected_late += slot != item.bar->bar;
      } else {
        slot = item.bar->bar;
      }
      a.on(now, *item.bar);
    }
    drain(now);
    RC_ASSERT(a.next_deadline() > now);
  }
  RC_ASSERT(static_cast<int>(sets.size()) >= kMinutes);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    RC_ASSERT(sets[i].minute == static_cast<int>(i));
    RC_ASSERT(sets[i].bars == truth[i]);
  }
  RC_ASSERT(delivered_late == expected_late);
}

}  // namespace
}  // namespace sentio
