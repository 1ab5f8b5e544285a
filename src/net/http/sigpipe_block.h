#pragma once
/// Keeps SIGPIPE from ending the process while libcurl writes.

#include <csignal>
#include <ctime>

namespace sentio::net {

/// OpenSSL writes with write(2): to a connection the server has reset, that raises SIGPIPE. libcurl's own
/// guard switches the handler of the whole process and is off with CURLOPT_NOSIGNAL. This blocks the signal
/// in the calling thread and swallows one that came meanwhile.
class SigpipeBlock {
 public:
  SigpipeBlock() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&set_);
    sigaddset(&set_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~SigpipeBlock() {
    const timespec now{};
    if (!was_pending_) {
      while (sigtimedwait(&set_, nullptr, &now) == SIGPIPE) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeBlock(const SigpipeBlock&) = delete;
  SigpipeBlock& operator=(const SigpipeBlock&) = delete;

 private:
  sigset_t set_;
  sigset_t before_;
  bool was_pending_ = false;
};

}  // namespace sentio::net
