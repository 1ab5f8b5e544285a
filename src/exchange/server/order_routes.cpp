// /v2/orders and /v2/positions.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "server/http_routes.h"

namespace sentio::exchange {

namespace {

constexpr int kDefaultOrders = 50, kMaxOrders = 500;

HttpReply no_content() {
  HttpReply reply;
  reply.status = 204;
  return reply;
}

Refusal order_not_found(const std::string& id) {
  return {404, 40410000, "order not found for " + id, {}};
}

/// The filters of GET /v2/orders.
struct OrderQuery {
  std::string status = "open";
  int limit = kDefaultOrders;
  bool ascending = false;
  std::optional<TimePoint> after, until;
  std::string before_id, after_id, side;
  std::vector<std::string> symbols;
};

tl::expected<OrderQuery, Refusal> order_query(const HttpRequest& request) {
  OrderQuery q;
  const auto refuse = [](std::string message) {
    return tl::unexpected(Refusal{422, 40010001, std::move(message), {}});
  };
  q.status = request.query_or("status", "open");
  if (q.status != "open" && q.status != "closed" && q.status != "all") return refuse("invalid status");
  const std::string limit = request.query_or("limit", "50");
  const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), q.limit);
  if (error != std::errc{} || q.limit < 1) return refuse("invalid limit: " + limit);
  q.limit = std::min(q.limit, kMaxOrders);
  q.ascending = request.query_or("direction", "desc") == "asc";
  for (const auto& [name, field] : {std::pair{"after", &q.after}, std::pair{"until", &q.until}}) {
    const std::string text = request.query_or(name, "");
    if (text.empty()) continue;
    auto date = parse_date(text);
    const auto time = date ? Result<TimePoint>(from_new_york(*date, {})) : parse_timestamp(text);
    if (!time) return refuse(std::string("invalid ") + name);
    *field = *time;
  }
  q.before_id = request.query_or("before_order_id", "");
  q.after_id = request.query_or("after_order_id", "");
  q.side = request.query_or("side", "");
  q.symbols = split(request.query_or("symbols", ""), ',');
  return q;
}

bool selected(const ExchangeOrder& order, const OrderQuery& q) {
  if (q.status != "all" && terminal(order.status) != (q.status == "closed")) return false;
  if (q.after && order.created_at <= *q.after) return false;
  if (q.until && order.created_at >= *q.until) return false;
  if (!q.side.empty() && to_string(order.request.side) != q.side) return false;
  return q.symbols.empty() ||
         std::find(q.symbols.begin(), q.symbols.end(), order.request.symbol) != q.symbols.end();
}

HttpReply list_orders(const Exchange& exchange, const HttpRequest& request) {
  const auto q = order_query(request);
  if (!q) return refusal_reply(q.error());
  auto orders = exchange.matching().orders();
  const auto position_of = [&](const std::string& id) {
    return std::find_if(orders.begin(), orders.end(), [&](const ExchangeOrder* o) { return o->id == id; });
  };
  if (!q->before_id.empty()) orders.erase(position_of(q->before_id), orders.end());
  if (!q->after_id.empty()) {
    const auto found = position_of(q->after_id);
    orders.erase(orders.begin(), found == orders.end() ? found : std::next(found));
  }
  if (!q->ascending) std::reverse(orders.begin(), orders.end());
  Json list = Json::array();
  for (const ExchangeOrder* order : orders) {
    if (static_cast<int>(list.size()) == q->limit) break;
    if (selected(*order, *q)) list.push_back(order_json(*order, exchange.matching()));
  }
  return json_reply(200, list);
}

HttpReply submit(Exchange& exchange, const HttpRequest& request) {
  const auto wanted = order_request(Json::parse(request.body, nullptr, false));
  if (!wanted) return refusal_reply(wanted.error());
  const auto taken = exchange.submit(*wanted);
  if (!taken) return refusal_reply(taken.error());
  return json_reply(200, order_json(*taken, exchange.matching()));
}

HttpReply replace(Exchange& exchange, const std::string& id, const HttpRequest& request) {
  const auto wanted = replace_request(Json::parse(request.body, nullptr, false));
  if (!wanted) return refusal_reply(wanted.error());
  const auto taken = exchange.matching().replace(id, *wanted, exchange.now());
  if (!taken) return refusal_reply(taken.error());
  return json_reply(200, order_json(*taken, exchange.matching()));
}

Json cancel_all(Exchange& exchange) {
  Json results = Json::array();
  for (const ExchangeOrder* order : exchange.matching().orders()) {
    if (terminal(order->status)) continue;
    const std::string id = order->id;
    const auto canceled = exchange.cancel(id);
    if (canceled) {
      results.push_back(Json{{"id", id}, {"status", 200}});
    } else {
      results.push_back(Json{{"id", id}, {"status", 500}, {"body", refusal_json(canceled.error())}});
    }
  }
  return results;
}

