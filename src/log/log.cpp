#include "sentio/log/log.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "log_text.h"
#include "sentio/core/check.h"
#include "spdlog_writer.h"

namespace sentio {
namespace {

using Secrets = std::vector<std::string>;

constexpr std::array<std::string_view, 6> kLevelNames{"trace", "debug", "info", "warn", "error", "off"};

/// Read by every thread without a lock. Writers and lists that were replaced are kept until the process ends: a thread
/// that is late finds one that takes no more lines.
std::atomic<LogLevel> level_now{LogLevel::off};
std::atomic<LogWriter*> writer_now{nullptr};
std::atomic<const Secrets*> secrets_now{nullptr};
std::mutex keeping;

template <class T>
T* kept(std::unique_ptr<T> made) {
  static auto& all = *new std::vector<std::unique_ptr<T>>;
  all.push_back(std::move(made));
  return all.back().get();
}

thread_local const char* thread_name = nullptr;

const char* name_of_thread() {
  if (thread_name == nullptr) thread_name = ::gettid() == ::getpid() ? "main" : "worker";
  return thread_name;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) {
  const auto found = std::ranges::find(kLevelNames, name);
  if (found == kLevelNames.end()) return std::nullopt;
  return static_cast<LogLevel>(found - kLevelNames.begin());
}

Result<> start_log(const LogOptions& options) {
  SENTIO_CHECK(options.bytes_max >= 4096);
  SENTIO_CHECK(options.files_max >= 1);
  stop_log();
  if (options.level == LogLevel::off) return {};
  auto file = LogFile::open(options.folder, options.bytes_max, options.files_max);
  if (!file) return tl::unexpected(std::move(file).error());
  const std::lock_guard lock(keeping);
  writer_now = kept(make_log_writer(*std::move(file), options.level));
  level_now = options.level;
  return {};
}

void stop_log() {
  if (level_now.exchange(LogLevel::off) == LogLevel::off) return;
  writer_now.load()->close();
}

std::uint64_t log_lines_lost() {
  const LogWriter* writer = writer_now;
  return writer == nullptr ? 0 : writer->lines_lost();
}

bool log_enabled(LogLevel level) noexcept {
  return level >= level_now.load(std::memory_order_relaxed) && level != LogLevel::off;
}

void log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) noexcept {
  if (!log_enabled(level)) return;
  try {
    static const Secrets kNone;
    const Secrets* secrets = secrets_now;
    writer_now.load()->write(level,
                             log_text::line_of(name_of_thread(), event, fields, secrets == nullptr ? kNone : *secrets));
  } catch (...) {
    // No memory for a line: the others matter more.
  }
}

void keep_out_of_log(const std::string& secret) {
  if (secret.empty()) return;
  const std::lock_guard lock(keeping);
  const Secrets* old = secrets_now;
  auto more = std::make_unique<Secrets>(old == nullptr ? Secrets{} : *old);
  if (std::ranges::find(*more, secret) != more->end()) return;
  more->push_back(secret);
  // A secret that holds another is masked first, or a part of it would stay.
  std::ranges::stable_sort(*more, std::ranges::greater{}, &std::string::size);
  secrets_now = kept(std::move(more));
}

LogThread::LogThread(const char* name) {
  thread_name = name;
  ::pthread_setname_np(::pthread_self(), std::string(name).substr(0, 15).c_str());
  log_line(LogLevel::debug, "thread_begins");
}

LogThread::~LogThread() {
  log_line(LogLevel::debug, "thread_ends");
  thread_name = nullptr;
}

}  // namespace sentio
