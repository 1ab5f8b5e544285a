#pragma once
/// A broker with one rule: it fills, cancels and fails when the test says so.

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "small_server.h"

namespace sentio {

class FakeAlpaca {
 public:
  using Json = nlohmann::json;
  /// What happens to the next request of a method; each is used once, in order.
  enum class Fault { none, cut_before, cut_after, error_after, refuse };

  struct FakeOrder {
    std::string id, client_id, symbol, side, status = "new", replaced_by{}, replaces{};
    double qty = 0, filled = 0, usd = 0;
    int posts = 1;
    std::vector<Json> activities;
  };

  FakeAlpaca()
      : server_([this](const SmallServer::Request& r) { return answer(r); },
                [this](SmallServer::WebSocket& ws, const std::string&) { stream(ws); }) {}
  ~FakeAlpaca() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  void fail_next(const std::string& method, Fault fault, std::string body = "") {
    const std::lock_guard lock(mutex_);
    faults_[method].push_back({fault, std::move(body)});
  }
  /// The nth request from here on (of any method) is cut, before or after it acted.
  void fail_nth(int n, bool acted) {
    const std::lock_guard lock(mutex_);
    fail_in_ = n;
    fail_acted_ = acted;
  }
  [[nodiscard]] bool fault_fired() {
    const std::lock_guard lock(mutex_);
    return fail_in_ == 0;
  }

