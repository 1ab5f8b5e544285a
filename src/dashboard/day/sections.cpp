#include "day/sections.h"

#include <algorithm>
#include <cmath>

namespace sentio::dashboard_detail {

namespace {

constexpr std::size_t kMessagesShown = 40;

Json copy(const Json& from, std::initializer_list<const char*> keys) {
  Json out = Json::object();
  for (const char* key : keys) out[key] = plain_of(from, key);
  return out;
}

}  // namespace

double ShownDay::setting(const char* section, const char* key) const {
  return fields::number(part_of(part_of(lines.journal.header, "config"), section), key);
}

double ShownDay::capital() const {
  for (const Json& said : {status.json, lines.journal.header}) {
    if (const double capital = fields::number(said, "capital"); std::isfinite(capital)) return capital;
  }
  // A replay's book begins with the end of its first minute.
  return lines.book.points.empty() ? NAN : lines.book.points.front().equity;
}

Json day_section(const std::filesystem::path& folder, const DayChoice& choice, const ShownDay* day) {
  Json out = {{"folder", folder.filename().string()},
              {"date", nullptr},
              {"waiting", choice.waiting.empty() ? Json(nullptr) : Json(choice.waiting)},
              {"open_minute", nullptr},
              {"session_minutes", nullptr},
              {"strategy", nullptr},
              {"account", nullptr},
              {"synthetic", false},
              {"warnings", choice.warnings}};
  if (day == nullptr) return out;
  const SessionHours& hours = day->lines.hours();
  out["date"] = format_date(hours.date);
  out["open_minute"] = std::chrono::duration_cast<std::chrono::minutes>(new_york_time_of_day(hours.open)).count();
  out["session_minutes"] = hours.minutes;
  out["strategy"] = plain_of(part_of(day->lines.journal.header, "config"), "name");
  out["account"] = plain_of(day->lines.journal.header, "mode");
  out["synthetic"] = day->lines.log.synthetic;
  if (day->lines.damaged > 0) {
    out["warnings"].push_back(std::to_string(day->lines.damaged) + " damaged lines were left out.");
  }
  return out;
}

Json state_section(const ShownDay& day) {
  if (day.status.json.is_null()) return nullptr;
  Json out = copy(day.status.json,
                  {"state", "account", "pid", "pace", "minute", "session_minutes", "last_bar", "feed_up", "stream_up",
                   "entries_suspended", "maintenance", "breaker", "orders_open", "clock_skew_seconds", "exit_note"});
  for (const char* key : {"written_at", "started_at"}) {
    const auto at = parse_timestamp(fields::text(day.status.json, key));
    out[key] = at ? Json(format_new_york(std::chrono::floor<std::chrono::seconds>(*at))) : Json(nullptr);
  }
  // Whole tens: whoever reads this is not sent a change each second.
  const auto silence = std::chrono::floor<std::chrono::seconds>(day.now - day.status.written);
  const bool due = !is_over(day.status) && silence > kStatusSilence;
  out["silent_seconds"] = due ? silence.count() / 10 * 10 : 0;
  return out;
}

Json alerts_section(const ShownDay& day) {
  std::vector<Message> all(day.lines.log.messages.begin(), day.lines.log.messages.end());
  all.insert(all.end(), day.lines.journal.alerts.begin(), day.lines.journal.alerts.end());
  std::ranges::stable_sort(all, {}, &Message::at);
  Json out = Json::array();
  for (auto m = all.rbegin(); m != all.rend() && out.size() < kMessagesShown; ++m) {
    const auto at = std::chrono::floor<std::chrono::seconds>(m->at);
    out.push_back({{"ts", format_new_york(at)}, {"level", m->level}, {"text", m->text}});
  }
  return out;
}

Json equity_section(const ShownDay& day) {
  const BookLines& book = day.lines.book;
  if (book.points.empty()) return nullptr;
  const double capital = day.capital(), equity = book.points.back().equity;
  double peak = std::max(capital, book.points.front().equity), deepest = 0;
  Json minutes = Json::array(), values = Json::array();
  for (const BookLines::Point& point : book.points) {
    peak = std::max(peak, point.equity);
    deepest = std::max(deepest, 1 - point.equity / peak);
    minutes.push_back(point.minute);
    values.push_back(point.equity);
  }
  return {{"ts", plain_of(book.last, "ts")},
          {"capital", number_or_null(capital)},
          {"equity", equity},
          {"cash", plain_of(book.last, "cash")},
          {"return_pct", number_or_null(equity / capital - 1)},
          {"mrd", plain_of(book.last, "mrd")},
          {"drawdown_pct", number_or_null(1 - equity / peak)},
          {"drawdown_max_pct", number_or_null(deepest)},
          {"minutes", std::move(minutes)},
          {"values", std::move(values)}};
}

Json positions_section(const ShownDay& day) {
  const double stop = day.setting("rotation_manager_config", "stop_loss_pct");
  const double target = day.setting("rotation_manager_config", "profit_target_pct");
  Json rows = Json::array();
  for (const Json& held : part_of(day.lines.book.last, "positions")) {
    const double entry = fields::number(held, "avg_entry"), mark = fields::number(held, "mark"), qty = fields::number(held, "qty");
    Json row = copy(held, {"symbol", "qty", "avg_entry", "mark", "unrealized_pnl", "sets_held"});
    row["value"] = number_or_null(qty * mark);
    row["return_pct"] = number_or_null(mark / entry - 1);
    row["stop"] = number_or_null(entry * (1 - stop));
    row["target"] = number_or_null(entry * (1 + target));
    rows.push_back(std::move(row));
  }
  return {{"ts", plain_of(day.lines.book.last, "ts")},
          {"stop_loss_pct", number_or_null(stop)},
          {"profit_target_pct", number_or_null(target)},
          {"max_positions", number_or_null(day.setting("rotation_manager_config", "max_positions"))},
          {"rows", std::move(rows)}};
}

Json learners_section(const ShownDay& day) {
  const auto row_of = [](const Json& learner) {
    Json row = copy(learner, {"symbol", "healthy", "limit", "condition", "effective_window", "features"});
    row["horizons"] = Json::array();
    for (const Json& h : part_of(learner, "horizons"))
      row["horizons"].push_back(copy(h, {"minutes", "directional_accuracy", "rmse_ratio", "slope"}));
    return row;
  };
  const bool over = !day.lines.health.empty();
  Json rows = Json::array();
  if (over) {
    for (const Json& learner : day.lines.health) rows.push_back(row_of(learner));
  } else {
    for (const Json& learner : part_of(day.status.json, "learners")) rows.push_back(row_of(learner));
  }
  return {{"judged", over ? "close" : "open"}, {"rows", std::move(rows)}};
}

Json latency_section(const ShownDay& day) {
  const JournalLines& journal = day.lines.journal;
  const Json orders = part_of(day.status.json, "order_latency");
  return {{"sets", journal.header.is_null() ? Json(nullptr) : journal.sets.summary()},
          {"fills", journal.header.is_null() ? Json(nullptr) : journal.fills.summary()},
          {"orders", orders.is_null()
                         ? Json(nullptr)
                         : copy(orders, {"sent", "p50_us", "p99_us", "worst_us", "not_on_a_set", "never_left"})}};
}

Json decisions_section(const ShownDay& day) {
  const DecisionLines& decisions = day.lines.decisions;
  Json last = Json::array();
  for (auto line = decisions.last.rbegin(); line != decisions.last.rend(); ++line) {
    last.push_back(copy(*line, {"ts", "symbol", "action", "reason", "qty", "price", "rank", "strength", "net_edge_bps",
                                "return_pct", "sets_held"}));
  }
  return {{"entries", decisions.entries},
          {"exits", decisions.exits},
          {"cancels", decisions.cancels},
          {"blocked", decisions.blocked},
          {"last", std::move(last)}};
}

Json trades_section(const ShownDay& day) {
  const TradeLines& trades = day.lines.trades;
  Json last = Json::array();
  for (auto line = trades.last.rbegin(); line != trades.last.rend(); ++line) {
    last.push_back(copy(*line, {"ts", "symbol", "side", "qty", "price", "fees", "reason", "pnl", "pnl_pct"}));
  }
  // No spread: a live day's is measured at its end.
  return {{"executions", trades.executions}, {"sales", trades.sales}, {"wins", trades.wins}, {"pnl_usd", trades.pnl},
          {"fees_usd", trades.fees},         {"last", std::move(last)}};
}

}  // namespace sentio::dashboard_detail
