#include "sentio/live/alert_desk.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ranges>

#include "sentio/net/alert_command.h"
#include "sentio/net/webhook.h"

namespace sentio {

namespace {

constexpr std::chrono::seconds kRepeatMin{60};

std::string outcome(const AlertCounts& counts, std::string why) {
  std::string text = std::to_string(counts.delivered) + " delivered";
  if (counts.failed > 0) {
    // One line, whatever a server or a program called itself.
    std::ranges::replace_if(
        why, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    text += ", " + std::to_string(counts.failed) + " failed (" + why + ")";
  }
  if (counts.dropped > 0) text += ", " + std::to_string(counts.dropped) + " dropped";
  return text;
}

/// By the search of posix_spawnp(): a name with a slash as it stands, another in the folders of PATH.
bool can_be_run(const std::string& program) {
  const auto runs = [](const std::string& file) { return ::access(file.c_str(), X_OK) == 0; };
  if (program.find('/') != std::string::npos) return runs(program);
  const char* set = std::getenv("PATH");
  const std::string path = set != nullptr ? set : "/bin:/usr/bin";
  return std::ranges::any_of(std::views::split(path, ':'), [&](const auto& folder) {
    return runs(std::string(folder.begin(), folder.end()) + "/" + program);
  });
}

}  // namespace

AlertLevel level_of(AlertKind kind) {
  switch (kind) {
    case AlertKind::start:
    case AlertKind::stop:
      return AlertLevel::info;
    case AlertKind::feed_mute:
    case AlertKind::trouble:
      return AlertLevel::warning;
    case AlertKind::halt:
    case AlertKind::not_flat:
    case AlertKind::reconciliation:
    case AlertKind::breaker:
      return AlertLevel::critical;
  }
  return AlertLevel::critical;
}

std::string_view title_of(AlertKind kind) {
  switch (kind) {
    case AlertKind::start:
      return "started";
    case AlertKind::stop:
      return "stopped";
    case AlertKind::halt:
      return "TRADING HALTED";
    case AlertKind::not_flat:
      return "NOT FLAT";
    case AlertKind::reconciliation:
      return "BOOKS DISAGREE";
    case AlertKind::feed_mute:
      return "no market data";
    case AlertKind::breaker:
      return "CIRCUIT BREAKER";
    case AlertKind::trouble:
      return "trouble";
  }
  return "trouble";
}

Result<std::unique_ptr<AlertDesk>> AlertDesk::create(AlertDeskOptions options) {
  if (!options.now) options.now = [] { return std::chrono::steady_clock::now(); };
  std::unique_ptr<AlertDesk> desk(new AlertDesk(std::move(options)));
  const AlertDeskOptions& o = desk->options_;
  const auto add = [&](const char* name, std::unique_ptr<AlertChannel> channel) {
    desk->channels_.push_back({name, std::make_unique<AlertWorker>(std::move(channel))});
  };
  if (!o.url.empty()) {
    auto webhook = make_webhook({o.url, webhook_shape(o.url), o.timeout, o.extra_ca_file});
    if (!webhook) return tl::unexpected(std::move(webhook).error());
    add("webhook", *std::move(webhook));
  }
  if (!o.command.empty()) {
    auto words = split_command(o.command);
    if (!words) return tl::unexpected(std::move(words).error());
    if (!can_be_run(words->front())) {
      return fail(Errc::usage, "alert command", words->front() + " is not there, or is no program that can be run");
    }
    auto command = make_alert_command(*std::move(words), o.timeout);
    if (!command) return tl::unexpected(std::move(command).error());
    add("command", *std::move(command));
  }
  return desk;
}

bool AlertDesk::repeated(AlertKind kind, const std::string& text) {
  const auto now = options_.now();
  // Also keeps the memory of a day with thousands of different texts small.
  std::erase_if(sent_, [&](const auto& entry) { return now - entry.second >= kRepeatMin; });
  return !sent_.try_emplace({kind, text}, now).second;
}

void AlertDesk::post(AlertKind kind, std::string text) {
  if (repeated(kind, text)) {
    ++repeats_;
    return;
  }
  ++posted_;
  std::string title = options_.subject;
  title += (title.empty() ? "" : ": ") + std::string(title_of(kind));
  for (const Channel& c : channels_) (void)c.worker->post({level_of(kind), title, text});
}

std::string AlertDesk::close(std::chrono::milliseconds deadline) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + deadline;
  std::string line = "alerts: ";
  if (channels_.empty())
    line += std::to_string(posted_) + ", sent nowhere (no webhook and no command is set)";
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    AlertWorker& worker = *channels_[i].worker;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    const AlertCounts counts = worker.drain(std::max(left, std::chrono::milliseconds{0}));
    if (i > 0) line += "; ";
    if (channels_.size() > 1) line += std::string(channels_[i].name) + " ";
    line += outcome(counts, worker.error_latest());
  }
  if (repeats_ > 0) line += "; repeats left out: " + std::to_string(repeats_);
  return line;
}

}  // namespace sentio
