#pragma once
/// Messages as Alpaca shapes them, with values of our own.

#include <optional>
#include <string>

#include "sentio/broker/alpaca_types.h"
#include "sentio/core/order.h"

namespace sentio {

inline TimePoint test_time(int seconds = 0) {
  return from_new_york(Date{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{26}},
                       std::chrono::hours{10}) +
         std::chrono::seconds{seconds};
}

inline Order test_order(double shares, Side side = Side::buy, std::uint8_t attempt = 0) {
  Order o;
  o.key = OrderKey{Date{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{26}}, 29, 3, side,
                   attempt};
  o.side = side;
  o.symbol = 3;
  o.qty = Qty{shares};
  o.reference = Price{80.10};
  o.decided_at = test_time();
  return o;
}

inline Decimal decimal_of(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6f", value);
  return *parse_decimal(text);
}

inline AlpacaOrder broker_order(const std::string& client_id, OrderStatus status, double filled,
                                std::optional<double> average, int version = 0) {
  AlpacaOrder o;
  o.id = "id-of-" + client_id;
  o.client_order_id = client_id;
  o.symbol = "TQQQ";
  o.side = Side::buy;
  o.status = status;
  o.status_text = std::string(to_string(status));
  o.qty = decimal_of(10);
  o.filled_qty = decimal_of(filled);
  if (average) o.filled_avg_price = decimal_of(*average);
  o.updated_at = test_time(version);
  return o;
}

/// An order as JSON, in the shape of the REST replies.
inline std::string order_json(const std::string& client_id, const std::string& status,
                              const std::string& filled, const std::string& average) {
  return R"({"id":"7b08df51-0000-4000-8000-000000000001","client_order_id":")" + client_id +
         R"(","created_at":"2025-01-02T14:30:00.668464435Z","updated_at":"2025-01-02T14:30:00.702Z",)"
         R"("submitted_at":"2025-01-02T09:30:00.577215743-05:00","filled_at":null,"expired_at":null,)"
         R"("asset_id":"b0b6dd9d-0000-4000-8000-000000000002","symbol":"TQQQ","asset_class":"us_equity",)"
         R"("notional":null,"qty":"10","filled_qty":")" +
         filled + R"(","filled_avg_price":)" + (average.empty() ? "null" : "\"" + average + "\"") +
         R"(,"order_class":"","order_type":"limit","type":"limit","side":"buy","time_in_force":"day",)"
         R"("limit_price":"80.15","stop_price":null,"status":")" +
         status + R"(","extended_hours":false,"legs":null,"source":"something new","hwm":null})";
}

}  // namespace sentio
