#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "broker_support.h"
#include "sentio/broker/alpaca_wire.h"
#include "sentio/broker/order_tracker.h"

namespace sentio {
namespace {

const std::vector<std::string>& corpus() {
  static const std::vector<std::string> texts{
      order_json("sen-20250926-1000-TQQQ-B-0", "partially_filled", "4", "80.15"),
      "[" + order_json("a", "new", "0", "") + "]",
      R"({"stream":"trade_updates","data":{"event":"fill","execution_id":"e","price":"80.15","qty":"10","order":)" +
          order_json("sen-20250926-1000-TQQQ-B-0", "filled", "10", "80.15") + "}}",
      R"({"id":"u","status":"ACTIVE","cash":"1","equity":"1","daytrade_count":3})",
      R"([{"activity_type":"FILL","id":"i","order_id":"o","qty":"4","price":"80.15","cum_qty":"4",
           "transaction_time":"2025-01-02T14:30:01.123456Z"}])",
      R"([{"symbol":"SQQQ","qty":"-7","side":"short","avg_entry_price":"15.1"}])",
      R"([{"date":"2025-11-28","open":"09:30","close":"13:00"}])",
      R"({"timestamp":"2025-06-24T14:15:22-04:00","is_open":true,"next_open":"2025-06-25T09:30:00-04:00",
          "next_close":"2025-06-24T16:00:00-04:00"})",
      R"({"code":40310000,"message":"no","available":"2"})"};
  return texts;
}

std::string mutate(std::string text, std::mt19937& random) {
  const auto pick = [&random](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t i = 0, n = 1 + pick(4); i < n && !text.empty(); ++i) {
    const std::size_t at = pick(text.size());
    switch (pick(5)) {
      case 0:
        text[at] = static_cast<char>(random() & 0xFF);
        break;
      case 1:
        text.erase(at, 1 + pick(8));
        break;
      case 2:
        text.insert(at, text.substr(pick(text.size()), pick(20)));
        break;
      case 3:
        text.resize(at);
        break;
      default:
        text.insert(at, std::string(1 + pick(30), "[{\"9-"[pick(5)]));
        break;
    }
  }
  return text;
}

/// Reaches every parser with every text; whatever parses goes on into a tracker, whose promises must hold.
void feed_all(const std::string& text, OrderTracker& tracker) {
  (void)parse_account(text);
  (void)parse_positions(text);
  (void)parse_market_clock(text);
  (void)parse_calendar(text);
  (void)parse_asset(text);
  (void)describe(parse_api_error(422, text));
  if (const auto o = parse_order(text)) tracker.apply(*o, test_time());
  if (const auto list = parse_orders(text)) {
    for (const auto& o : *list) tracker.apply(o, test_time());
  }
  if (const auto rows = parse_activities(text)) {
    for (const auto& row : *rows) {
      if (const auto* fill = std::get_if<FillActivity>(&row)) tracker.apply(*fill);
    }
  }
  if (const auto m = parse_stream_message(text)) {
    if (const auto* u = std::get_if<TradeUpdate>(&*m)) tracker.apply(*u, test_time());
  }
}

TEST(AlpacaWireFuzz, MutatedBytesNeverCrashNorOverfill) {
  std::mt19937 random(20250926);
  int parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    OrderTracker tracker;
    tracker.submit(test_order(10), "sen-20250926-1000-TQQQ-B-0", "TQQQ", test_time());
    for (int i = 0; i < 2; ++i) feed_all(mutate(corpus()[random() % corpus().size()], random), tracker);
    double shares = 0;
    int ends = 0;
    for (const Event& e : tracker.take_events()) {
      EXPECT_EQ(ends, 0) << "an event after the end";
      if (const auto* f = std::get_if<OrderFilled>(&e)) {
        EXPECT_GT(f->fill.qty.v, 0);
        EXPECT_GT(f->fill.price.v, 0);
        shares += f->fill.qty.v;
        ++parsed;
      } else {
        ++ends;
      }
    }
    EXPECT_LE(shares, 10);
  }
  EXPECT_GT(parsed, 500) << "the mutations are too coarse to reach the tracker";
}

}  // namespace
}  // namespace sentio
