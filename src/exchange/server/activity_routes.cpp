// /v2/account/activities: executions, and money that moved without one.
#include <algorithm>
#include <charconv>

#include "server/http_routes.h"

namespace sentio::exchange {

namespace {

constexpr int kMaxPage = 100;

struct ActivityQuery {
  std::vector<std::string> types;  ///< empty: all
  std::string category;            ///< empty: both
  std::string order_id, token;
  std::optional<TimePoint> after, until;  ///< strictly after and before, like the real parameters
  std::optional<Date> date;               ///< all of that day at once
  int page = kMaxPage;
  bool descending = true;
};

tl::expected<ActivityQuery, Refusal> activity_query(const HttpRequest& request) {
  ActivityQuery q;
  const auto refuse = [](const char* name) {
    return tl::unexpected(Refusal{422, 40010001, std::string("invalid ") + name, {}});
  };
  const auto segments = request.segments();
  q.types = split(segments.size() == 4 ? segments[3] : request.query_or("activity_types", ""), ',');
  q.category = request.query_or("category", "");
  const bool known = q.category == "trade_activity" || q.category == "non_trade_activity";
  if (!q.category.empty() && (!known || !q.types.empty())) return refuse("category");
  for (const auto& [name, field] : {std::pair{"after", &q.after}, std::pair{"until", &q.until}}) {
    const std::string text = request.query_or(name, "");
    if (text.empty()) continue;
    const auto date = parse_date(text);
    const auto time = date ? Result<TimePoint>(from_new_york(*date, {})) : parse_timestamp(text);
    if (!time) return refuse(name);
    *field = *time;
  }
  const std::string date_text = request.query_or("date", "");
  const auto date = parse_date(date_text);
  if (!date_text.empty() && !date) return refuse("date");
  if (date) q.date = *date;
  const std::string page_text = request.query_or("page_size", "100");
  std::from_chars(page_text.data(), page_text.data() + page_text.size(), q.page);
  if (q.page < 1 || q.page > kMaxPage) return refuse("page_size");
  q.order_id = request.query_or("order_id", "");
  q.token = request.query_or("page_token", "");
  q.descending = request.query_or("direction", "desc") == "desc";
  return q;
}

bool chosen(const Activity& activity, const ActivityQuery& q) {
  const Execution* e = activity.execution;
  const std::string type = e != nullptr ? "FILL" : activity.move->type;
  if (!q.types.empty() && std::find(q.types.begin(), q.types.end(), type) == q.types.end()) return false;
  if (!q.category.empty() && (q.category == "trade_activity") != (e != nullptr)) return false;
  if (!q.order_id.empty() && (e == nullptr || e->order_id != q.order_id)) return false;
  const TimePoint at = e != nullptr ? e->at : activity.move->at;
  const Date date = e != nullptr ? new_york_date(at) : activity.move->date;
  if (q.date && date != *q.date) return false;
  return (!q.after || at > *q.after) && (!q.until || at < *q.until);
}

}  // namespace

HttpReply activities_route(const Exchange& exchange, const HttpRequest& request) {
  const auto q = activity_query(request);
  if (!q) return refusal_reply(q.error());
  auto rows = exchange.matching().activities();
  if (q->descending) std::reverse(rows.begin(), rows.end());
  Json list = Json::array();
  bool reached = q->token.empty();
  for (const Activity& row : rows) {
    if (!reached) {
      reached = activity_id(row) == q->token;
      continue;
    }
    if (!q->date && static_cast<int>(list.size()) == q->page) break;
    if (chosen(row, *q)) list.push_back(activity_json(row, exchange.matching()));
  }
  return json_reply(200, list);
}

}  // namespace sentio::exchange
