#include "sentio/live/live_status.h"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "sentio/live/instance_lock.h"
#include "sentio/core/unwrap.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kAccounts{"paper", "real", "rehearse"};
constexpr std::array<std::string_view, 6> kStates{"starting", "waiting", "trading", "stopping", "ended", "halted"};

std::filesystem::path status_file(const std::filesystem::path& folder) {
  return folder / "status.json";
}

// Reading: what does not fit throws, and parse_status() says where.

const Json& member(const Json& j, const char* key) {
  const auto found = j.find(key);
  if (found == j.end()) throw std::invalid_argument(std::string(key) + " is missing");
  return *found;
}

[[noreturn]] void wrong(const char* key) {
  throw std::invalid_argument(std::string(key) + " is not what it must be");
}

std::string text(const Json& j, const char* key) {
  const Json& v = member(j, key);
  if (!v.is_string()) wrong(key);
  return v.get<std::string>();
}

bool flag(const Json& j, const char* key) {
  const Json& v = member(j, key);
  if (!v.is_boolean()) wrong(key);
  return v.get<bool>();
}

double number(const Json& j, const char* key) {
  const Json& v = member(j, key);
  if (!v.is_number()) wrong(key);
  return v.get<double>();
}

int integer(const Json& j, const char* key, int min, int max) {
  const Json& v = member(j, key);
  if (!v.is_number_integer()) wrong(key);
  const auto n = v.get<std::int64_t>();
  if (n < min || n > max) wrong(key);
  return static_cast<int>(n);
}

const Json& array(const Json& j, const char* key) {
  const Json& v = member(j, key);
  if (!v.is_array()) wrong(key);
  return v;
}

template <std::size_t N>
std::string one_of(const Json& j, const char* key, const std::array<std::string_view, N>& names) {
  std::string value = text(j, key);
  for (const std::string_view n : names) {
    if (n == value) return value;
  }
  wrong(key);
}

TimePoint time(const Json& j, const char* key) {
  return unwrap(parse_timestamp(text(j, key)));
}

LiveStatus decode(const Json& j) {
  if (!j.is_object()) throw std::invalid_argument("is not an object");
  constexpr int kMany = 1'000'000;
  LiveStatus s;
  s.pid = integer(j, "pid", 1, 1 << 30);
  s.account = one_of(j, "account", kAccounts);
  s.date = unwrap(parse_date(text(j, "date")));
  s.state = one_of(j, "state", kStates);
  s.written_at = time(j, "written_at");
  s.started_at = time(j, "started_at");
  s.pace = number(j, "pace");
  if (!(s.pace > 0)) wrong("pace");
  if (!member(j, "last_bar").is_null()) s.last_bar = time(j, "last_bar");
  s.minute = integer(j, "minute", -1, kMany);
  s.session_minutes = integer(j, "session_minutes", 0, kMany);
  s.feed_up = flag(j, "feed_up");
  s.stream_up = flag(j, "stream_up");
  s.entries_suspended = flag(j, "entries_suspended");
  s.maintenance = flag(j, "maintenance");
  s.breaker = flag(j, "breaker");
  s.cash = number(j, "cash");
  s.equity = number(j, "equity");
  s.capital = number(j, "capital");
  s.cash_explained = number(j, "cash_explained");
  s.cash_allowance = number(j, "cash_allowance");
  for (const Json& p : array(j, "positions")) {
    if (!p.is_object()) wrong("positions");
    s.positions.push_back({text(p, "symbol"), number(p, "qty"), number(p, "avg_entry"), number(p, "mark")});
  }
  s.orders_open = integer(j, "orders_open", 0, kMany);
  s.clock_skew_seconds = number(j, "clock_skew_seconds");
  for (const Json& symbol : array(j, "unhealthy_symbols")) {
    if (!symbol.is_string()) wrong("unhealthy_symbols");
    s.unhealthy_symbols.push_back(symbol.get<std::string>());
  }
  s.exit_note = text(j, "exit_note");
  return s;
}

