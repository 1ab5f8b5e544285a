/// The close-out: when exits are ordered again, when the broker is asked, and what becomes of its sales.

#include <gtest/gtest.h>

#include "mock_world.h"
#include "day/close_out.h"

namespace sentio {
namespace {

using std::chrono::seconds;
using testing::day;

const TimePoint kStart = NyseCalendar::session(day(2025, 7, 3))->minute_end(207);

TEST(CloseOut, OnceTheBrokerIsAskedNoExitIsOrderedAgain) {
  CloseOut out;
  EXPECT_FALSE(out.poll(kStart, false).exit_again);  // nobody wants out
  out.start(kStart);
  out.start(kStart + seconds{30});  // wanted already
  EXPECT_TRUE(out.poll(kStart + seconds{5}, false).exit_again);
  EXPECT_FALSE(out.handed_over());
  EXPECT_TRUE(out.poll(kStart + seconds{60}, false).late);
  EXPECT_TRUE(out.was_late());
  const auto due = out.poll(kStart + seconds{80}, false);
  EXPECT_TRUE(due.close_out);
  EXPECT_FALSE(due.exit_again);
  EXPECT_TRUE(out.handed_over());
  EXPECT_FALSE(out.poll(kStart + seconds{90}, false).exit_again);
  EXPECT_TRUE(out.poll(kStart + seconds{100}, false).close_out);  // asked again
}

TEST(CloseOut, ABookThatGetsFlatInTimeNeverReachesTheBroker) {
  CloseOut out;
  out.start(kStart);
  EXPECT_FALSE(out.poll(kStart + seconds{80}, true).close_out);
  EXPECT_FALSE(out.handed_over());
  EXPECT_FALSE(out.was_late());
}

/// Ten shares of TQQQ are held; of the others none.
class Sales : public ::testing::Test {
 protected:
  Sales() : session({.config = world.options.config, .universe = world.options.universe, .fees = world.options.fees}) {
    (void)session.step(hours.open, SessionOpened{.hours = hours});
    (void)session.step(hours.open, PositionAdopted{*session.universe().find("TQQQ"), Qty{10}, Price{50}});
  }
  /// Steps what can be booked; "TQQQ 4 at 50" each, or why the door refuses it.
  std::vector<std::string> booked() {
    std::vector<std::string> lines;
    while (const auto sale = out.take_sale(session)) {
      char text[80];
      std::snprintf(text, sizeof text, "%s %g at %g", session.universe()[sale->symbol].name.c_str(), sale->qty.v, sale->price.v);
      const auto fits = session.fits(hours.open, *sale);
      lines.emplace_back(fits ? text : fits.error().detail);
      if (fits) (void)session.step(hours.open, *sale);
    }
    return lines;
  }
  testing::MockWorld world = testing::walking_world(day(2025, 7, 3), day(2025, 7, 3), 0, 7);
  SessionHours hours = *NyseCalendar::session(day(2025, 7, 3));
  TradingSession session;
  CloseOut out;
};

using Lines = std::vector<std::string>;

TEST_F(Sales, AreTakenInTheirOrderAndNeverForMoreThanIsOurs) {
  out.sold({{"TQQQ", 4, 50, hours.open}, {"TQQQ", 3, 51, hours.open}});
  out.sold({{"TQQQ", 100, 52, hours.open}});
  EXPECT_EQ(booked(), (Lines{"TQQQ 4 at 50", "TQQQ 3 at 51", "TQQQ 3 at 52"}));
  EXPECT_TRUE(session.flat());
  EXPECT_FALSE(out.take_sale(session));
}

TEST_F(Sales, OfWhatIsNotHeldAreForTheDoorToRefuse) {
  out.sold({{"SPXL", 4, 50, hours.open}, {"TQQQ", 10, 0, hours.open}});
  EXPECT_EQ(booked(), (Lines{"the broker's sale of 4 SPXL at 50: more than is held",
                             "the broker's sale of 10 TQQQ at 0: no such trade"}));
}

TEST_F(Sales, WaitForTheEndOfAnOrderOfOursAndLetOthersPass) {
  (void)session.step(hours.open, PositionAdopted{*session.universe().find("SPXL"), Qty{5}, Price{50}});
  (void)session.step(hours.open, FlattenRequested{});
  const OrderKey exit = std::as_const(session).working_orders().find(*session.universe().find("TQQQ"))->order.key;
  const OrderKey other = std::as_const(session).working_orders().find(*session.universe().find("SPXL"))->order.key;
  out.sold({{"TQQQ", 10, 50, hours.open}, {"SPXL", 5, 60, hours.open}});
  EXPECT_EQ(booked(), Lines{});
  (void)session.step(hours.open, OrderRejected{other, "no"});
  EXPECT_EQ(booked(), (Lines{"SPXL 5 at 60"}));
  (void)session.step(hours.open, OrderRejected{exit, "no"});
  EXPECT_EQ(booked(), (Lines{"TQQQ 10 at 50"}));
}

}  // namespace
}  // namespace sentio
