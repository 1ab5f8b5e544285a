// Polygon: /v2/aggs/ticker/{T}/range/{n}/{timespan}/{from}/{to}.
#include <algorithm>
#include <charconv>

#include "book/aggregation.h"
#include "server/http_routes.h"
#include "wire/data_wire.h"

namespace sentio::exchange {

namespace {

constexpr int kAggregatesDefault = 5000, kAggregatesMax = 50'000;

std::optional<TimePoint> instant_or_ms(const std::string& text, bool end) {
  if (const auto date = parse_date(text)) {
    const TimePoint midnight = from_new_york(*date, {});
    return end ? midnight + std::chrono::days{1} - std::chrono::nanoseconds{1} : midnight;
  }
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return TimePoint{std::chrono::milliseconds{value}};
}

HttpReply bad_aggregates(const std::string& text) {
  return json_reply(400, Json{{"status", "ERROR"}, {"request_id", "0"}, {"error", text}});
}

std::optional<TimeFrame> frame_of(const std::string& multiplier, const std::string& timespan) {
  if (timespan == "minute") return parse_time_frame(multiplier + "Min");
  if (timespan == "hour") return parse_time_frame(multiplier + "Hour");
  if (timespan == "day") return parse_time_frame(multiplier + "Day");
  return std::nullopt;
}

std::string next_url(const HttpRequest& request, TimePoint next, bool descending, int limit) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(next).time_since_epoch().count();
  return std::string(request.secure ? "https://" : "http://") + std::string(request.header("host")) +
         request.path + "?cursor=" + std::to_string(ms) + "&sort=" + (descending ? "desc" : "asc") +
         "&limit=" + std::to_string(limit);
}

}  // namespace

HttpReply aggregates_route(Exchange& exchange, const HttpRequest& request) {
  const auto segments = request.segments();  // v2 aggs ticker T range n timespan from to
  if (segments.size() != 9 || segments[2] != "ticker" || segments[4] != "range") {
    return json_reply(404, Json{{"status", "NOT_FOUND"}, {"request_id", "0"}, {"message", "page not found"}});
  }
  const auto frame = frame_of(segments[5], segments[6]);
  const auto first = instant_or_ms(segments[7], false), last = instant_or_ms(segments[8], true);
  if (!frame) return bad_aggregates("The parameter 'timespan' is not supported");
  if (!first || !last) return bad_aggregates("Could not parse the time parameter: 'from' or 'to'");
  int limit = kAggregatesDefault;
  const std::string limit_text = request.query_or("limit", "5000");
  std::from_chars(limit_text.data(), limit_text.data() + limit_text.size(), limit);
  if (limit < 1 || limit > kAggregatesMax) return bad_aggregates("limit must be between 1 and 50000");
  const bool descending = request.query_or("sort", "asc") == "desc";
  const auto cursor = instant_or_ms(request.query_or("cursor", ""), false);

  std::vector<Bar> bars;
  if (const auto symbol = exchange.universe().find(segments[3])) {
    bars = aggregate(exchange.tape().range(*symbol, *first, *last, exchange.now()), *frame);
  }
  if (descending) std::reverse(bars.begin(), bars.end());
  if (cursor) {
    std::erase_if(bars, [&](const Bar& b) { return descending ? b.start > *cursor : b.start < *cursor; });
  }
  Json j{
      {"ticker", segments[3]}, {"status", "OK"}, {"adjusted", truth(request.query_or("adjusted", "true"))}};
  const std::size_t count = std::min(bars.size(), static_cast<std::size_t>(limit));
  j["queryCount"] = bars.size();
  j["resultsCount"] = count;
  j["request_id"] = make_uuid("polygon", bars.size() + 1);
  if (count > 0) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < count; ++i) rows.push_back(polygon_row(bars[i]));
    j["results"] = std::move(rows);
    j["count"] = count;
  }
  if (count < bars.size()) j["next_url"] = next_url(request, bars[count].start, descending, limit);
  return json_reply(200, j);
}

}  // namespace sentio::exchange
