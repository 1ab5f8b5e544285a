#pragma once
/// What a live day tells people: kinds with their urgency, repeats kept down, every configured channel.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/net/alert_worker.h"

namespace sentio {

enum class AlertKind : std::uint8_t {
  start,           ///< info
  stop,            ///< info
  halt,            ///< critical: trading ended early
  not_flat,        ///< critical: shares are held after the close
  reconciliation,  ///< critical: the broker's book is not ours
  feed_mute,       ///< warning
  breaker,         ///< critical
  trouble,         ///< warning: anything else that somebody should look at
};
[[nodiscard]] AlertLevel level_of(AlertKind kind);
[[nodiscard]] std::string_view title_of(AlertKind kind);  ///< "NOT FLAT"

struct AlertDeskOptions {
  std::string url;                            ///< webhook (Slack, Discord, ntfy); a secret; empty: none
  std::string command;                        ///< program with arguments (net/alert_command.h); empty: none
  std::string extra_ca_file;                  ///< PEM file trusted beside the system's authorities
  std::string subject;                        ///< begins every title: "sentio paper"
  std::chrono::milliseconds timeout{10'000};  ///< of one delivery
  std::function<std::chrono::steady_clock::time_point()> now;  ///< empty: the steady clock
};

/// One worker per configured channel; with none, alerts are counted and go nowhere.
///
/// Repeats  the same kind and text within 60 s of the last one sent is counted only.
/// Threads  post() and close() from one thread, neither the network nor a program ever holds post() up.
class AlertDesk {
 public:
  /// Errc::usage: a URL or a command that is not one. Errc::io: the CA file. The URL is in no error.
  [[nodiscard]] static Result<std::unique_ptr<AlertDesk>> create(AlertDeskOptions options);

  void post(AlertKind kind, std::string text);
  [[nodiscard]] bool configured() const { return !channels_.empty(); }
  /// Takes no more, delivers what is queued for at most `deadline` (and up to a second per channel to give up
  /// after it), and says how it went, in one line without the URL:
  /// "alerts: 3 delivered, 1 failed (webhook: answered HTTP 500)".
  [[nodiscard]] std::string close(std::chrono::milliseconds deadline);

 private:
  struct Channel {
    const char* name;  // "webhook", "command"
    std::unique_ptr<AlertWorker> worker;
  };
  explicit AlertDesk(AlertDeskOptions options) : options_(std::move(options)) {}
  [[nodiscard]] bool repeated(AlertKind kind, const std::string& text);

  AlertDeskOptions options_;
  std::vector<Channel> channels_;
  std::map<std::pair<AlertKind, std::string>, std::chrono::steady_clock::time_point> sent_;
  std::uint64_t posted_ = 0, repeats_ = 0;
};

}  // namespace sentio
