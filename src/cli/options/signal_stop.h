#pragma once
/// SIGINT and SIGTERM as calls of a function, on a thread of their own.

#include <csignal>
#include <ctime>
#include <functional>
#include <thread>

#include "sentio/log/log.h"

namespace sentio::cli {

/// Made before any other thread, which then inherits the blocked signals.
class SignalStop {
 public:
  explicit SignalStop(std::function<void()> on_signal) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    waiter_ = std::jthread([this, call = std::move(on_signal)](const std::stop_token& over) {
      const LogThread name("signals");
      const timespec tick{0, 100'000'000};
      while (!over.stop_requested()) {
        const int number = ::sigtimedwait(&signals_, nullptr, &tick);
        if (number <= 0) continue;
        log_line(LogLevel::info, "signal", {{"number", number}});
        call();
      }
    });
  }

 private:
  sigset_t signals_{};
  std::jthread waiter_;
};

}  // namespace sentio::cli