Json learners_json(const std::vector<StatusLearner>& learners) {
  Json out = Json::array();
  for (const StatusLearner& l : learners) {
    Json horizons = Json::array();
    for (const auto& h : l.horizons) {
      horizons.push_back(
          {{"minutes", h.minutes}, {"directional_accuracy", h.directional_accuracy}, {"rmse_ratio", h.rmse_ratio}});
    }
    out.push_back({{"symbol", l.symbol},
                   {"healthy", l.healthy},
                   {"limit", l.limit},
                   {"condition", l.condition},
                   {"effective_window", l.effective_window},
                   {"horizons", std::move(horizons)}});
  }
  return out;
}

Json latency_json(const StatusLatency& l) {
  return {{"sent", l.sent},         {"p50_us", l.p50_us},           {"p99_us", l.p99_us},
          {"worst_us", l.worst_us}, {"not_on_a_set", l.not_on_a_set}, {"never_left", l.never_left}};
}

}  // namespace

std::string encode_status(const LiveStatus& s, const StatusDetails* details) {
  Json positions = Json::array();
  for (const StatusPosition& p : s.positions) {
    positions.push_back({{"symbol", p.symbol}, {"qty", p.qty}, {"avg_entry", p.avg_entry}, {"mark", p.mark}});
  }
  Json j = {{"pid", s.pid},
            {"account", s.account},
            {"date", format_date(s.date)},
            {"state", s.state},
            {"written_at", format_utc(s.written_at)},
            {"started_at", format_utc(s.started_at)},
            {"pace", s.pace},
            {"last_bar", s.last_bar ? Json(format_utc(*s.last_bar)) : Json(nullptr)},
            {"minute", s.minute},
            {"session_minutes", s.session_minutes},
            {"feed_up", s.feed_up},
            {"stream_up", s.stream_up},
            {"entries_suspended", s.entries_suspended},
            {"maintenance", s.maintenance},
            {"breaker", s.breaker},
            {"cash", s.cash},
            {"equity", s.equity},
            {"capital", s.capital},
            {"cash_explained", s.cash_explained},
            {"cash_allowance", s.cash_allowance},
            {"positions", std::move(positions)},
            {"orders_open", s.orders_open},
            {"clock_skew_seconds", s.clock_skew_seconds},
            {"unhealthy_symbols", s.unhealthy_symbols},
                  {"exit_note", s.exit_note}};
  if (details != nullptr) {
    j["learners"] = learners_json(details->learners);
    j["order_latency"] = latency_json(details->order_latency);
  }
  // The note may quote a broker: bytes that are no UTF-8 must not throw.
  return j.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<LiveStatus> parse_status(std::string_view bytes, std::string_view where) {
  try {
    return decode(Json::parse(bytes));
  } catch (const Json::exception&) {
    return fail(Errc::malformed, std::string(where), "is not JSON");
  } catch (const std::invalid_argument& e) {
    return fail(Errc::malformed, std::string(where), e.what());
  }
}

Result<> write_status(const std::filesystem::path& folder, const LiveStatus& status, const StatusDetails* details) {
  return write_file_atomically(status_file(folder), encode_status(status, details), Durability::process_kill);
}

Result<LiveStatus> read_status(const std::filesystem::path& folder) {
  const auto file = status_file(folder);
  const auto bytes = read_text_file(file);
  if (!bytes) return tl::unexpected(bytes.error());
  return parse_status(*bytes, file.string());
}

std::optional<int> running_pid(const std::filesystem::path& folder) {
  return InstanceLock::holder(folder);
}

std::uintmax_t disk_free_bytes(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path existing = fs::absolute(folder, error);
  while (!fs::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
  const fs::space_info space = fs::space(existing, error);
  return error ? 0 : space.available;
}

bool written_by(const LiveStatus& status, int running_pid) {
  return running_pid > 0 ? status.pid == running_pid : status.state != "ended" && status.state != "halted";
}

}  // namespace sentio
