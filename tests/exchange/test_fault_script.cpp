#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sentio/exchange/fault_script.h"

namespace sentio::exchange {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct LineCase {
  std::string name, line;
  Fault want;
  friend void PrintTo(const LineCase& row, std::ostream* out) { *out << row.name; }
};

Fault fault(FaultKind kind) {
  Fault f;
  f.kind = kind;
  return f;
}
template <class Change>
Fault fault(FaultKind kind, Change change) {
  Fault f = fault(kind);
  change(f);
  return f;
}

class FaultLine : public ::testing::TestWithParam<LineCase> {};

TEST_P(FaultLine, MeansThis) {
  const auto parsed = parse_fault(GetParam().line);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(*parsed, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FaultLine,
    ::testing::Values(
        LineCase{"MuteAt", "at 10:31 mute data 90s",
                 fault(FaultKind::mute_data,
                       [](Fault& f) {
                         f.at = minutes{631};
                         f.lasts = seconds{90};
                       })},
        LineCase{"SecondsInTime", "at 09:30:05 drop data",
                 fault(FaultKind::drop_data, [](Fault& f) { f.at = minutes{570} + seconds{5}; })},
        LineCase{"Delay", "delay data 3s for 5m",
                 fault(FaultKind::delay_data,
                       [](Fault& f) {
                         f.amount = seconds{3};
                         f.lasts = minutes{5};
                       })},
        LineCase{"DelayAllDay", "delay data 3s",
                 fault(FaultKind::delay_data,
                       [](Fault& f) {
                         f.amount = seconds{3};
                         f.lasts = std::chrono::hours{24};
                       })},
        LineCase{"Duplicate", "duplicate data", fault(FaultKind::duplicate_data)},
        LineCase{"Reorder", "reorder data x2", fault(FaultKind::reorder_data, [](Fault& f) { f.count = 2; })},
        LineCase{"Revise", "revise bar TQQQ",
                 fault(FaultKind::revise_bar, [](Fault& f) { f.symbol = "TQQQ"; })},
        LineCase{"Halt", "halt TQQQ 5m",
                 fault(FaultKind::halt,
                       [](Fault& f) {
                         f.symbol = "TQQQ";
                         f.lasts = minutes{5};
                       })},
        LineCase{"DropStream", "drop stream", fault(FaultKind::drop_stream)},
        LineCase{"DuplicateStream", "duplicate stream", fault(FaultKind::duplicate_stream)},
        LineCase{"LoseStream", "lose stream 2", fault(FaultKind::lose_stream, [](Fault& f) { f.count = 2; })},
        LineCase{"RateLimit", "429 for 30s",
                 fault(FaultKind::http_status,
                       [](Fault& f) {
                         f.http_status = 429;
                         f.lasts = seconds{30};
                       })},
        LineCase{"ServerError", "500 rest x3",
                 fault(FaultKind::http_status,
                       [](Fault& f) {
                         f.http_status = 500;
                         f.count = 3;
                       })},
        LineCase{"OrdersOnly", "503 orders",
                 fault(FaultKind::http_status,
                       [](Fault& f) {
                         f.http_status = 503;
                         f.target = FaultTarget::orders;
                       })},
        LineCase{"Slow", "slow rest 2s x1",
                 fault(FaultKind::slow_rest, [](Fault& f) { f.amount = seconds{2}; })},
        LineCase{"AcceptThen500", "accept-then-500 x1", fault(FaultKind::accept_then_500)},
        LineCase{"AcceptThenCut", "accept-then-cut", fault(FaultKind::accept_then_cut)},
        LineCase{"Reject", "reject x1", fault(FaultKind::reject)},
        LineCase{"Partial", "partial x2", fault(FaultKind::partial, [](Fault& f) { f.count = 2; })},
        LineCase{"CancelRace", "cancel-race x1", fault(FaultKind::cancel_race)},
        LineCase{"ClockSkew", "clock skew -30s",
                 fault(FaultKind::clock_skew, [](Fault& f) { f.amount = seconds{-30}; })},
        LineCase{"ConnectionLimit", "connection-limit data 90s",
                 fault(FaultKind::data_connection_limit, [](Fault& f) { f.lasts = seconds{90}; })},
        LineCase{"Calendar", "calendar disagree", fault(FaultKind::calendar_disagree)},
        LineCase{"Blocked", "account blocked", fault(FaultKind::account_blocked)},
        LineCase{"ForeignFraction", "foreign position SPY -10.5",
                 fault(FaultKind::foreign_position,
                       [](Fault& f) {
                         f.symbol = "SPY";
                         f.qty = -10.5;
                       })},
        LineCase{"ReplaceOrder", "at 10:31 replace-order TQQQ sell after 5s x2",
                 fault(FaultKind::replace_order,
                       [](Fault& f) {
                         f.at = minutes{631};
                         f.symbol = "TQQQ";
                         f.side = Side::sell;
                         f.amount = seconds{5};
                         f.count = 2;
                       })},
        LineCase{"ReplaceAny", "replace-order", fault(FaultKind::replace_order)},
        LineCase{"RestMarket", "rest-market buy accepted during 2m for 5m",
                 fault(FaultKind::rest_market,
                       [](Fault& f) {
                         f.side = Side::buy;
                         f.text = "accepted";
                         f.amount = minutes{2};
                         f.lasts = minutes{5};
                       })},
        LineCase{"StuckCancel", "stuck-cancel 90s TQQQ x2",
                 fault(FaultKind::stuck_cancel,
                       [](Fault& f) {
                         f.amount = seconds{90};
                         f.symbol = "TQQQ";
                         f.count = 2;
                       })},
        LineCase{"ForeignLimit", "foreign order TQQQ sell 30.5 limit 200 during 2m",
                 fault(FaultKind::foreign_order,
                       [](Fault& f) {
                         f.symbol = "TQQQ";
                         f.side = Side::sell;
                         f.qty = 30.5;
                         f.text = "limit";
                         f.price = 200;
                         f.amount = minutes{2};
                       })},
        LineCase{"ForeignSaleOfAll", "foreign order TQQQ sell all",
                 fault(FaultKind::foreign_order,
                       [](Fault& f) {
                         f.symbol = "TQQQ";
                         f.side = Side::sell;
                         f.text = "limit";
                       })},
        LineCase{"StatusOfAPath", "401 GET /v2/clock x2",
                 fault(FaultKind::http_status,
                       [](Fault& f) {
                         f.http_status = 401;
                         f.method = "GET";
                         f.path = "/v2/clock";
                         f.count = 2;
                       })},
        LineCase{"SlowPath", "slow /v2/stocks/bars 20s",
                 fault(FaultKind::slow_rest,
                       [](Fault& f) {
                         f.path = "/v2/stocks/bars";
                         f.amount = seconds{20};
                         f.lasts = std::chrono::hours{24};
                       })},
        LineCase{"Forbidden", "forbidden orders x3",
                 fault(FaultKind::forbidden,
                       [](Fault& f) {
                         f.target = FaultTarget::orders;
                         f.count = 3;
                       })},
        LineCase{"WrongKeys", "wrong-keys forbidden", fault(FaultKind::wrong_keys_forbidden)},
        LineCase{"Hang", "at 10:31 hang /v2/assets/* for 3m",
                 fault(FaultKind::hang,
                       [](Fault& f) {
                         f.at = minutes{631};
                         f.path = "/v2/assets/*";
                         f.lasts = minutes{3};
                       })},
        LineCase{"RefuseUpgrade", "refuse-upgrade stream 429 for 90s",
                 fault(FaultKind::refuse_upgrade,
                       [](Fault& f) {
                         f.text = "stream";
                         f.http_status = 429;
                         f.lasts = seconds{90};
                       })},
        LineCase{"Linger", "linger data 90s",
                 fault(FaultKind::linger,
                       [](Fault& f) {
                         f.text = "data";
                         f.amount = seconds{90};
                       })},
        LineCase{"AuthFailed", "auth-failed data x2",
                 fault(FaultKind::auth_failed,
                       [](Fault& f) {
                         f.text = "data";
                         f.count = 2;
                       })},
        LineCase{"SymbolLimit", "symbol-limit 30",
                 fault(FaultKind::symbol_limit,
                       [](Fault& f) {
                         f.qty = 30;
                         f.lasts = std::chrono::hours{24};
                       })},
        LineCase{"NoChannel", "no-channel statuses x1",
                 fault(FaultKind::no_channel, [](Fault& f) { f.text = "statuses"; })},
        LineCase{"MuteOne", "mute TQQQ 4m",
                 fault(FaultKind::mute_symbol,
                       [](Fault& f) {
                         f.symbol = "TQQQ";
                         f.lasts = minutes{4};
                       })},
        LineCase{"Thin", "thin 0.02 drop 0.3 seed 7 TQQQ",
                 fault(FaultKind::thin,
                       [](Fault& f) {
                         f.share = 0.02;
                         f.drop = 0.3;
                         f.count = 7;
                         f.symbol = "TQQQ";
                       })},
        LineCase{"Untradable", "asset SPY untradable",
                 fault(FaultKind::asset_state,
                       [](Fault& f) {
                         f.symbol = "SPY";
                         f.text = "untradable";
                       })},
        LineCase{"Attributes", "asset SPY attributes ptp_no_exception,ipo",
                 fault(FaultKind::asset_attributes,
                       [](Fault& f) {
                         f.symbol = "SPY";
                         f.text = "ptp_no_exception,ipo";
                       })},
        LineCase{"Multiplier", "account multiplier 1",
                 fault(FaultKind::account_multiplier, [](Fault& f) { f.qty = 1; })},
        LineCase{"BuyingPower", "account buying-power 0", fault(FaultKind::account_buying_power)},
        LineCase{"Refuse", "refuse pdt SPY sell for 5m",
                 fault(FaultKind::refuse_orders,
                       [](Fault& f) {
                         f.text = "pdt";
                         f.symbol = "SPY";
                         f.side = Side::sell;
                         f.lasts = minutes{5};
                       })},
        LineCase{"Fees", "fees sec 0.00002 cat 0.000046 hidden",
                 fault(FaultKind::fees,
                       [](Fault& f) {
                         f.rates = {0.00002, 0, 0.000046};
                         f.text = "hidden";
                       })},
        LineCase{"CentBooking", "cent-booking", fault(FaultKind::cent_booking)},
        LineCase{"CashMove", "at 10:05 cash-move fee -0.03 dated 2025-01-02",
                 fault(FaultKind::cash_move,
                       [](Fault& f) {
                         f.at = minutes{605};
                         f.text = "fee";
                         f.usd = -0.03;
                         f.date = Date{std::chrono::year{2025} / 1 / 2};
                       })},
        LineCase{"ForeignTrade", "foreign trade KO buy 100 62.5",
                 fault(FaultKind::foreign_trade,
                       [](Fault& f) {
                         f.other_symbol = "KO";
                         f.side = Side::buy;
                         f.qty = 100;
                         f.price = 62.5;
                       })},
        LineCase{"Foreign", "foreign position SPY 10",
                 fault(FaultKind::foreign_position,
                       [](Fault& f) {
                         f.symbol = "SPY";
                         f.qty = 10;
                       })}),
    [](const auto& tc) { return tc.param.name; });

struct BadCase {
  std::string name, line, complaint;
  friend void PrintTo(const BadCase& row, std::ostream* out) { *out << row.name; }
};
class BadFaultLine : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadFaultLine, IsRefusedWithAReason) {
  const auto parsed = parse_fault(GetParam().line);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Errc::malformed);
  EXPECT_NE(parsed.error().detail.find(GetParam().complaint), std::string::npos) << parsed.error().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadFaultLine,
    ::testing::Values(
        BadCase{"Nothing", "", "expected a fault"}, BadCase{"OnlyTime", "at 10:31", "expected a fault"},
        BadCase{"NoTime", "at noon drop data", "wall time"},
        BadCase{"Hour25", "at 25:00 drop data", "wall time"},
        BadCase{"Unknown", "melt data", "unknown fault \"melt data\""},
        BadCase{"MissingDuration", "mute data", "duration"}, BadCase{"BadUnit", "mute data 90h", "duration"},
        BadCase{"ZeroDuration", "mute data 0s", "duration"},
        BadCase{"Trailing", "drop data now", "unexpected \"now\""}, BadCase{"BadCount", "reject 3", "x3"},
        BadCase{"ZeroCount", "reject x0", "x3"}, BadCase{"TimedReject", "reject for 5m", "x3"},
        BadCase{"Status", "200 rest", "between 400 and 599"}, BadCase{"NoSymbol", "halt", "symbol"},
        BadCase{"NotShares", "foreign position SPY nan", "shares"},
        BadCase{"NoShares", "foreign position SPY", "shares"},
        BadCase{"AfterWhat", "replace-order after soon", "\"after\" needs"},
        BadCase{"TimedReplace", "replace-order for 5m", "x3"},
        BadCase{"NotASymbol", "rest-market tqqq", "found \"tqqq\""},
        BadCase{"StuckHowLong", "stuck-cancel TQQQ", "duration"},
        BadCase{"NotServed", "hang /v2/news", "is not served"},
        BadCase{"MethodAlone", "500 POST x3", "path after POST"},
        BadCase{"WrongKeysWhat", "wrong-keys", "wrong-keys forbidden"},
        BadCase{"SlowHowLong", "slow orders", "duration"},
        BadCase{"WhichSocket", "linger 90s", "data or stream"},
        BadCase{"UpgradeStatus", "refuse-upgrade data 101", "between 400 and 599"},
        BadCase{"LingerHowLong", "linger data", "duration"},
        BadCase{"LimitOfWhat", "symbol-limit none", "number of symbols"},
        BadCase{"WhichChannel", "no-channel candles", "expected quotes"},
        BadCase{"MuteWhat", "mute 90s", "data or a symbol"},
        BadCase{"ThickTape", "thin 2", "share of the volume"},
        BadCase{"SureDrop", "thin 0.5 drop 3", "probability"},
        BadCase{"AssetHow", "asset SPY", "expected untradable"},
        BadCase{"NoAttributes", "asset SPY attributes", "is no attribute"},
        BadCase{"OddAttribute", "asset SPY attributes ipo,ptp", "\"ptp\" is no attribute"},
        BadCase{"Multiplier3", "account multiplier 3", "1, 2 or 4"},
        BadCase{"NoPower", "account buying-power", "USD"},
        BadCase{"RefuseWhy", "refuse SPY", "expected a reason: pdt"},
        BadCase{"NoRates", "fees", "expected rates"},
        BadCase{"RateOrder", "fees cat 0.1 sec 0.1", "unexpected \"sec\""},
        BadCase{"NegativeRate", "fees cat -1", "after cat"},
        BadCase{"NoCashKind", "cash-move 25", "expected deposit"},
        BadCase{"NoAmount", "cash-move interest", "amount of USD"},
        BadCase{"NegativeDeposit", "cash-move deposit -5", "more than"},
        BadCase{"BadDate", "cash-move fee -1 dated today", "date such as"},
        BadCase{"NoPrice", "foreign trade KO buy 100", "a price"},
        BadCase{"NoSide", "foreign order SPY 10", "buy or sell"},
        BadCase{"BuyAll", "foreign order SPY buy all", "number of shares"},
        BadCase{"StopWhere", "foreign order SPY sell all stop", "price"}),
    [](const auto& tc) { return tc.param.name; });

TEST(FaultScript, EveryLineIsInTheBook) {
  std::ifstream file(SENTIO_SOURCE_DIR "/docs/exchange-sim.md");
  const std::string book(std::istreambuf_iterator<char>(file), {});
  ASSERT_FALSE(book.empty());
  std::istringstream lines(fault_help());
  int known = 0;
  for (std::string line; std::getline(lines, line); ++known) {
    std::string cell;
    for (const char c : line) cell += c == '|' ? std::string("\\|") : std::string(1, c);
    EXPECT_NE(book.find("| `" + cell + "` |"), std::string::npos) << line;
  }
  EXPECT_GE(known, 26);
}

TEST(FaultScript, SkipsCommentsAndNumbersItsErrors) {
  const auto good = parse_fault_script("# a morning\n\nat 10:31 drop data\n  429 for 30s\r\n", "faults.txt");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->size(), 2U);
  const auto bad = parse_fault_script("drop data\n\nmelt data\n", "faults.txt");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().where, "faults.txt:3");
}

}  // namespace
}  // namespace sentio::exchange
