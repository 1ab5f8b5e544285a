/// What stops entries, what the session is told of it and when, and the reasons as text.

#include <gtest/gtest.h>

#include "mock_world.h"
#include "day/entry_gate.h"

namespace sentio {
namespace {

using std::chrono::seconds;

const TimePoint kOpen = NyseCalendar::session(testing::day(2025, 7, 3))->open;
constexpr EntryStop kSuspending[] = {EntryStop::market_data_down, EntryStop::market_data_silent,
                                     EntryStop::order_events_down, EntryStop::books_differ, EntryStop::books_unread, EntryStop::keys_refused,
                                     EntryStop::stopped};
using Lines = std::vector<std::string>;

TEST(EntryGate, TellsTheSessionOfEachStopAndOfItsEndOnce) {
  for (const EntryStop stop : kSuspending) {
    SCOPED_TRACE(static_cast<int>(stop));
    EntryGate gate(kOpen);
    EXPECT_EQ(gate.news(kOpen), std::nullopt);
    EXPECT_TRUE(gate.close(stop, "a reason"));
    EXPECT_FALSE(gate.close(stop, "another"));
    EXPECT_EQ(gate.reasons(), Lines{"a reason"});
    EXPECT_FALSE(gate.suspended());
    EXPECT_EQ(gate.news(kOpen), true);
    EXPECT_EQ(gate.news(kOpen), std::nullopt);
    EXPECT_TRUE(gate.suspended());
    EXPECT_TRUE(gate.reopen(stop));
    EXPECT_FALSE(gate.reopen(stop));
    EXPECT_EQ(gate.news(kOpen), false);
    EXPECT_EQ(gate.reasons(), Lines{});
  }
}

TEST(EntryGate, StaysClosedUntilTheLastStopIsOver) {
  EntryGate gate(kOpen);
  gate.close(EntryStop::stopped, "no more entries today");
  gate.close(EntryStop::market_data_down, "market data is down");
  EXPECT_EQ(gate.news(kOpen), true);
  EXPECT_EQ(gate.reasons(), (Lines{"market data is down", "no more entries today"}));
  EXPECT_EQ(gate.text(), "market data is down; no more entries today");
  gate.reopen(EntryStop::market_data_down);
  EXPECT_EQ(gate.news(kOpen), std::nullopt);
  EXPECT_TRUE(gate.suspended());
}

TEST(EntryGate, MaintenanceIsAReasonAndHasAnEventOfItsOwn) {
  EntryGate gate(kOpen);
  EXPECT_TRUE(gate.set(EntryStop::maintenance, true, "maintenance"));
  EXPECT_FALSE(gate.set(EntryStop::maintenance, true, "maintenance"));
  EXPECT_EQ(gate.news(kOpen), std::nullopt);
  EXPECT_EQ(gate.reasons(), Lines{"maintenance"});
  EXPECT_TRUE(gate.set(EntryStop::maintenance, false, "maintenance"));
}

TEST(EntryGate, BeforeTheOpenStartUpIsNoOutage) {
  const TimePoint early = kOpen - seconds{1};
  for (const EntryStop stop : kSuspending) {
    EntryGate gate(kOpen);
    gate.close(stop, "a reason");
    const bool counts = stop == EntryStop::books_differ || stop == EntryStop::books_unread ||
                        stop == EntryStop::keys_refused || stop == EntryStop::stopped;
    EXPECT_EQ(gate.news(early), counts ? std::optional(true) : std::nullopt);
    EXPECT_EQ(gate.news(kOpen), counts ? std::nullopt : std::optional(true));
  }
}

TEST(EntryGate, AResumedDayIsToldWhatDiffersFromItsJournal) {
  EntryGate gate(kOpen);
  gate.resume(true);
  EXPECT_EQ(gate.news(kOpen), false);
  gate.resume(true);
  gate.close(EntryStop::market_data_down, "market data is down");
  EXPECT_EQ(gate.news(kOpen), std::nullopt);
}

TEST(EntryGate, OneAlertForAnOutageThatLasts) {
  EntryGate gate(kOpen);
  EXPECT_FALSE(gate.blind_for_long(kOpen));
  gate.close(EntryStop::order_events_down, "order events are down");
  EXPECT_FALSE(gate.blind_for_long(kOpen + seconds{10}));
  EXPECT_FALSE(gate.blind_for_long(kOpen + seconds{84}));
  EXPECT_TRUE(gate.blind_for_long(kOpen + seconds{85}));
  EXPECT_FALSE(gate.blind_for_long(kOpen + seconds{300}));
  gate.reopen(EntryStop::order_events_down);
  EXPECT_FALSE(gate.blind_for_long(kOpen + seconds{301}));
  gate.close(EntryStop::market_data_down, "market data is down");
  EXPECT_FALSE(gate.blind_for_long(kOpen + seconds{302}));
  EXPECT_TRUE(gate.blind_for_long(kOpen + seconds{377}));
}

TEST(EntryGate, OfASilentFeedNobodyIsToldTwice) {
  EntryGate gate(kOpen);
  gate.close(EntryStop::market_data_silent, "market data is silent");
  EXPECT_FALSE(gate.blind_for_long(kOpen));
  EXPECT_FALSE(gate.blind_for_long(kOpen + seconds{100}));
}

}  // namespace
}  // namespace sentio
