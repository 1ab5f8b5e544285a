/// Whose positions and orders the broker holds, with numbers as the broker writes them.

#include <gtest/gtest.h>

#include "planted_signals.h"
#include "sentio/broker/alpaca_wire.h"
#include "start/start_checks.h"
#include "three_instruments.h"

namespace sentio {
namespace {

using std::chrono::seconds;
using testing::day;
using testing::message_of;
using testing::three;

const Date kDay = day(2025, 9, 26);

// ---- reconciliation -----------------------------------------------------------------------------

/// As the broker writes it: a short quantity with or without its sign, by side.
BrokerPosition position(const std::string& symbol, const std::string& qty,
                        const std::string& entry = "80.1234", const std::string& side = "long") {
  const auto parsed = parse_positions(
      R"([{"asset_id":"a","symbol":")" + symbol + R"(","asset_class":"us_equity","qty":")" + qty +
      R"(","qty_available":")" + qty + R"(","avg_entry_price":")" + entry + R"(","side":")" + side + R"("}])");
  EXPECT_TRUE(parsed) << message_of(parsed);
  return parsed && parsed->size() == 1 ? as_position(parsed->front()) : BrokerPosition{};
}

BrokerOrder order(const std::string& id, const std::string& client_id, const std::string& symbol, Side side,
                  const std::string& qty, const std::string& filled, const std::string& status) {
  const auto parsed =
      parse_order(R"({"id":")" + id + R"(","client_order_id":")" + client_id + R"(","symbol":")" + symbol +
                  R"(","asset_class":"us_equity","type":"market","time_in_force":"day","side":")" +
                  std::string(to_string(side)) + R"(","qty":")" + qty + R"(","filled_qty":")" + filled +
                  R"(","status":")" + status + R"("})");
  EXPECT_TRUE(parsed) << message_of(parsed);
  return as_order(parsed.value_or(AlpacaOrder{}));
}

BrokerOrder bought(const std::string& minute, const std::string& filled, const std::string& status = "filled",
                   const std::string& symbol = "TQQQ") {
  return order("b-" + minute + symbol, "sen-20250926-" + minute + "-" + symbol + "-B-0", symbol, Side::buy,
               "100", filled, status);
}
BrokerOrder sold(const std::string& minute, const std::string& filled, const std::string& status = "filled") {
  return order("s-" + minute, "sen-20250926-" + minute + "-TQQQ-S-0", "TQQQ", Side::sell, "100", filled,
               status);
}
BrokerOrder by_hand(const std::string& symbol, const std::string& filled, const std::string& status) {
  return order("id-" + symbol, "0c2ca2ee-2f2b-4d3e-9d4e-9a3b0b0f0c2e", symbol, Side::buy, "50", filled,
               status);
}

struct ReconcileCase {
  std::string name;
  std::vector<BrokerPosition> positions;
  std::vector<BrokerOrder> orders;
  std::string refused;              ///< without --adopt; empty: not refused
  std::string refused_adopting;     ///< with it
  std::string held, held_adopting;  ///< "TQQQ 100 @80.1234 foreign, …"
  friend void PrintTo(const ReconcileCase& row, std::ostream* out) { *out << row.name; }
};

std::string held_text(const Result<Reconciliation>& found) {
  if (!found) return "";
  std::string text;
  for (const auto& held : found->held) {
    char line[80];
    std::snprintf(line, sizeof line, "%s%s %g @%.10g%s", text.empty() ? "" : ", ",
                  three()[held.symbol].name.c_str(), held.qty.v, held.avg_entry.v,
                  held.foreign ? " foreign" : "");
    text += line;
  }
  return text;
}

class StartReconcile : public ::testing::TestWithParam<ReconcileCase> {};

TEST_P(StartReconcile, AdoptsOwnPositionsAndRefusesForeignOnes) {
  const ReconcileCase& c = GetParam();
  const auto found = reconcile(three(), c.positions, c.orders, false);
  EXPECT_EQ(message_of(found), c.refused);
  EXPECT_EQ(held_text(found), c.held);
  if (!found) {
    EXPECT_EQ(exit_code(found.error().code), ExitCode::reconciliation);
  }
  const auto adopted = reconcile(three(), c.positions, c.orders, true);
  EXPECT_EQ(message_of(adopted), c.refused_adopting);
  EXPECT_EQ(held_text(adopted), c.held_adopting);
}

