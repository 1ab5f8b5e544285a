// /v2/account… but for its activities, /v2/clock, /v2/calendar, /v2/assets.
#include <algorithm>

#include "server/http_routes.h"

namespace sentio::exchange {

namespace {

std::string hour_minute(TimePoint t) {
  const std::string text = format_new_york(t);  // 2025-09-26T09:31:00-04:00
  return text.substr(11, 5);
}

HttpReply clock(const Exchange& exchange) {
  const TimePoint now = exchange.now();
  const Date today = new_york_date(now);
  const auto sessions =
      NyseCalendar::sessions(today, Date{std::chrono::sys_days{today} + std::chrono::days{14}});
  const SessionHours* current = nullptr;
  const SessionHours* next = nullptr;
  for (const SessionHours& s : sessions) {
    if (s.open <= now && now < s.close) current = &s;
    if (s.open > now && next == nullptr) next = &s;
  }
  Json j;
  j["timestamp"] = format_new_york(now + exchange.clock_skew());
  j["is_open"] = current != nullptr;
  j["next_open"] = next != nullptr ? Json(format_new_york(next->open)) : Json(nullptr);
  const SessionHours* closes = current != nullptr ? current : next;
  j["next_close"] = closes != nullptr ? Json(format_new_york(closes->close)) : Json(nullptr);
  return json_reply(200, j);
}

std::string settlement_date(Date date) {
  const auto next = NyseCalendar::sessions(Date{std::chrono::sys_days{date} + std::chrono::days{1}},
                                           Date{std::chrono::sys_days{date} + std::chrono::days{10}});
  return next.empty() ? format_date(date) : format_date(next.front().date);
}

/// A date, or the date of a date-time as it is written: clients send both.
std::optional<Date> calendar_date(const std::string& text) {
  const auto date = parse_date(text.substr(0, 10));
  if (!date || (text.size() > 10 && !parse_timestamp(text))) return std::nullopt;
  return *date;
}

HttpReply calendar(const Exchange& exchange, const HttpRequest& request) {
  using std::chrono::year, std::chrono::January, std::chrono::December;
  const auto first = calendar_date(request.query_or("start", "1970-01-01"));
  const auto last = calendar_date(request.query_or("end", "2029-12-31"));
  if (!first || !last) return json_reply(400, Json{{"code", 40010000}, {"message", "invalid date"}});
  Json list = Json::array();
  for (const SessionHours& s :
       NyseCalendar::sessions(std::max(*first, Date{year{NyseCalendar::kFirstYear} / 1 / 1}),
                              std::min(*last, Date{year{NyseCalendar::kLastYear} / 12 / 31}))) {
    bool half = s.half_day();
    if (exchange.calendar_disagrees() && s.date == exchange.tape().hours().date) half = !half;
    Json j;
    j["date"] = format_date(s.date);
    j["open"] = hour_minute(s.open);
    j["close"] = half ? "13:00" : "16:00";
    j["session_open"] = "0400";
    j["session_close"] = half ? "1700" : "2000";
    j["settlement_date"] = settlement_date(s.date);
    list.push_back(std::move(j));
  }
  return json_reply(200, list);
}

HttpReply assets(const Exchange& exchange, const HttpRequest& request) {
  const auto segments = request.segments();
  if (segments.size() == 3) {
    const auto symbol = exchange.matching().symbol(segments[2]);
    if (!symbol || !exchange.matching().asset(*symbol).known)
      return not_found_reply("asset not found for " + segments[2]);
    return json_reply(200, asset_json(*symbol, exchange.matching()));
  }
  Json list = Json::array();
  const std::string status = request.query_or("status", "active");
  for (std::size_t id = 0; id < exchange.universe().size(); ++id) {
    const AssetTerms& terms = exchange.matching().asset(static_cast<SymbolId>(id));
    if (!terms.known || status != (terms.active ? "active" : "inactive")) continue;
    list.push_back(asset_json(static_cast<SymbolId>(id), exchange.matching()));
  }
  return json_reply(200, list);
}

HttpReply portfolio_history(const Exchange& exchange) {
  const double base = exchange.matching().book().last_equity();
  Json j{{"timestamp", Json::array()},
         {"equity", Json::array()},
         {"profit_loss", Json::array()},
         {"profit_loss_pct", Json::array()}};
  for (const auto& [time, equity] : exchange.equity_curve()) {
    j["timestamp"].push_back(epoch_seconds(time));
    j["equity"].push_back(equity);
    j["profit_loss"].push_back(equity - base);
    j["profit_loss_pct"].push_back(base > 0 ? equity / base - 1 : 0);
  }
  j["base_value"] = base;
  j["timeframe"] = "1Min";
  return json_reply(200, j);
}

HttpReply configurations() {
  return json_reply(200, Json{{"disable_overnight_trading", false},
                              {"fractional_trading", true},
                              {"max_margin_multiplier", "4"},
                              {"max_options_trading_level", 0},
                              {"no_shorting", false},
                              {"ptp_no_exception_entry", false},
                              {"suspend_trade", false},
                              {"trade_confirm_email", "none"}});
}

}  // namespace

HttpReply account_route(Exchange& exchange, const HttpRequest& request) {
  if (request.method != "GET") return json_reply(405, Json{{"message", "method not allowed"}});
  if (request.path == "/v2/account") return json_reply(200, account_json(exchange.matching()));
  if (request.path.starts_with("/v2/account/activities")) return activities_route(exchange, request);
  if (request.path == "/v2/account/portfolio/history") return portfolio_history(exchange);
  if (request.path == "/v2/account/configurations") return configurations();
  return not_found_reply("endpoint not found.");
}

HttpReply reference_route(Exchange& exchange, const HttpRequest& request) {
  if (request.method != "GET") return json_reply(405, Json{{"message", "method not allowed"}});
  if (request.path == "/v2/clock") return clock(exchange);
  if (request.path == "/v2/calendar") return calendar(exchange, request);
  if (request.path.starts_with("/v2/assets")) return assets(exchange, request);
  return not_found_reply("endpoint not found.");
}

}  // namespace sentio::exchange
