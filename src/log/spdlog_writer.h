#pragma once
/// All that is known of spdlog: a queue, a thread, the time stamp and the level before each line.

#include <cstdint>
#include <memory>
#include <string_view>

#include "log_file.h"
#include "sentio/log/log.h"

namespace sentio {

class LogWriter {
 public:
  virtual ~LogWriter() = default;
  virtual void write(LogLevel level, std::string_view line) = 0;
  /// Returns once what is queued has been handed to the file; lines that come later are lost and counted.
  virtual void close() = 0;
  [[nodiscard]] virtual std::uint64_t lines_lost() const = 0;
};

/// Its thread takes no signals: those belong to whoever waits for them.
[[nodiscard]] std::unique_ptr<LogWriter> make_log_writer(LogFile file, LogLevel level);

}  // namespace sentio