std::string unexplained(const std::string& shares, const std::string& ours) {
  return "TQQQ: the broker holds " + shares + ", our orders explain " + ours +
         "; sell them, or take them over with --adopt";
}
const std::string kShort =
    "TQQQ: the broker holds -5 shares, a short position, which this program never has; buy them back";
const std::string kFraction =
    "TQQQ: the broker holds 100.5 shares, not a whole number; sell them, this program trades whole shares "
    "only";
INSTANTIATE_TEST_SUITE_P(
    Rules, StartReconcile,
    ::testing::Values(
        ReconcileCase{"NothingAtAll", {}, {}, "", "", "", ""},
        ReconcileCase{"AnEmptyPositionIsNone", {position("TQQQ", "0", "0")}, {}, "", "", "", ""},
        ReconcileCase{"Ours",
                      {position("TQQQ", "100")},
                      {bought("0945", "100")},
                      "",
                      "",
                      "TQQQ 100 @80.1234",
                      "TQQQ 100 @80.1234"},
        ReconcileCase{"BuysLessSells",
                      {position("TQQQ", "60")},
                      {bought("0945", "100"), sold("1000", "100"), bought("1015", "100"),
                       sold("1030", "40", "canceled")},
                      "",
                      "",
                      "TQQQ 60 @80.1234",
                      "TQQQ 60 @80.1234"},
        ReconcileCase{"PartsFilledCountWhateverTheStatus",
                      {position("TQQQ", "37")},
                      {bought("0945", "30", "canceled"), bought("0950", "7", "partially_filled")},
                      "",
                      "",
                      "TQQQ 37 @80.1234",
                      "TQQQ 37 @80.1234"},
        ReconcileCase{"AsLongAsTheBrokerWritesIt",
                      {position("TQQQ", "100.000000000")},
                      {bought("0945", "100.000")},
                      "",
                      "",
                      "TQQQ 100 @80.1234",
                      "TQQQ 100 @80.1234"},
        ReconcileCase{"FractionsOfExecutionsAddUp",
                      {position("TQQQ", "1")},
                      {bought("0945", "0.7"), bought("0946", "0.2"), bought("0947", "0.1")},
                      "",
                      "",
                      "TQQQ 1 @80.1234",
                      "TQQQ 1 @80.1234"},
        ReconcileCase{"AnOrderListedTwiceCountsOnceAtItsLaterState",
                      {position("TQQQ", "100")},
                      {bought("0945", "100"), bought("0945", "40", "partially_filled")},
                      "",
                      "",
                      "TQQQ 100 @80.1234",
                      "TQQQ 100 @80.1234"},
        ReconcileCase{"MoreThanOurs",
                      {position("TQQQ", "150")},
                      {bought("0945", "100")},
                      unexplained("150 shares", "100"),
                      "",
                      "",
                      "TQQQ 150 @80.1234 foreign"},
        ReconcileCase{"LessThanOurs",
                      {position("TQQQ", "99")},
                      {bought("0945", "100")},
                      unexplained("99 shares", "100"),
                      "",
                      "",
                      "TQQQ 99 @80.1234 foreign"},
        ReconcileCase{"NotOursAtAll",
                      {position("TQQQ", "1")},
                      {by_hand("TQQQ", "1", "filled")},
                      unexplained("1 share", "0"),
                      "",
                      "",
                      "TQQQ 1 @80.1234 foreign"},
        ReconcileCase{"OurIdOnAnotherSymbolExplainsNothing",
                      {position("TQQQ", "100")},
                      {order("x", "sen-20250926-0945-SQQQ-B-0", "TQQQ", Side::buy, "100", "100", "filled")},
                      unexplained("100 shares", "0"),
                      "",
                      "",
                      "TQQQ 100 @80.1234 foreign"},
        ReconcileCase{"OurIdOnTheOtherSideExplainsNothing",
                      {position("TQQQ", "100")},
                      {order("x", "sen-20250926-0945-TQQQ-S-0", "TQQQ", Side::buy, "100", "100", "filled")},
                      unexplained("100 shares", "0"),
                      "",
                      "",
                      "TQQQ 100 @80.1234 foreign"},
        ReconcileCase{"Short", {position("TQQQ", "-5", "80", "short")}, {}, kShort, kShort, "", ""},
        ReconcileCase{
            "ShortWithoutItsSign", {position("TQQQ", "5", "80", "short")}, {}, kShort, kShort, "", ""},
        ReconcileCase{"ShortThatOurSellsExplain",
                      {position("TQQQ", "-5", "80", "short")},
                      {sold("0945", "5")},
                      kShort,
                      kShort,
                      "",
                      ""},
        ReconcileCase{"Fraction", {position("TQQQ", "100.5")}, {}, kFraction, kFraction, "", ""},
        ReconcileCase{"FractionThatOurOrdersExplain",
                      {position("TQQQ", "100.5")},
                      {bought("0945", "100.5")},
                      kFraction,
                      kFraction,
                      "",
                      ""},
        ReconcileCase{"TheSmallestFraction",
                      {position("TQQQ", "0.000000002")},
                      {},
                      "TQQQ: the broker holds 0.000000002 shares, not a whole number; sell them, this "
                      "program trades whole shares only",
                      "TQQQ: the broker holds 0.000000002 shares, not a whole number; sell them, this "
                      "program trades whole shares only",
                      "",
                      ""},
        ReconcileCase{"NoEntryPrice",
                      {position("TQQQ", "100", "0")},
                      {bought("0945", "100")},
                      "TQQQ: the broker holds 100 shares at no entry price; sell them, or ask the broker",
                      "TQQQ: the broker holds 100 shares at no entry price; sell them, or ask the broker",
                      "",
                      ""},
        ReconcileCase{"OtherInstrumentsAreLeftAlone",
                      {position("AAPL", "10"), position("GME", "-3.5", "20", "short")},
                      {by_hand("AAPL", "0", "new")},
                      "",
                      "",
                      "",
                      ""},
        ReconcileCase{"ForeignOpenOrder",
                      {},
                      {by_hand("SVXY", "0", "new")},
                      "SVXY: an open order that is not ours, buy 50 (new, id id-SVXY); cancel it, or have it "
                      "cancelled with --adopt",
                      "",
                      "",
                      ""},
        ReconcileCase{"AStatusNobodyKnowsIsOpen",
                      {},
                      {by_hand("SVXY", "0", "on_holiday")},
                      "SVXY: an open order that is not ours, buy 50 (on_holiday, id id-SVXY); cancel it, or "
                      "have it cancelled with --adopt",
                      "",
                      "",
                      ""},
        ReconcileCase{"ForeignOrdersThatAreOver",
                      {},
                      {by_hand("SVXY", "0", "canceled"), by_hand("TQQQ", "0", "expired"),
                       by_hand("SQQQ", "0", "rejected")},
                      "",
                      "",
                      "",
                      ""},
        ReconcileCase{"AnOrderThatEndedBetweenTwoListsIsOver",
                      {},
                      {by_hand("TQQQ", "0", "new"), by_hand("TQQQ", "0", "canceled")},
                      "",
                      "",
                      "",
                      ""},
        ReconcileCase{
            "AllRefusalsAtOnce",
            {position("TQQQ", "150"), position("SQQQ", "-5", "80", "short"), position("AAPL", "1"),
             position("SVXY", "7")},
            {bought("0945", "100"), bought("0945", "7", "filled", "SVXY"), by_hand("SVXY", "0", "accepted")},
            "TQQQ: the broker holds 150 shares, our orders explain 100; sell them, or take them over with "
            "--adopt\n"
            "SQQQ: the broker holds -5 shares, a short position, which this program never has; buy them "
            "back\n"
            "SVXY: an open order that is not ours, buy 50 (accepted, id id-SVXY); cancel it, or have it "
            "cancelled with --adopt",
            "SQQQ: the broker holds -5 shares, a short position, which this program never has; buy them back",
            "",
            ""},
        ReconcileCase{"HeldInTheUniversesOrder",
                      {position("TQQQ", "100"), position("SQQQ", "3", "12.5")},
                      {bought("0945", "100"), bought("0950", "3", "filled", "SQQQ")},
                      "",
                      "",
                      "SQQQ 3 @12.5, TQQQ 100 @80.1234",
                      "SQQQ 3 @12.5, TQQQ 100 @80.1234"}),
    [](const auto& tested) { return tested.param.name; });

