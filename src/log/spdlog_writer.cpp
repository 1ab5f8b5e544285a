#include "spdlog_writer.h"

#include <pthread.h>
#include <spdlog/async.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <optional>

namespace sentio {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::trace:
      return spdlog::level::trace;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      break;
  }
  return spdlog::level::off;
}

/// Its lock is the queue's thread's, but for the moment of release().
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  FileSink(LogFile file, std::atomic<std::uint64_t>& lost) : file_(std::move(file)), lost_(lost) {}
  void release() {
    const std::lock_guard lock(mutex_);
    file_.reset();
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t text;
    formatter_->format(message, text);
    if (!file_ || !file_->append({text.data(), text.size()})) ++lost_;
  }
  void flush_() override {}

  std::optional<LogFile> file_;
  std::atomic<std::uint64_t>& lost_;
};

class SpdlogWriter final : public LogWriter {
 public:
  SpdlogWriter(LogFile file, LogLevel level) : sink_(std::make_shared<FileSink>(std::move(file), lost_)) {
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pool_ = std::make_shared<spdlog::details::thread_pool>(kLogQueueLines, 1,
                                                           [] { ::pthread_setname_np(::pthread_self(), "log"); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    logger_ = std::make_shared<spdlog::async_logger>("sentio", sink_, pool_,
                                                     spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                                                                       spdlog::pattern_time_type::utc));
    logger_->set_level(spdlog_level(level));
    // Its own handler writes to standard error, which is for the user.
    logger_->set_error_handler([this](const std::string&) { ++lost_; });
  }

  void write(LogLevel level, std::string_view line) override {
    logger_->log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
  }
  void close() override {
    overrun_ = pool_->overrun_counter();
    pool_.reset();
    sink_->release();  // for whoever logs there next
  }
  std::uint64_t lines_lost() const override { return lost_ + (pool_ ? pool_->overrun_counter() : overrun_); }

 private:
  std::atomic<std::uint64_t> lost_{0};
  std::size_t overrun_ = 0;
  std::shared_ptr<FileSink> sink_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace

std::unique_ptr<LogWriter> make_log_writer(LogFile file, LogLevel level) {
  return std::make_unique<SpdlogWriter>(std::move(file), level);
}

}  // namespace sentio
