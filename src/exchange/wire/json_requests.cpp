// Request bodies → values.
#include <charconv>

#include "wire/json_wire.h"

namespace sentio::exchange {

namespace {

Refusal bad(std::string message) {
  return {422, 40010001, std::move(message), {}};
}

/// Decimal strings or JSON numbers; absent and null mean "not given".
class Numbers {
 public:
  explicit Numbers(const Json& body) : body_(body) {}
  std::optional<double> get(const char* key) {
    const auto found = body_.find(key);
    if (found == body_.end() || found->is_null()) return std::nullopt;
    if (found->is_number()) return found->get<double>();
    double value = 0;
    if (found->is_string()) {
      const auto& text = found->get_ref<const std::string&>();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error == std::errc{} && end == text.data() + text.size()) return value;
    }
    problem_ = std::string(key) + " is not a number";
    return std::nullopt;
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  const Json& body_;
  std::string problem_;
};

}  // namespace

tl::expected<OrderRequest, Refusal> order_request(const Json& body) {
  if (!body.is_object()) return tl::unexpected(Refusal{400, 40010000, "request body format is invalid", {}});
  OrderRequest r;
  Numbers numbers(body);
  r.symbol = fields::text(body, "symbol");
  r.qty = numbers.get("qty");
  r.notional = numbers.get("notional");
  r.limit_price = numbers.get("limit_price");
  r.stop_price = numbers.get("stop_price");
  r.trail_price = numbers.get("trail_price");
  r.trail_percent = numbers.get("trail_percent");
  if (!numbers.problem().empty()) return tl::unexpected(bad(numbers.problem()));
  if (r.symbol.empty()) return tl::unexpected(bad("symbol is required"));
  const std::string side = fields::text(body, "side");
  if (side != "buy" && side != "sell") return tl::unexpected(bad("side must be buy or sell"));
  r.side = side == "buy" ? Side::buy : Side::sell;
  const auto type = parse_order_type(fields::text(body, "type"));
  if (!type) return tl::unexpected(bad("invalid order type"));
  r.type = *type;
  const auto tif = parse_time_in_force(fields::text(body, "time_in_force"));
  if (!tif) return tl::unexpected(bad("invalid time_in_force"));
  r.tif = *tif;
  r.extended_hours = fields::boolean(body, "extended_hours");
  r.client_order_id = fields::text(body, "client_order_id");
  r.order_class = fields::text(body, "order_class");
  r.position_intent = fields::text(body, "position_intent");
  return r;
}

tl::expected<ReplaceRequest, Refusal> replace_request(const Json& body) {
  if (!body.is_object()) return tl::unexpected(Refusal{400, 40010000, "request body format is invalid", {}});
  ReplaceRequest r;
  Numbers numbers(body);
  r.qty = numbers.get("qty");
  r.limit_price = numbers.get("limit_price");
  r.stop_price = numbers.get("stop_price");
  r.trail = numbers.get("trail");
  if (!numbers.problem().empty()) return tl::unexpected(bad(numbers.problem()));
  const std::string tif = fields::text(body, "time_in_force");
  if (!tif.empty()) {
    r.tif = parse_time_in_force(tif);
    if (!r.tif) return tl::unexpected(bad("invalid time_in_force"));
  }
  r.client_order_id = fields::text(body, "client_order_id");
  return r;
}

}  // namespace sentio::exchange
