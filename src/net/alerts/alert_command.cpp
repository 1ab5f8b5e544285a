#include "sentio/net/alert_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "sentio/core/check.h"

extern char** environ;

namespace sentio {
namespace {

constexpr std::size_t kVariableBytesMax = 32 * 1024;  // the kernel refuses single strings above 128 KiB

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error system_error(const std::string& where, int number) {
  return Error{Errc::io, where, std::strerror(number)};
}

bool is_trading_key(std::string_view variable) {
  static constexpr std::array<std::string_view, 4> kPrefixes{"ALPACA_", "APCA_", "POLYGON_", "MASSIVE_"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](auto prefix) { return variable.starts_with(prefix); });
}

std::vector<std::string> child_environment(const Alert& alert) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!is_trading_key(*entry) && !std::string_view{*entry}.starts_with("SENTIO_ALERT_"))
      out.emplace_back(*entry);
  const auto add = [&](const char* key, std::string value) {
    std::erase(value, '\0');
    value.resize(std::min(value.size(), kVariableBytesMax));
    out.push_back(std::string{key} + "=" + value);
  };
  add("SENTIO_ALERT_LEVEL", name(alert.level));
  add("SENTIO_ALERT_TITLE", alert.title);
  add("SENTIO_ALERT_TEXT", alert.text);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

/// A file in memory that holds `text`, positioned at its start; -1 with errno.
int text_file(const std::string& text) {
  const int fd = memfd_create("sentio-alert", MFD_CLOEXEC);
  if (fd < 0) return fd;
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      ::close(fd);
      return -1;
    }
    done += static_cast<std::size_t>(n);
  }
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

/// Starts `arguments` in a process group of its own with default signals; 0 and `pid`, or an error number.
int spawn(std::vector<std::string> arguments, std::vector<std::string> environment, int stdin_fd,
          pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, stdin_fd, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawnp(&pid, arguments.front().c_str(), &actions, &attributes,
                                 pointers(arguments).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int reaped(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

class AlertCommand final : public AlertChannel {
 public:
  AlertCommand(std::vector<std::string> arguments, std::chrono::milliseconds timeout, int cancel_fd)
      : arguments_(std::move(arguments)), timeout_(timeout), cancel_fd_(cancel_fd) {}

  Result<> deliver(const Alert& alert) override {
    const Fd text{text_file(alert.text)};
    if (text.get() < 0) return tl::unexpected(system_error(arguments_.front(), errno));
    pid_t pid = 0;
    if (const int error = spawn(arguments_, child_environment(alert), text.get(), pid); error != 0)
      return tl::unexpected(system_error(arguments_.front(), error));
    // Between here and reaped() the pid cannot be reused, so neither can the process descriptor go stale.
    const Fd process{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
    const bool has_ended = process.get() >= 0 && ends_in_time(process.get());
    if (!has_ended) ::kill(-pid, SIGKILL);
    const int status = reaped(pid);
    if (!has_ended)
      return fail(Errc::timed_out, arguments_.front(), "alert command was killed: it took too long");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(Errc::rejected, arguments_.front(),
                WIFEXITED(status) ? "alert command ended with status " + std::to_string(WEXITSTATUS(status))
                                  : "alert command died of signal " + std::to_string(WTERMSIG(status)));
  }

  void cancel() override {
    const std::uint64_t one = 1;
    (void)!::write(cancel_fd_.get(), &one, sizeof one);
  }

 private:
  [[nodiscard]] bool ends_in_time(int process_fd) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout_;
    for (;;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      std::array<pollfd, 2> fds{{{process_fd, POLLIN, 0}, {cancel_fd_.get(), POLLIN, 0}}};
      const int n = poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(0, left.count())));
      if (n < 0 && errno == EINTR) continue;
      return n > 0 && (fds[0].revents & POLLIN) != 0;
    }
  }

  const std::vector<std::string> arguments_;
  const std::chrono::milliseconds timeout_;
  const Fd cancel_fd_;
};

}  // namespace

Result<std::vector<std::string>> split_command(std::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
      words.back() += line[++i];
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) return fail(Errc::usage, "alert command", "has a quote that is not closed");
  if (words.empty() || words.front().empty()) return fail(Errc::usage, "alert command", "is empty");
  return words;
}

Result<std::unique_ptr<AlertChannel>> make_alert_command(std::vector<std::string> arguments,
                                                         std::chrono::milliseconds timeout) {
  if (arguments.empty() || arguments.front().empty()) return fail(Errc::usage, "alert command", "is empty");
  const int cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (cancel_fd < 0) return tl::unexpected(system_error("alert command", errno));
  return std::unique_ptr<AlertChannel>(
      std::make_unique<AlertCommand>(std::move(arguments), timeout, cancel_fd));
}

}  // namespace sentio
