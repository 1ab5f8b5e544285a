#pragma once
/// The operational log, LOG-DIR/sentio.log: what the machinery did, for whoever looks after it. What the market and the
/// strategy did stands in the session log and the day's files, which know nothing of this one.
///
/// Line     2026-11-28T20:05:01.123Z warning [feed] socket_failed host=127.0.0.1 error="the connection dropped"
///          wall time (UTC), level, thread, event, then key=value; a value with other than plain characters is quoted.
/// Levels   error: needs a person. warn: went wrong and is dealt with. info: what happened, a few lines an hour.
///          debug: orders, threads, refused requests. trace: every request.
/// Who      drivers and edges (DEPENDS log). What decides has no log: its inputs and outputs are recorded whole.
/// Waiting  no caller waits for the disk: lines go into a queue of kLogQueueLines, a thread of the log's writes them. It
///          is a queue and not a lock around the file because lanes that send orders and the trading thread write too.
///          A full queue drops its oldest line; the lock it has is held for a copy.
/// Loss     written with write(2), line by line: a crash loses what is in the queue, milliseconds' worth. A line that the
///          disk refuses is lost and counted (log_ends lines_lost=), and nothing else happens.
/// Size     at most bytes_max x files_max: sentio.log, sentio.1.log (the one before) ….
/// Secrets  callers pass hosts and paths, never headers, queries or bodies; what keep_out_of_log() was told is
///          masked on top of that, whatever line it comes in.
/// Errors   none to callers: a log that cannot be written must not stop a day.
/// Threads  any; start_log(), stop_log() and log_lines_lost() one after the other.

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "sentio/core/error.h"

namespace sentio {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

/// "trace", "debug", "info", "warn", "error", "off".
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view name);

inline constexpr std::size_t kLogQueueLines = 2'048;

struct LogOptions {
  std::filesystem::path folder;  ///< of sentio.log; made if it is missing
  LogLevel level = LogLevel::info;
  std::size_t bytes_max = std::size_t{5} << 20;  ///< of one file; at least 4 KiB
  int files_max = 5;                             ///< at least 1
};

/// From here on lines are written. A second process beside us in one folder gets sentio-2.log, and so on.
/// Errc::io: no file can be opened; there is no log then. With LogLevel::off nothing is opened.
[[nodiscard]] Result<> start_log(const LogOptions& options);
/// Writes what is queued and ends. Without a log: no effect.
void stop_log();
/// Lines since start_log() that no file took: the disk refused them, or the queue was full.
[[nodiscard]] std::uint64_t log_lines_lost();

[[nodiscard]] bool log_enabled(LogLevel level) noexcept;

struct LogField {
  LogField(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, std::integral auto v) : key(k), value(std::to_string(v)) {}
  LogField(std::string_view k, std::chrono::nanoseconds v)
      : key(k), value(std::to_string(std::chrono::round<std::chrono::milliseconds>(v).count())) {}  ///< milliseconds
  std::string_view key;
  std::string value;
};

/// One line. `event` and keys are words of ours, the same for the same thing everywhere.
void log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;

/// Masks this text in every line from now on. Empty: no effect.
void keep_out_of_log(const std::string& secret);

/// Names the calling thread for the log (and, cut to 15 characters, for the system) and tells of its begin and end.
class LogThread {
 public:
  explicit LogThread(const char* name);
  ~LogThread();
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;
};

}  // namespace sentio