  /// Executes shares of the order; `told`: over the stream as well.
  void fill(const std::string& client_id, double qty, double price, bool told) {
    const std::lock_guard lock(mutex_);
    FakeOrder& o = orders_.at(client_id);
    o.filled += qty;
    o.usd += qty * price;
    const bool whole = o.filled >= o.qty;
    o.status = whole ? "filled" : "partially_filled";
    const std::string execution = "exec-" + std::to_string(++executions_);
    o.activities.push_back(Json{{"activity_type", "FILL"},
                                {"id", execution},
                                {"order_id", o.id},
                                {"symbol", o.symbol},
                                {"side", o.side},
                                {"qty", number(qty)},
                                {"price", number(price)},
                                {"cum_qty", number(o.filled)},
                                {"transaction_time", "2025-09-26T14:00:01Z"}});
    if (told) {
      tell(Json{{"event", whole ? "fill" : "partial_fill"},
                {"timestamp", "2025-09-26T14:00:01Z"},
                {"execution_id", execution},
                {"qty", number(qty)},
                {"price", number(price)},
                {"order", json(o)}});
    }
  }
  /// Somebody replaces the order in the app; the new one has a client id of the broker's. `told`: over the stream;
  /// not `known`: nobody finds it.
  void replace(const std::string& client_id, const std::string& new_client_id, bool told, bool known = true) {
    const std::lock_guard lock(mutex_);
    FakeOrder& old = orders_.at(client_id);
    FakeOrder fresh{.id = "id-" + new_client_id, .client_id = new_client_id, .symbol = old.symbol, .side = old.side};
    fresh.qty = old.qty - old.filled;
    fresh.replaces = old.id;
    old.status = "replaced";
    old.replaced_by = fresh.id;
    if (told) tell(Json{{"event", "replaced"}, {"timestamp", "2025-09-26T14:00:02Z"}, {"order", json(old)}});
    if (known) orders_[new_client_id] = fresh;
  }
  void wait_for_order(const std::string& client_id) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds{60}, [&] { return orders_.count(client_id) > 0; });
  }
  std::map<std::string, FakeOrder> orders() {
    const std::lock_guard lock(mutex_);
    return orders_;
  }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  void fill_at_once(double price) {
    const std::lock_guard lock(mutex_);
    fill_at_once_ = price;
  }
  void refuse_stream(bool on = true) { refuse_stream_ = on; }
  /// Answers to buys are held back until it is called with false.
  void hold_buys(bool hold) { hold_buys_ = hold; }
  /// Until a purchase has come in and is held.
  void wait_for_held_buy() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!holding_ && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }
  SmallServer& server() { return server_; }

  static constexpr const char* kKey = "PKTESTKEYID";
  static constexpr const char* kSecret = "very-secret-words";

 private:
  struct Planned {
    Fault fault = Fault::none;
    std::string body;
  };
  static std::string number(double v) { return Json(v).dump(); }
  static Json json(const FakeOrder& o) {
    Json j{{"id", o.id},
           {"client_order_id", o.client_id},
           {"symbol", o.symbol},
           {"side", o.side},
           {"status", o.status},
           {"qty", number(o.qty)},
           {"filled_qty", number(o.filled)},
           {"filled_avg_price", nullptr},
           {"submitted_at", "2025-09-26T14:00:00Z"}};
    if (!o.replaced_by.empty()) j["replaced_by"] = o.replaced_by;
    if (!o.replaces.empty()) j["replaces"] = o.replaces;
    if (o.filled > 0) j["filled_avg_price"] = number(o.usd / o.filled);
    return j;
  }
  void tell(Json data) {
    outbox_.push_back(Json{{"stream", "trade_updates"}, {"data", std::move(data)}}.dump());
    changed_.notify_all();
  }

  std::optional<SmallServer::Reply> answer(const SmallServer::Request& r) {
    const bool buy = r.body().find("\"side\":\"buy\"") != std::string::npos;
    if (buy && hold_buys_) holding_ = true;
    while (buy && hold_buys_) std::this_thread::sleep_for(std::chrono::milliseconds{2});
    const std::lock_guard lock(mutex_);
    const std::string method(r.method_string()), target(r.target());
    requests_.push_back(method + " " + target);
    if (r["APCA-API-KEY-ID"] != kKey || r["APCA-API-SECRET-KEY"] != kSecret) {
      return SmallServer::Reply{401, R"({"message": "unauthorized."})"};
    }
    Planned plan;
    if (auto& queue = faults_[method]; !queue.empty()) {
      plan = queue.front();
      queue.pop_front();
    } else if (fail_in_ > 0 && --fail_in_ == 0) {
      plan.fault = fail_acted_ ? Fault::cut_after : Fault::cut_before;
    }
    if (plan.fault == Fault::cut_before) return std::nullopt;
    if (plan.fault == Fault::refuse) return SmallServer::Reply{403, plan.body};
    auto reply = act(method, target, r.body());
    if (plan.fault == Fault::cut_after) return std::nullopt;
    if (plan.fault == Fault::error_after) return SmallServer::Reply{500, "<html>oops</html>"};
    return reply;
  }

  SmallServer::Reply act(const std::string& method, const std::string& target, const std::string& body) {
    if (method == "POST" && target == "/v2/orders") return post(Json::parse(body));
    if (method == "DELETE") return remove(target.substr(target.rfind('/') + 1));
    if (target.starts_with("/v2/orders:by_client_order_id")) {
      const auto it = orders_.find(target.substr(target.rfind('=') + 1));
      if (it == orders_.end()) return {404, R"({"code":40410000,"message":"order not found"})"};
      return {200, json(it->second).dump()};
    }
    if (target.starts_with("/v2/account/activities/FILL")) {
      Json rows = Json::array();
      for (const auto& [id, o] : orders_) {
        if (target.find(o.id) == std::string::npos) continue;
        for (const Json& row : o.activities) rows.push_back(row);
      }
      return {200, rows.dump()};
    }
    for (const auto& [client_id, o] : orders_) {
      if (target == "/v2/orders/" + o.id) return {200, json(o).dump()};
    }
    if (target.starts_with("/v2/orders?")) {
      Json all = Json::array();
      for (const auto& [id, o] : orders_) all.push_back(json(o));
      return {200, all.dump()};
    }
    if (target == "/v2/account") {
      return {200, R"({"id":"u","status":"ACTIVE","cash":"100000","equity":"100000.5"})"};
    }
    if (target.starts_with("/v2/calendar"))
      return {200, R"([{"date":"2025-09-26","open":"09:30","close":"16:00"}])"};
    return {404, R"({"code":40410000,"message":"not found"})"};
  }

  SmallServer::Reply post(const Json& body) {
    const std::string client_id = body.at("client_order_id");
    if (const auto it = orders_.find(client_id); it != orders_.end()) {
      ++it->second.posts;
      return {422, R"({"code":40010001,"message":"client_order_id must be unique"})"};
    }
    FakeOrder o{.id = "id-" + std::to_string(orders_.size() + 1),
                .client_id = client_id,
                .symbol = body.at("symbol"),
                .side = body.at("side")};
    o.qty = std::stod(body.at("qty").get<std::string>());
    o.status = "pending_new";
    const Json reply = json(o);
    if (fill_at_once_ > 0) {
      o.filled = o.qty;
      o.usd = o.qty * fill_at_once_;
      o.status = "filled";
    }
    orders_[client_id] = o;
    changed_.notify_all();
    return {200, reply.dump()};
  }

  SmallServer::Reply remove(const std::string& id) {
    for (auto& [client_id, o] : orders_) {
      if (o.id != id) continue;
      if (o.status == "filled")
        return {422, R"({"code":42210000,"message":"order is already in \"filled\" state"})"};
      o.status = "canceled";
      return {204, ""};
    }
    return {404, R"({"code":40410000,"message":"order not found"})"};
  }

  void stream(SmallServer::WebSocket& ws) {
    const Json hello = Json::parse(receive_text(ws));
    const Json& data = hello.at("data");
    if (refuse_stream_ || data.at("key_id") != kKey || data.at("secret_key") != kSecret) {
      send_text(ws, R"({"stream":"authorization","data":{"status":"unauthorized","action":"authenticate"}})");
      return;
    }
    // Paper sends JSON in binary frames.
    send_text(ws, R"({"stream":"authorization","data":{"status":"authorized","action":"authenticate"}})",
              true);
    (void)receive_text(ws);
    send_text(ws, R"({"stream":"listening","data":{"streams":["trade_updates"]}})", true);
    std::size_t sent = 0;
    {
      const std::lock_guard lock(mutex_);
      sent = outbox_.size();  // no replay
    }
    for (;;) {
      std::vector<std::string> fresh;
      {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds{20},
                          [&] { return stopped_ || sent < outbox_.size(); });
        if (stopped_) return;
        fresh.assign(outbox_.begin() + static_cast<std::ptrdiff_t>(sent), outbox_.end());
        sent = outbox_.size();
      }
      for (const std::string& text : fresh) send_text(ws, text, true);
      ws.ping({});  // throws once the connection is cut
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, FakeOrder> orders_;
  std::map<std::string, std::deque<Planned>> faults_;
  std::vector<std::string> requests_, outbox_;
  int executions_ = 0, fail_in_ = -1;
  bool fail_acted_ = false, stopped_ = false;
  double fill_at_once_ = 0;
  std::atomic<bool> refuse_stream_{false}, hold_buys_{false}, holding_{false};
  SmallServer server_;
};

}  // namespace sentio
