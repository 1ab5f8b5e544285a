#pragma once
/// Alerts as a POST of JSON to Slack, Discord or ntfy.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sentio/core/error.h"
#include "sentio/net/alert_worker.h"

namespace sentio {

enum class WebhookShape { slack, discord, ntfy };

/// By host: slack.com, discord.com or discordapp.com and their subdomains; anything else is ntfy.
[[nodiscard]] WebhookShape webhook_shape(std::string_view url);

/// The JSON each service wants. Slack: {"text"}; Discord: {"content", "allowed_mentions"} cut to 2,000
/// characters; ntfy: {"topic", "title", "message", "priority"}. Text is data: it can ping nobody and form no
/// markup links.
[[nodiscard]] std::string webhook_body(WebhookShape shape, const Alert& alert, std::string_view ntfy_topic);

struct WebhookOptions {
  std::string url;  ///< a secret: never shown. ntfy: "https://host/topic"
  WebhookShape shape = WebhookShape::slack;
  std::chrono::milliseconds total_timeout{10'000};
  std::string extra_ca_file;
};

/// Errc::usage: a URL that does not parse, or is plain text to another machine.
[[nodiscard]] Result<std::unique_ptr<AlertChannel>> make_webhook(const WebhookOptions& options);

}  // namespace sentio