TEST(StartReconcileOrders, OwnOpenOnesAreReturnedWithBothIds) {
  const auto found = reconcile(three(), {position("TQQQ", "40")},
                               {bought("0945", "40", "partially_filled"), sold("0930", "0", "canceled"),
                                bought("0950", "0", "new", "SQQQ")},
                               false);
  ASSERT_TRUE(found) << message_of(found);
  ASSERT_EQ(found->own_open.size(), 2U);
  EXPECT_EQ(found->own_open[0].client_order_id, "sen-20250926-0945-TQQQ-B-0");
  EXPECT_EQ(found->own_open[0].id, "b-0945TQQQ");
  EXPECT_EQ(found->own_open[1].symbol, "SQQQ");
  EXPECT_TRUE(found->foreign_open.empty());
  EXPECT_TRUE(found->notes.empty());
  EXPECT_FALSE(found->held.at(0).foreign);
}

TEST(StartReconcileOrders, ForeignOpenOnesAreReturnedWithAdopt) {
  const auto found = reconcile(three(), {}, {by_hand("SVXY", "0", "new"), by_hand("AAPL", "0", "new")}, true);
  ASSERT_TRUE(found) << message_of(found);
  ASSERT_EQ(found->foreign_open.size(), 1U);
  EXPECT_EQ(found->foreign_open[0].symbol, "SVXY");
  EXPECT_TRUE(found->own_open.empty());
}

