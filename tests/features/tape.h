#pragma once
/// Minutes to feed an engine with: made up, or read from the market-data folder.

#include <zlib.h>

#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "sentio/core/calendar.h"
#include "sentio/features/unified_feature_engine.h"

namespace sentio::testing {

struct TapeMinute {
  SessionHours hours;
  bool begins_session = false;  ///< the first minute fed of its session
  int minute = 0;
  SyncBar sync;
};
using Tape = std::vector<TapeMinute>;

/// Every minute of these sessions from the first bar on, forward-filled where `bars` has none.
inline Tape synchronise(const std::vector<SessionHours>& sessions, const std::map<TimePoint, Bar>& bars) {
  Tape tape;
  int age = 0;
  double last_close = 0;
  for (const SessionHours& hours : sessions) {
    bool begins = true;
    for (int minute = 0; minute < hours.minutes; ++minute) {
      const auto found = bars.find(hours.minute_start(minute));
      if (found == bars.end() && last_close == 0) continue;
      TapeMinute row{hours, begins, minute, {}};
      begins = false;
      row.sync.has_price = true;
      if (found != bars.end()) {
        age = 0;
        row.sync.bar = found->second;
        last_close = found->second.close;
      } else {
        ++age;
        row.sync.bar = {hours.minute_start(minute), last_close, last_close, last_close, last_close, 0};
      }
      row.sync.age = age;
      row.sync.stale = age > 5;
      tape.push_back(row);
    }
  }
  return tape;
}

/// Sessions that contain a half day (2025-07-03), a holiday and weekends.
inline std::vector<SessionHours> summer_sessions(int count) {
  using namespace std::chrono;
  auto sessions = NyseCalendar::sessions(Date{year{2025}, July, day{1}}, Date{year{2030}, December, day{31}});
  if (static_cast<int>(sessions.size()) < count) throw std::runtime_error("the calendar is too short");
  sessions.resize(static_cast<std::size_t>(count));
  return sessions;
}

struct WalkOptions {
  double missing = 0.05;  ///< share of minutes without a bar
  int first_minute = 37;  ///< the symbol starts mid-session
  double tick = 0.01;
  double move = 0.0012;  ///< typical move per minute
};

/// A walk in ticks with gaps over night, flat minutes, missing minutes and heavy tails.
inline Tape random_tape(unsigned seed, int session_count, const WalkOptions& options = {}) {
  std::mt19937_64 random(seed);
  const auto uniform = [&random] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  const auto round = [&options](double price) {
    return std::max(1.0, std::round(price / options.tick)) * options.tick;
  };
  const auto move = [&] { return options.move * std::tan(1.3 * (uniform() - 0.5)); };
  std::map<TimePoint, Bar> bars;
  const auto sessions = summer_sessions(session_count);
  double close = 64;
  for (const SessionHours& hours : sessions) {
    if (!bars.empty()) close = round(close * (1 + 0.02 * (uniform() - 0.5)));
    if (close < 20 || close > 300) close = 64;  // as after a split
    for (int minute = bars.empty() ? options.first_minute : 0; minute < hours.minutes; ++minute) {
      if (uniform() < options.missing) continue;
      const double open = round(close * (1 + 0.3 * move()));
      close = uniform() < 0.1 ? open : round(open * (1 + move()));
      const double high = round(std::max(open, close) * (1 + std::abs(0.4 * move())));
      const double low = round(std::min(open, close) * (1 - std::abs(0.4 * move())));
      bars[hours.minute_start(minute)] = {
          hours.minute_start(minute),   open,  std::max({open, close, high}),
          std::min({open, close, low}), close, std::floor(std::exp(6 + 4 * uniform()))};
    }
  }
  return synchronise(sessions, bars);
}

/// Regular-session bars of a gzip CSV: the first column an ISO-8601 time, prices and volume found by name.
inline Tape read_tape(const std::filesystem::path& file, std::size_t minutes_max) {
  const gzFile in = gzopen(file.c_str(), "rb");
  if (in == nullptr) throw std::runtime_error("cannot open " + file.string());
  std::map<TimePoint, Bar> bars;
  std::map<Date, SessionHours> sessions;
  std::array<char, 512> line{};
  gzgets(in, line.data(), line.size());
  const bool epoch_column = std::string(line.data()).find("ts_nyt_epoch") != std::string::npos;
  while (gzgets(in, line.data(), line.size()) != nullptr && bars.size() < minutes_max) {
    std::string text(line.data());
    const auto comma = text.find(',');
    const TimePoint start = parse_timestamp(text.substr(0, comma)).value();
    const auto hours = NyseCalendar::session(new_york_date(start));
    if (!hours || !hours->minute_of(start)) continue;
    Bar bar;
    bar.start = start;
    char* at = text.data() + comma + 1;
    if (epoch_column) at = std::strchr(at, ',') + 1;
    for (double* value : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume}) {
      *value = std::strtod(at, &at);
      ++at;
    }
    bars[start] = bar;
    sessions[hours->date] = *hours;
  }
  gzclose(in);
  std::vector<SessionHours> days;
  for (const auto& [date, hours] : sessions) days.push_back(hours);
  Tape tape = synchronise(days, bars);
  if (tape.size() > minutes_max) tape.resize(minutes_max);
  return tape;
}

inline void feed(UnifiedFeatureEngine& engine, const TapeMinute& row) {
  if (row.begins_session) engine.begin_session(row.hours);
  engine.update(row.minute, row.sync);
}

/// The raw features of every minute.
inline std::vector<FeatureRow> rows_of(const Tape& tape) {
  UnifiedFeatureEngine engine;
  std::vector<FeatureRow> rows;
  rows.reserve(tape.size());
  for (const TapeMinute& minute : tape) {
    feed(engine, minute);
    rows.push_back(engine.raw());
  }
  return rows;
}

/// Mean size of each column: what rounding is measured against. A distance that happens to be near zero is a
/// difference of numbers that are not.
inline FeatureRow sizes_of(const std::vector<FeatureRow>& rows) {
  FeatureRow size{};
  for (const FeatureRow& row : rows) {
    for (std::size_t f = 0; f < size.size(); ++f)
      size[f] += std::abs(row[f]) / static_cast<double>(rows.size());
  }
  return size;
}

}  // namespace sentio::testing
