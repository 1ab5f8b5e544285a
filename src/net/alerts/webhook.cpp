#include "sentio/net/webhook.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "sentio/net/http_client.h"

namespace sentio {
namespace {

constexpr std::size_t kDiscordCharactersMax = 2'000;

struct UrlParts {
  std::string base;  // "https://host:port"
  std::string path;  // "/…", at least "/"
};

Result<UrlParts> split_url(const std::string& url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos)
    return fail(Errc::usage, "webhook URL", "is not of the form https://host/path");
  const auto path_begin = url.find('/', scheme_end + 3);
  if (path_begin == std::string::npos) return UrlParts{url, "/"};
  return UrlParts{url.substr(0, path_begin), url.substr(path_begin)};
}

bool is_host_or_below(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

std::string headline(const Alert& alert) {
  std::string out = std::string{"["} + name(alert.level) + "] " + alert.title;
  if (!alert.text.empty()) out += "\n" + alert.text;
  return out;
}

/// Slack reads <…> as links and mentions; its three escapes are these.
std::string slack_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// The first `characters_max` characters of UTF-8 text, whole.
std::string cut(const std::string& text, std::size_t characters_max) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins_character && characters++ == characters_max) return text.substr(0, i);
  }
  return text;
}

int ntfy_priority(AlertLevel level) {
  switch (level) {
    case AlertLevel::info:
      return 3;
    case AlertLevel::warning:
      return 4;
    case AlertLevel::critical:
      return 5;
  }
  return 3;
}

class Webhook final : public AlertChannel {
 public:
  Webhook(HttpClient client, WebhookShape shape, std::string path, std::string topic)
      : client_(std::move(client)), shape_(shape), path_(std::move(path)), topic_(std::move(topic)) {}

  Result<> deliver(const Alert& alert) override {
    HttpRequest request;
    request.method = "POST";
    request.path = path_;
    request.body = webhook_body(shape_, alert, topic_);
    const HttpOutcome outcome = client_.request(request);
    if (outcome.kind != HttpOutcome::Kind::ok) return tl::unexpected(outcome.error);
    if (outcome.response.status / 100 != 2)
      return fail(Errc::rejected, "webhook", "answered HTTP " + std::to_string(outcome.response.status));
    return {};
  }

  void cancel() override { client_.cancel(); }

 private:
  HttpClient client_;
  WebhookShape shape_;
  std::string path_;
  std::string topic_;
};

}  // namespace

WebhookShape webhook_shape(std::string_view url) {
  const auto scheme_end = url.find("://");
  std::string_view host = scheme_end == std::string_view::npos ? url : url.substr(scheme_end + 3);
  host = host.substr(0, host.find_first_of(":/?#"));
  if (is_host_or_below(host, "slack.com")) return WebhookShape::slack;
  if (is_host_or_below(host, "discord.com") || is_host_or_below(host, "discordapp.com"))
    return WebhookShape::discord;
  return WebhookShape::ntfy;
}

std::string webhook_body(WebhookShape shape, const Alert& alert, std::string_view ntfy_topic) {
  nlohmann::json body;
  switch (shape) {
    case WebhookShape::slack:
      body["text"] = slack_escaped(headline(alert));
      break;
    case WebhookShape::discord:
      body["content"] = cut(headline(alert), kDiscordCharactersMax);
      body["allowed_mentions"]["parse"] = nlohmann::json::array();
      break;
    case WebhookShape::ntfy:
      body["topic"] = ntfy_topic;
      body["title"] = alert.title;
      body["message"] = alert.text;
      body["priority"] = ntfy_priority(alert.level);
      break;
  }
  // A broker's text may be anything: bytes that are not UTF-8 become U+FFFD rather than an exception.
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<std::unique_ptr<AlertChannel>> make_webhook(const WebhookOptions& options) {
  auto parts = split_url(options.url);
  if (!parts) return tl::unexpected(std::move(parts).error());
  std::string topic;
  if (options.shape == WebhookShape::ntfy) {  // JSON goes to the root, the topic into the body
    while (!parts->path.empty() && parts->path.back() == '/') parts->path.pop_back();
    const auto slash = parts->path.rfind('/');
    if (slash == std::string::npos)
      return fail(Errc::usage, "webhook URL", "names no ntfy topic (https://host/topic)");
    topic = parts->path.substr(slash + 1);
    parts->path.resize(slash + 1);
  }
  HttpClientOptions http;
  http.base_url = parts->base;
  http.total_timeout = options.total_timeout;
  http.extra_ca_file = options.extra_ca_file;
  http.path_shown = false;
  auto client = HttpClient::create(std::move(http));
  if (!client) return tl::unexpected(std::move(client).error());
  return std::unique_ptr<AlertChannel>(
      std::make_unique<Webhook>(*std::move(client), options.shape, parts->path, topic));
}

}  // namespace sentio
