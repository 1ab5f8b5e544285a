// /v2/stocks/…: historical and latest bars.
#include <algorithm>
#include <array>
#include <charconv>

#include "book/aggregation.h"
#include "server/http_routes.h"
#include "wire/data_wire.h"

namespace sentio::exchange {

namespace {

constexpr int kDefaultLimit = 1000, kMaxLimit = 10'000;
constexpr std::array<std::string_view, 6> kFeeds{"sip", "iex", "delayed_sip", "otc", "boats", "overnight"};

struct BarQuery {
  std::vector<std::string> symbols;  ///< sorted: pages go by symbol, then time
  TimeFrame frame;
  TimePoint start{}, end{};
  int limit = kDefaultLimit;
  bool descending = false, iex = false;
  std::string token_symbol;             ///< where the next page goes on: after this symbol's bar …
  std::optional<TimePoint> token_time;  ///< … of that time
};

/// A full date-time, or a date: its first (start) or last (end) instant in New York.
std::optional<TimePoint> instant(const std::string& text, bool end) {
  if (const auto date = parse_date(text)) {
    const TimePoint midnight = from_new_york(*date, {});
    return end ? midnight + std::chrono::days{1} - std::chrono::nanoseconds{1} : midnight;
  }
  const auto time = parse_timestamp(text);
  return time ? std::optional(*time) : std::nullopt;
}

bool well_formed(const std::string& symbol) {
  return !symbol.empty() && symbol.size() <= 12 && std::all_of(symbol.begin(), symbol.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '.' || (c >= '0' && c <= '9');
  });
}

/// Reads the query; the error is the message of a 400.
tl::expected<BarQuery, std::string> bar_query(const HttpRequest& request, std::vector<std::string> symbols,
                                              TimePoint now) {
  BarQuery q;
  q.symbols = std::move(symbols);
  std::sort(q.symbols.begin(), q.symbols.end());
  q.symbols.erase(std::unique(q.symbols.begin(), q.symbols.end()), q.symbols.end());
  if (q.symbols.empty()) return tl::unexpected(std::string("symbols parameter is required"));
  for (const std::string& symbol : q.symbols) {
    if (!well_formed(symbol)) return tl::unexpected("invalid symbol: " + symbol);
  }
  const std::string frame = request.query_or("timeframe", "");
  const auto parsed = parse_time_frame(frame);
  if (!parsed) return tl::unexpected("invalid timeframe: " + frame);
  q.frame = *parsed;
  const std::string feed = request.query_or("feed", "sip");
  if (std::find(kFeeds.begin(), kFeeds.end(), feed) == kFeeds.end())
    return tl::unexpected("invalid feed: " + feed);
  q.iex = feed == "iex";
  const std::string limit = request.query_or("limit", "1000");
  const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), q.limit);
  if (error != std::errc{} || q.limit < 1 || q.limit > kMaxLimit)
    return tl::unexpected("invalid limit: " + limit);
  const std::string start_text = request.query_or("start", ""), end_text = request.query_or("end", "");
  const auto first = start_text.empty() ? from_new_york(new_york_date(now), {}) : instant(start_text, false);
  const auto last = end_text.empty() ? now : instant(end_text, true);
  if (!first) return tl::unexpected("invalid start: " + start_text);
  if (!last) return tl::unexpected("invalid end: " + end_text);
  q.start = *first;
  q.end = *last;
  q.descending = request.query_or("sort", "asc") == "desc";
  const std::string token = request.query_or("page_token", "");
  if (!token.empty()) {
    const auto parts = split(token, '|');
    const auto time = parts.size() == 3 ? parse_timestamp(parts[2]) : Result<TimePoint>(TimePoint{});
    if (parts.size() != 3 || !time) return tl::unexpected("invalid page token: " + token);
    q.token_symbol = parts[0];
    q.token_time = *time;
  }
  return q;
}