TEST(StartReconcileOrders, WhatIsLeftAloneIsNoted) {
  const auto found = reconcile(
      three(), {position("GME", "-3.5", "20", "short"), position("TQQQ", "1")},
      {by_hand("AAPL", "0", "new"), by_hand("MSFT", "50", "filled"), bought("0945", "100", "filled", "SQQQ")},
      true);
  ASSERT_TRUE(found) << message_of(found);
  EXPECT_EQ(found->notes,
            (std::vector<std::string>{
                "GME: -3.5 shares, not one of our instruments; left alone",
                "TQQQ: the broker holds 1 share, our orders explain 0; taken over",
                "AAPL: open order, buy 50 (new, id id-AAPL), not one of our instruments; left alone",
                "SQQQ: our orders explain 100 shares, the broker holds none; nothing is adopted"}));
}

// ---- after a restart ----------------------------------------------------------------------------

/// A session that wants TQQQ (id 2) and nothing else, stepped until its order is out. It may then fill some
/// of it.
class StartResumed : public ::testing::Test {
 protected:
  StartResumed()
      : session({.config = {}, .universe = three(), .fees = testing::fees_of_2025()},
                std::make_unique<testing::PlantedSignals>(3, [this](SymbolId s, int, SymbolSignal& out) {
                  out.probability = s == 2 && wanted ? .9 : .1;
                })) {
    (void)session.step(opened.open, SessionOpened{.hours = opened});
    step_minute();
    const WorkingOrder* working = session.working_orders().find(SymbolId{2});
    EXPECT_NE(working, nullptr);
    if (working != nullptr) entry = working->order;
  }
  void step_minute() {
    const Bar flat{
        .start = opened.minute_start(minute), .open = 50, .high = 50, .low = 50, .close = 50, .volume = 1e6};
    BarsArrived bars{.minute = minute, .bars = {flat, flat, flat}};
    (void)session.step(opened.minute_end(minute), bars);
    ++minute;
  }
  void fill(const Order& of, double shares) {
    const TimePoint now = opened.minute_start(minute) + seconds{1};
    (void)session.step(
        now,
        OrderFilled{
            {.order = of.key, .qty = Qty{shares}, .price = Price{50}, .at = now, .execution = ++executions}});
  }
  [[nodiscard]] std::string verdict(double shares, double of_sqqq = 0) const {
    Reconciliation found;
    if (of_sqqq != 0) found.held.push_back({.symbol = 0, .qty = Qty{of_sqqq}, .avg_entry = Price{9}});
    if (shares != 0) found.held.push_back({.symbol = 2, .qty = Qty{shares}, .avg_entry = Price{50}});
    const auto checked = check_resumed(three(), found, session);
    if (!checked) {
      EXPECT_EQ(exit_code(checked.error().code), ExitCode::reconciliation);
    }
    return message_of(checked);
  }

