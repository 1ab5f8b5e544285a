/// Orders that live on at the broker otherwise than they were meant: sales that rest, cancels without an answer,
/// purchases that are refused again and again.

#include <gtest/gtest.h>

#include "session_day.h"
#include "sentio/session/entry_pauses.h"

namespace sentio {
namespace {

using testing::AAA;
using testing::BBB;
using testing::SessionDay;

/// AAA is held and everything was ordered out on set 0: its sale is at work.
SessionDay leaving() {
  SessionDay day;
  day.open();
  *day.wanted = true;
  day.adopt(AAA);
  day.set(0);
  EXPECT_EQ(day.tell(day.latest, FlattenRequested{}), "S");
  return day;
}

std::string set_without_aaa(SessionDay& day, int minute) {
  BarsArrived set = day.bars(minute);
  set.bars[AAA].reset();
  return day.tell(day.hours.minute_end(minute), set);
}

TEST(RestingExit, AfterTwoMinutesOfTradingItIsCancelledAndItsEndOrdersItAgain) {
  SessionDay day = leaving();
  const OrderKey first = day.last_order->key;
  EXPECT_EQ(day.set(1), "-");
  EXPECT_EQ(day.set(2), "C");
  EXPECT_EQ(day.done.at(day.done.size() - 3), "cancel AAA exit_resting 2025-07-03T13:33:00Z");
  EXPECT_EQ(day.tell(day.latest, OrderCanceled{first}), "S");
  EXPECT_NE(day.last_order->key, first);
  EXPECT_EQ(day.last_order->reason, Reason::operator_flatten);
  EXPECT_EQ(day.set(3), "-");
  EXPECT_EQ(day.set(4), "C");  // and so on
  EXPECT_EQ(day.tell(day.latest, day.fill(AAA)), "B");  // overtaken by its fill: nothing more
  EXPECT_EQ(day.tell(day.latest, OrderCanceled{day.last_order->key}), "-");
  EXPECT_TRUE(day.session.flat());
}

TEST(RestingExit, OfWhatWasSoldInPartTheRestIsOrderedAgain) {
  SessionDay day = leaving();
  day.tell(day.latest, day.fill(AAA, 4));
  day.set(1);
  EXPECT_EQ(day.set(2), "C");
  EXPECT_EQ(day.tell(day.latest, OrderCanceled{day.last_order->key}), "S");
  EXPECT_EQ(day.last_order->qty, Qty{6});
}

TEST(RestingExit, MinutesInWhichTheSymbolDoesNotTradeDoNotCount) {
  SessionDay day = leaving();
  EXPECT_EQ(day.set(1), "-");
  for (int minute = 2; minute < 6; ++minute) EXPECT_EQ(set_without_aaa(day, minute), "-") << minute;
  day.tell(day.latest, SymbolHalted{AAA, true});
  for (int minute = 6; minute < 9; ++minute) EXPECT_EQ(day.set(minute), "-") << minute;
  day.tell(day.latest, SymbolHalted{AAA, false});
  EXPECT_EQ(day.set(9), "C");
}

TEST(RestingExit, MinutesSeenLateDecideNothing) {
  SessionDay day = leaving();
  for (int minute = 1; minute < 5; ++minute) EXPECT_EQ(day.set(minute, true), "-") << minute;
  EXPECT_EQ(day.set(5), "C");
}

TEST(RestingExit, ACancelWithoutItsEndIsAskedForEveryOtherMinute) {
  SessionDay day = leaving();
  std::string letters;
  for (int minute = 1; minute <= 8; ++minute) letters += day.set(minute);
  EXPECT_EQ(letters, "-C-C-C-C");
}

TEST(WorkingEntry, ACancelWithoutItsEndIsAskedForAgain) {
  SessionDay day;
  day.open();
  *day.wanted = true;
  ASSERT_EQ(day.set(0), "E");
  std::string letters;
  for (int minute = 1; minute <= 9; ++minute) letters += day.set(minute);
  EXPECT_EQ(letters, "----C-C-C");
}

/// The sets among the next `count` on which AAA is ordered, each order being refused.
std::string refused_sets(SessionDay& day, int from, int count, RefusalScope scope) {
  std::string sets;
  for (int minute = from; minute < from + count; ++minute) {
    if (day.set(minute) != "E") continue;
    sets += std::to_string(minute) + " ";
    day.tell(day.latest, OrderRejected{day.last_order->key, "403 40310000 insufficient buying power", scope});
  }
  return sets;
}

TEST(RefusedEntries, PauseLongerAndLonger) {
  for (const RefusalScope scope : {RefusalScope::symbol, RefusalScope::account}) {
    SessionDay day;
    day.open();
    *day.wanted = true;
    EXPECT_EQ(refused_sets(day, 0, 110, scope), "0 3 8 17 34 65 96 ");
  }
}

TEST(RefusedEntries, OfOneOrderOnlyDoNotPause) {
  SessionDay day;
  day.open();
  *day.wanted = true;
  EXPECT_EQ(refused_sets(day, 0, 4, RefusalScope::order), "0 1 2 3 ");
}

TEST(RefusedEntries, AreBlockedMeanwhileWithTheirReason) {
  SessionDay day;
  day.open();
  *day.wanted = true;
  (void)refused_sets(day, 0, 2, RefusalScope::account);
  EXPECT_EQ(std::ranges::count(day.done, "blocked AAA refusal_pause 2025-07-03T13:32:00Z"), 1);
}

TEST(EntryPauses, OfASymbolLeaveTheOthersAlone) {
  EntryPauses pauses(2);
  pauses.refused(AAA, RefusalScope::symbol, 10);
  EXPECT_TRUE(pauses.paused(AAA, 12));
  EXPECT_FALSE(pauses.paused(AAA, 13));
  EXPECT_FALSE(pauses.paused(BBB, 11));
  pauses.refused(BBB, RefusalScope::account, 20);
  EXPECT_TRUE(pauses.paused(AAA, 21));
}

TEST(EntryPauses, SeveralRefusalsOfOneSetAreOne) {
  EntryPauses pauses(2);
  for (int i = 0; i < 3; ++i) pauses.refused(AAA, RefusalScope::account, 10);
  EXPECT_FALSE(pauses.paused(AAA, 13));
}

TEST(EntryPauses, APurchaseOrANewDayEndsThem) {
  EntryPauses pauses(2);
  for (int minute = 0; minute < 60; ++minute) {
    if (!pauses.paused(AAA, minute)) pauses.refused(AAA, RefusalScope::symbol, minute);
  }
  ASSERT_TRUE(pauses.paused(AAA, 60));
  pauses.bought(AAA);
  EXPECT_FALSE(pauses.paused(AAA, 60));
  pauses.refused(AAA, RefusalScope::symbol, 60);
  EXPECT_FALSE(pauses.paused(AAA, 63));  // from the beginning
  pauses.refused(AAA, RefusalScope::account, 100);
  pauses.on_session_open();
  EXPECT_FALSE(pauses.paused(AAA, 101));
}

}  // namespace
}  // namespace sentio
