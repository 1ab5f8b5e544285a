#include "sentio/feeds/rest_bars.h"

#include "json_items.h"

namespace sentio {
namespace {

using items::Json;

void add(BarPage& page, SymbolId symbol, std::optional<TimePoint> start, Bar bar, TimePoint server_now) {
  if (items::why_left_out(start.has_value(), bar) != nullptr) {
    ++page.dropped_bad;
    return;
  }
  bar.start = *start;
  if (bar_end(bar) > server_now) {
    ++page.dropped_open;
    return;
  }
  page.bars.push_back({symbol, bar});
}

/// "https://host/path?query" → "/path?query"; nothing for other texts.
std::optional<std::string> path_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return std::nullopt;
  const std::size_t path = url.find('/', scheme + 3);
  if (path == std::string::npos) return std::nullopt;
  for (const char c : url) {
    if (c <= ' ' || c > '~') return std::nullopt;
  }
  return url.substr(path);
}

std::int64_t to_milliseconds(TimePoint t) {
  return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> alpaca_bars_query(const Universe& universe, TimePoint start,
                                                                   TimePoint end, std::string_view feed,
                                                                   std::string_view page_token) {
  std::string symbols;
  for (const SymbolInfo& symbol : universe) symbols += (symbols.empty() ? "" : ",") + symbol.name;
  std::vector<std::pair<std::string, std::string>> query{
      {"symbols", symbols}, {"timeframe", "1Min"}, {"start", format_utc(start)}, {"end", format_utc(end)},
      {"limit", "10000"},   {"adjustment", "raw"}, {"feed", std::string(feed)},  {"sort", "asc"}};
  if (!page_token.empty()) query.emplace_back("page_token", page_token);
  return query;
}

Result<BarPage> parse_alpaca_bars(std::string_view text, const Universe& universe, TimePoint server_now) {
  const Json j = items::parse(text);
  const Json* bars = fields::member(j, "bars");
  if (bars == nullptr || !bars->is_object()) return fail(Errc::malformed, "alpaca bars", "no object 'bars'");
  BarPage page;
  for (const auto& [name, rows] : bars->items()) {
    const auto symbol = universe.find(name);
    if (!symbol || !rows.is_array()) continue;
    for (const Json& row : rows) {
      const auto start = parse_timestamp(items::text(row, "t"));
      add(page, *symbol, start ? std::optional(*start) : std::nullopt, items::prices(row), server_now);
    }
  }
  if (std::string token = items::text(j, "next_page_token"); !token.empty()) page.next = std::move(token);
  return page;
}

std::string polygon_aggs_path(std::string_view symbol, TimePoint start, TimePoint end) {
  return "/v2/aggs/ticker/" + std::string(symbol) + "/range/1/minute/" +
         std::to_string(to_milliseconds(start)) + "/" + std::to_string(to_milliseconds(end)) +
         "?adjusted=false&sort=asc&limit=50000";
}

Result<BarPage> parse_polygon_aggs(std::string_view text, SymbolId symbol, TimePoint server_now) {
  const Json j = items::parse(text);
  if (!j.is_object()) return fail(Errc::malformed, "polygon aggregates", "no JSON object");
  const std::string status = items::text(j, "status");
  if (status != "OK" && status != "DELAYED") {
    const std::string why = items::text(j, "error") + items::text(j, "message");
    return fail(Errc::rejected, "polygon aggregates", items::tamed(status + " " + why));
  }
  BarPage page;
  // An empty range has no key `results` at all.
  if (const Json* rows = fields::member(j, "results"); rows != nullptr && rows->is_array()) {
    for (const Json& row : *rows) add(page, symbol, items::milliseconds(row, "t"), items::prices(row), server_now);
  }
  page.next = path_of(items::text(j, "next_url"));
  return page;
}

}  // namespace sentio