HttpReply one_order(const Exchange& exchange, const ExchangeOrder* order, const std::string& id) {
  if (order == nullptr) return refusal_reply(order_not_found(id));
  return json_reply(200, order_json(*order, exchange.matching()));
}

/// A market order that closes `qty` shares of a position.
tl::expected<ExchangeOrder, Refusal> close_position(Exchange& exchange, SymbolId symbol, double qty) {
  OrderRequest order;
  order.symbol = exchange.universe()[symbol].name;
  order.qty = qty;
  order.side = exchange.matching().book()[symbol].qty > 0 ? Side::sell : Side::buy;
  return exchange.submit(order);
}

HttpReply close_all(Exchange& exchange, const HttpRequest& request) {
  if (truth(request.query_or("cancel_orders", "false"))) (void)cancel_all(exchange);
  Json results = Json::array();
  for (std::size_t id = 0; id < exchange.universe().size(); ++id) {
    const auto symbol = static_cast<SymbolId>(id);
    const double held = exchange.matching().book()[symbol].qty;
    if (held == 0) continue;
    const auto taken = close_position(exchange, symbol, std::abs(held));
    Json item{{"symbol", exchange.universe()[symbol].name}};
    item["status"] = taken ? 200 : taken.error().http_status;
    item["body"] = taken ? order_json(*taken, exchange.matching()) : refusal_json(taken.error());
    results.push_back(std::move(item));
  }
  return json_reply(207, results);
}

HttpReply close_one(Exchange& exchange, SymbolId symbol, const HttpRequest& request) {
  const double held = std::abs(exchange.matching().book()[symbol].qty);
  double qty = held;
  for (const char* name : {"qty", "percentage"}) {
    const std::string text = request.query_or(name, "");
    if (text.empty()) continue;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || !(value > 0))
      return refusal_reply({422, 40010001, "invalid " + std::string(name), {}});
    qty = name[0] == 'q' ? value : std::floor(held * value / 100 * 1e9) / 1e9;
  }
  const auto taken = close_position(exchange, symbol, qty);
  if (!taken) return refusal_reply(taken.error());
  return json_reply(200, order_json(*taken, exchange.matching()));
}

}  // namespace

HttpReply orders_route(Exchange& exchange, const HttpRequest& request) {
  const Matching& matching = exchange.matching();
  if (request.path == "/v2/orders:by_client_order_id") {
    const std::string id = request.query_or("client_order_id", "");
    return one_order(exchange, matching.find_client(id), id);
  }
  const auto segments = request.segments();
  if (segments.size() < 2 || segments.size() > 3 || segments[1] != "orders") {
    return not_found_reply("endpoint not found.");
  }
  if (segments.size() == 2) {
    if (request.method == "POST") return submit(exchange, request);
    if (request.method == "GET") return list_orders(exchange, request);
    if (request.method == "DELETE") return json_reply(207, cancel_all(exchange));
  } else {
    const std::string& id = segments[2];
    if (request.method == "GET") return one_order(exchange, matching.find(id), id);
    if (request.method == "PATCH") return replace(exchange, id, request);
    if (request.method == "DELETE") {
      const auto canceled = exchange.cancel(id);
      return canceled ? no_content() : refusal_reply(canceled.error());
    }
  }
  return json_reply(405, Json{{"message", "method not allowed"}});
}

HttpReply positions_route(Exchange& exchange, const HttpRequest& request) {
  const auto segments = request.segments();
  const Matching& matching = exchange.matching();
  if (segments.size() == 2) {
    if (request.method == "DELETE") return close_all(exchange, request);
    Json list = Json::array();
    for (std::size_t id = 0; id < exchange.universe().size(); ++id) {
      const auto symbol = static_cast<SymbolId>(id);
      if (matching.book()[symbol].qty != 0) list.push_back(position_json(symbol, matching));
    }
    for (const auto& [name, position] : matching.book().elsewhere()) {
      list.push_back(position_json(name, position));
    }
    return json_reply(200, list);
  }
  const auto elsewhere = matching.book().elsewhere().find(segments[2]);
  if (elsewhere != matching.book().elsewhere().end() && request.method == "GET") {
    return json_reply(200, position_json(elsewhere->first, elsewhere->second));
  }
  const auto symbol = matching.symbol(segments[2]);
  if (!symbol || matching.book()[*symbol].qty == 0) return not_found_reply("position does not exist");
  if (request.method == "DELETE") return close_one(exchange, *symbol, request);
  return json_reply(200, position_json(*symbol, matching));
}

}  // namespace sentio::exchange