std::vector<Bar> bars_of(const Exchange& exchange, SymbolId symbol, const BarQuery& q) {
  const auto whole = exchange.tape().range(symbol, frame_start(q.start, q.frame), q.end, exchange.now());
  std::vector<Bar> minutes;
  minutes.reserve(whole.size());
  for (const Bar& bar : whole) {
    const auto shown = q.iex ? exchange.on_iex(symbol, bar) : std::optional(bar);
    if (shown) minutes.push_back(*shown);
  }
  std::vector<Bar> bars =
      q.frame.width == std::chrono::minutes{1} ? std::move(minutes) : aggregate(minutes, q.frame);
  std::erase_if(bars, [&q](const Bar& b) { return b.start < q.start || b.start > q.end; });
  if (q.descending) std::reverse(bars.begin(), bars.end());
  return bars;
}

/// One page; "bars" is always an object here.
Json bar_page(const Exchange& exchange, const BarQuery& q) {
  Json bars = Json::object();
  Json token = nullptr;
  int left = q.limit;
  std::string last_symbol;
  TimePoint last_time{};
  for (const std::string& name : q.symbols) {
    const auto symbol = exchange.universe().find(name);
    if (!symbol || name < q.token_symbol) continue;
    for (const Bar& bar : bars_of(exchange, *symbol, q)) {
      if (name == q.token_symbol && (q.descending ? bar.start >= *q.token_time : bar.start <= *q.token_time))
        continue;
      if (left == 0) {
        token = last_symbol + "|M|" + format_utc(last_time);
        return Json{{"bars", std::move(bars)}, {"next_page_token", std::move(token)}};
      }
      bars[name].push_back(bar_json(bar));
      last_symbol = name;
      last_time = bar.start;
      --left;
    }
  }
  return Json{{"bars", std::move(bars)}, {"next_page_token", std::move(token)}};
}

HttpReply historical(const Exchange& exchange, const HttpRequest& request) {
  const auto q = bar_query(request, split(request.query_or("symbols", ""), ','), exchange.now());
  if (!q) return bad_request(q.error());
  return json_reply(200, bar_page(exchange, *q));
}

HttpReply historical_of(const Exchange& exchange, const HttpRequest& request, const std::string& symbol) {
  const auto q = bar_query(request, {symbol}, exchange.now());
  if (!q) return bad_request(q.error());
  Json page = bar_page(exchange, *q);
  Json flat{{"bars", page["bars"].contains(symbol) ? page["bars"][symbol] : Json::array()},
            {"symbol", symbol}};
  flat["next_page_token"] = page["next_page_token"];
  return json_reply(200, flat);
}

HttpReply latest(const Exchange& exchange, const std::vector<std::string>& symbols) {
  Json bars = Json::object();
  for (const std::string& name : symbols) {
    const auto symbol = exchange.universe().find(name);
    const Bar* bar = symbol ? exchange.tape().latest(*symbol, exchange.now()) : nullptr;
    if (bar != nullptr) bars[name] = bar_json(*bar);
  }
  return json_reply(200, Json{{"bars", std::move(bars)}});
}

}  // namespace

HttpReply stocks_route(Exchange& exchange, const HttpRequest& request) {
  if (request.method != "GET") return json_reply(405, Json{{"message", "method not allowed"}});
  const auto segments = request.segments();
  if (request.path == "/v2/stocks/bars") return historical(exchange, request);
  if (request.path == "/v2/stocks/bars/latest") {
    return latest(exchange, split(request.query_or("symbols", ""), ','));
  }
  if (segments.size() == 4 && segments[3] == "bars") return historical_of(exchange, request, segments[2]);
  if (segments.size() == 5 && segments[3] == "bars" && segments[4] == "latest") {
    const auto symbol = exchange.universe().find(segments[2]);
    const Bar* bar = symbol ? exchange.tape().latest(*symbol, exchange.now()) : nullptr;
    if (bar == nullptr) return not_found_reply("no bar found for " + segments[2]);
    return json_reply(200, Json{{"symbol", segments[2]}, {"bar", bar_json(*bar)}});
  }
  return not_found_reply("endpoint not found.");
}

}  // namespace sentio::exchange