  SessionHours opened = *NyseCalendar::session(kDay);
  bool wanted = true;
  TradingSession session;
  int minute = 0;
  std::uint64_t executions = 0;
  Order entry;
};

TEST_F(StartResumed, AWorkingBuyMayHaveFilledUpToItsRest) {
  const double all = entry.qty.v;
  ASSERT_GT(all, 100);
  fill(entry, 60);
  EXPECT_EQ(verdict(60), "");
  EXPECT_EQ(verdict(all), "");
  const std::string rest = ", today's journal explains 60 to " + std::to_string(static_cast<int>(all)) +
                           "; sentio_cli flatten closes everything";
  EXPECT_EQ(verdict(59), "TQQQ: the broker holds 59 shares" + rest);
  EXPECT_EQ(verdict(all + 1),
            "TQQQ: the broker holds " + std::to_string(static_cast<int>(all) + 1) + " shares" + rest);
  EXPECT_EQ(verdict(0), "TQQQ: the broker holds 0 shares" + rest);
}

TEST_F(StartResumed, WithoutAWorkingOrderSharesMustBeEqual) {
  const double all = entry.qty.v;
  fill(entry, all);
  ASSERT_EQ(session.working_orders().find(SymbolId{2}), nullptr);
  EXPECT_EQ(verdict(all), "");
  const std::string number = std::to_string(static_cast<int>(all));
  EXPECT_EQ(verdict(1), "TQQQ: the broker holds 1 share, today's journal explains " + number +
                            "; sentio_cli flatten closes everything");
  EXPECT_EQ(
      verdict(all - 1, 7),
      "SQQQ: the broker holds 7 shares, today's journal explains 0; sentio_cli flatten closes everything\n"
      "TQQQ: the broker holds " +
          std::to_string(static_cast<int>(all) - 1) + " shares, today's journal explains " + number +
          "; sentio_cli flatten closes everything");
}

TEST_F(StartResumed, AWorkingSellMayHaveFilledDownToItsRest) {
  const double all = entry.qty.v;
  fill(entry, all);
  (void)session.step(opened.minute_start(minute), FlattenRequested{});
  const WorkingOrder* working = session.working_orders().find(SymbolId{2});
  ASSERT_NE(working, nullptr);
  ASSERT_EQ(working->order.side, Side::sell);
  fill(working->order, 10);
  EXPECT_EQ(verdict(all - 10), "");
  EXPECT_EQ(verdict(1), "");
  EXPECT_EQ(verdict(0), "");
  EXPECT_NE(verdict(all - 9), "");
}

TEST(StartReconcileOrders, WhatReplacedAnOrderOfOursIsOurs) {
  BrokerOrder old = bought("0945", "40", "replaced");
  old.replaced_by = "new-id";
  BrokerOrder fresh = order("new-id", "0c2ca2ee-2f2b-4d3e-9d4e-9a3b0b0f0c2e", "TQQQ", Side::buy, "60", "20", "partially_filled");
  const auto found = reconcile(three(), {position("TQQQ", "60")}, {fresh, old}, false);
  ASSERT_TRUE(found) << message_of(found);
  EXPECT_EQ(held_text(found), "TQQQ 60 @80.1234");
  ASSERT_EQ(found->own_open.size(), 1U);
  EXPECT_EQ(found->own_open.front().client_order_id, old.client_order_id);
  EXPECT_EQ(found->own_open.front().id, "new-id");
}

TEST(StartReconcileOrders, AReplacementMayCountTheSharesBeforeItOrNot) {
  BrokerOrder old = bought("0945", "40", "replaced");
  BrokerOrder fresh = order("new-id", "0c2ca2ee-2f2b-4d3e-9d4e-9a3b0b0f0c2e", "TQQQ", Side::buy, "100", "100", "filled");
  fresh.replaces = old.id;
  old.replaced_by = fresh.id;
  for (const char* shares : {"100", "140"}) {
    EXPECT_EQ(message_of(reconcile(three(), {position("TQQQ", shares)}, {old, fresh}, false)), "") << shares;
  }
  EXPECT_NE(message_of(reconcile(three(), {position("TQQQ", "120")}, {old, fresh}, false)), "");
}

}  // namespace
}  // namespace sentio
