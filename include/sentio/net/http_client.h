#pragma once
/// Blocking HTTP/1.1 to one host over kept-alive connections.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/net/headers.h"

namespace sentio {

struct HttpClientOptions {
  std::string base_url;                              ///< "https://paper-api.alpaca.markets", no path
  HeaderList default_headers;                        ///< sent with every request; may hold secrets
  std::chrono::milliseconds connect_timeout{5'000};  ///< DNS, TCP and TLS together
  std::chrono::milliseconds total_timeout{15'000};   ///< from call to last byte of the reply
  std::string extra_ca_file;  ///< PEM file trusted beside the system's authorities; empty: none
  /// http:// sends keys in the clear: allowed to loopback only, unless this is set.
  bool plain_text_allowed = false;
  bool path_shown = true;  ///< false where the path is itself a secret (webhooks): errors name the host only
  std::size_t body_bytes_max = std::size_t{256} << 20;  ///< longer replies are refused
};

struct HttpRequest {
  std::string method = "GET";
  std::string path = "/";                                  ///< sent as it is: encoded by the caller
  std::vector<std::pair<std::string, std::string>> query;  ///< encoded here; never shown in an error
  HeaderList headers;
  std::optional<std::string> body;  ///< JSON unless `headers` names another Content-Type
  std::optional<std::chrono::milliseconds> total_timeout;
};

struct HttpResponse {
  int status = 0;
  HeaderList headers;  ///< names in lower case
  std::string body;
  bool connection_reused = false;
  /// First value of a header, e.g. "X-Request-ID"; the case of `name` does not matter.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

/// What became of a request. The three classes differ in what the caller may do next:
///   ok         the server answered, with whatever status: `response` is complete
///   not_sent   nothing of the request left this machine (DNS, connect, TLS): sending it again is safe
///   ambiguous  at least a part was handed to the network and no complete reply came: the server may have
///   acted
struct HttpOutcome {
  enum class Kind { ok, not_sent, ambiguous };
  Kind kind = Kind::ok;
  HttpResponse response;             ///< kind ok only
  Error error;                       ///< the two others; never holds headers, query or body
  bool certificate_refused = false;  ///< not_sent because of the certificate: trying again will not help
  /// When the request's first send began; nothing was sent: the epoch.
  std::chrono::steady_clock::time_point sent_at{};
};

/// HTTP client of one host.
///
/// TLS      1.2 or later; chain and host name are always verified, there is no switch.
/// Proxies  none, whatever the environment says (the sockets beside it have none either).
/// Resends  libcurl repeats a request by itself when a kept-alive connection dies before the first byte of
/// the
///          reply. Here only GET and HEAD may; for every other method that becomes `ambiguous`.
/// Redirects are not followed: a 3xx is an `ok` outcome.
/// Threads  request() from one thread at a time; cancel() from any.
class HttpClient {
 public:
  /// Errc::usage: a base URL that does not parse, has a path, or is plain text to a host that is not
  /// loopback.
  [[nodiscard]] static Result<HttpClient> create(HttpClientOptions options);

  [[nodiscard]] HttpOutcome request(const HttpRequest& request);

  /// Ends a request that is under way within about a second, and every later one at once.
  void cancel();

  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio
