#pragma once
/// A matching engine over SPY and TQQQ, minute by minute.

#include <gtest/gtest.h>

#include "sentio/exchange/matching.h"
#include "synthetic_day.h"

namespace sentio::exchange {

using std::chrono::seconds;

inline const Date kDay{std::chrono::year{2025} / 1 / 3};

class Book : public ::testing::Test {
 protected:
  Book() : universe({testing::symbol_info("SPY"), testing::symbol_info("TQQQ")}) {}

  Matching& matching() {
    if (!made) {
      made.emplace(options, universe);
      made->set_previous_close(0, 500);
      made->set_previous_close(1, 80);
    }
    return *made;
  }
  [[nodiscard]] TimePoint minute(int i) const { return options.hours.minute_start(i); }
  /// Bars with these opens (0 = none); closes equal opens.
  void run(int i, double spy, double tqqq, double volume = 1e6) {
    const auto bar = [&](double price) {
      return price > 0 ? std::optional(Bar{minute(i), price, price, price, price, volume}) : std::nullopt;
    };
    const std::vector<std::optional<Bar>> bars{bar(spy), bar(tqqq)};
    matching().match_minute(minute(i), bars, minute(i) + seconds{10});
    matching().finish_minute(bars);
  }
  static OrderRequest market(const std::string& symbol, Side side, double qty, std::string id = "") {
    OrderRequest r;
    r.symbol = symbol;
    r.side = side;
    r.qty = qty;
    r.client_order_id = std::move(id);
    return r;
  }
  static OrderRequest limit(const std::string& symbol, Side side, double qty, double price) {
    OrderRequest r = market(symbol, side, qty);
    r.type = OrderType::limit;
    r.limit_price = price;
    return r;
  }
  /// Submits at minute i and expects it to be taken.
  std::string take(const OrderRequest& r, int i) {
    const auto taken = matching().submit(r, minute(i));
    EXPECT_TRUE(taken) << (taken ? "" : taken.error().message);
    return taken ? taken->id : "";
  }
  std::vector<std::string> events() {
    std::vector<std::string> names;
    for (const TradeUpdate& u : matching().take_updates()) names.push_back(u.event);
    return names;
  }
  OrderStatus status(const std::string& id) { return matching().find(id)->status; }

  Universe universe;
  MatchingOptions options{FillConfig{}, *NyseCalendar::session(kDay), 100'000, 4};
  std::optional<Matching> made;
};

}  // namespace sentio::exchange
