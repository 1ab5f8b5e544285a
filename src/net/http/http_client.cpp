#include "sentio/net/http_client.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstring>
#include <fstream>

#include "http/host_names.h"
#include "http/http_failure.h"
#include "http/sigpipe_block.h"
#include "sentio/core/check.h"
#include "sentio/log/log.h"

namespace sentio {
namespace {

constexpr std::size_t kTlsRecordBytes = 8 * 1024;  // headers and body that surely fit one record

struct FreeCurl {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
  void operator()(CURLU* u) const { curl_url_cleanup(u); }
  void operator()(curl_slist* l) const { curl_slist_free_all(l); }
  void operator()(char* s) const { curl_free(s); }
};
using Easy = std::unique_ptr<CURL, FreeCurl>;
using Slist = std::unique_ptr<curl_slist, FreeCurl>;
using CurlText = std::unique_ptr<char, FreeCurl>;

void append(Slist& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  SENTIO_CHECK(longer != nullptr);
  (void)list.release();
  list.reset(longer);
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// A connection's own verification parameters: an extra authority, and the host name checked by OpenSSL
/// itself so that a wrong name is a verify result like the others (libcurl checks it a second time).
struct TlsSetup {
  std::string host;
  std::string extra_ca_file;
};

CURLcode set_up_tls(CURL*, void* ssl_context, void* user) {
  const auto& setup = *static_cast<const TlsSetup*>(user);
  auto* context = static_cast<SSL_CTX*>(ssl_context);
  if (!setup.extra_ca_file.empty() &&
      X509_STORE_load_file(SSL_CTX_get_cert_store(context), setup.extra_ca_file.c_str()) != 1)
    return CURLE_SSL_CACERT_BADFILE;
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context);
  const int ok = net::is_ip_address(setup.host)
                     ? X509_VERIFY_PARAM_set1_ip_asc(parameters, setup.host.c_str())
                     : X509_VERIFY_PARAM_set1_host(parameters, setup.host.c_str(), setup.host.size());
  return ok == 1 ? CURLE_OK : CURLE_SSL_CONNECT_ERROR;
}

/// What the callbacks of one request share.
struct Transfer {
  HttpResponse response;
  std::size_t body_bytes_max = 0;
  bool is_resend_allowed = false;
  int sends = 0;
  std::chrono::steady_clock::time_point sent_at{};
  bool was_resend_refused = false;
  bool is_reply_too_long = false;
  bool is_head_complete = false;
  const std::atomic<bool>* cancelled = nullptr;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.response.body.size() + size > transfer.body_bytes_max) {
    transfer.is_reply_too_long = true;
    return 0;
  }
  transfer.response.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& headers = transfer.response.headers;
  const std::string_view line{data, size};
  if (line.substr(0, 5) == "HTTP/") {
    headers.clear();  // the headers of a "100 Continue" or of a first, repeated try
    transfer.is_head_complete = false;
  } else if (transfer.is_head_complete) {
    return size;  // a trailer, after the body: nothing that we need
  } else if (trimmed(line).empty()) {
    transfer.is_head_complete = true;
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    headers.emplace_back(lower(line.substr(0, colon)), std::string{trimmed(line.substr(colon + 1))});
  }
  return size;
}

/// Called right before each send of the request, also before one that libcurl decided upon by itself.
int before_send(void* user, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.sends == 0) transfer.sent_at = std::chrono::steady_clock::now();
  if (transfer.sends++ == 0 || transfer.is_resend_allowed) return CURL_PREREQFUNC_OK;
  transfer.was_resend_refused = true;
  return CURL_PREREQFUNC_ABORT;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(user)->cancelled->load() ? 1 : 0;
}

}  // namespace

struct HttpClient::Impl {
  HttpClientOptions options;
  TlsSetup tls;
  Easy easy;
  std::atomic<bool> cancelled{false};

  std::string url(const HttpRequest& request) const;
  Slist headers(const HttpRequest& request) const;
  void set_connection_options(Transfer& transfer, std::chrono::milliseconds total_timeout);
  void set_request_options(const HttpRequest& request);
  HttpOutcome perform(const HttpRequest& request);
  [[nodiscard]] std::string where(const HttpRequest& request) const;
  void tell(const HttpRequest& request, const HttpOutcome& outcome, std::chrono::nanoseconds took) const;
  HttpOutcome failure(CURLcode code, const HttpRequest& request, const Transfer& transfer,
                      std::chrono::milliseconds total_timeout);
};

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
  const std::string wanted = lower(name);
  for (const auto& [key, value] : headers)
    if (key == wanted) return value;
  return std::nullopt;
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
void HttpClient::cancel() {
  impl_->cancelled = true;
}

Result<HttpClient> HttpClient::create(HttpClientOptions options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  SENTIO_CHECK(ready == CURLE_OK);

  while (!options.base_url.empty() && options.base_url.back() == '/') options.base_url.pop_back();
  const std::unique_ptr<CURLU, FreeCurl> parsed{curl_url()};
  const auto part = [&](CURLUPart which) {
    char* value = nullptr;
    return curl_url_get(parsed.get(), which, &value, 0) == CURLUE_OK ? CurlText{value} : CurlText{};
  };
  // The text of a base URL is not shown: a webhook's may be pasted here whole, secret included.
  if (curl_url_set(parsed.get(), CURLUPART_URL, options.base_url.c_str(), 0) != CURLUE_OK)
    return fail(Errc::usage, "base URL", "is not of the form https://host[:port]");
  const CurlText scheme = part(CURLUPART_SCHEME), host = part(CURLUPART_HOST), path = part(CURLUPART_PATH);
  const bool is_tls = scheme && std::strcmp(scheme.get(), "https") == 0;
  if (!host || !(is_tls || (scheme && std::strcmp(scheme.get(), "http") == 0)) ||
      (path && std::strcmp(path.get(), "/") != 0) || part(CURLUPART_QUERY) || part(CURLUPART_USER))
    return fail(Errc::usage, "base URL", "is not of the form https://host[:port]");
  if (!is_tls && !options.plain_text_allowed && !net::is_loopback(host.get()))
    return fail(Errc::usage, host.get(), "http:// would send the keys in the clear; use https://");
  if (!net::are_sendable(options.default_headers))
    return fail(Errc::usage, host.get(), "a default header is empty or holds a line break");
  if (!options.extra_ca_file.empty() && !std::ifstream(options.extra_ca_file).good())
    return fail(Errc::io, options.extra_ca_file, "cannot be read");

  auto impl = std::make_unique<Impl>();
  std::string plain_host = host.get();
  if (plain_host.front() == '[') plain_host = plain_host.substr(1, plain_host.size() - 2);
  impl->tls = TlsSetup{plain_host, options.extra_ca_file};
  impl->options = std::move(options);
  impl->easy.reset(curl_easy_init());
  SENTIO_CHECK(impl->easy != nullptr);
  return HttpClient(std::move(impl));
}

std::string HttpClient::Impl::url(const HttpRequest& request) const {
  std::string out = options.base_url + request.path;
  char separator = request.path.find('?') == std::string::npos ? '?' : '&';
  const auto encoded = [&](const std::string& text) {
    if (text.empty()) return std::string{};  // length 0 would mean strlen
    const CurlText escaped{curl_easy_escape(easy.get(), text.data(), static_cast<int>(text.size()))};
    return std::string{escaped.get()};
  };
  for (const auto& [key, value] : request.query) {
    out += separator + encoded(key) + "=" + encoded(value);
    separator = '&';
  }
  return out;
}

Slist HttpClient::Impl::headers(const HttpRequest& request) const {
  Slist list;
  bool has_content_type = false;
  for (const HeaderList* part : {&options.default_headers, &request.headers}) {
    for (const auto& [key, value] : *part) {
      has_content_type = has_content_type || lower(key) == "content-type";
      append(list, value.empty() ? key + ";" : key + ": " + value);  // "Name;" is libcurl for an empty value
    }
  }
  if (request.body && !has_content_type) append(list, "Content-Type: application/json");
  append(list, "Expect:");  // no 100-continue round trip
  return list;
}

void HttpClient::Impl::set_connection_options(Transfer& transfer, std::chrono::milliseconds total_timeout) {
  CURL* c = easy.get();
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  // One request at a time on a connection: what was sent is then plain to see.
  curl_easy_setopt(c, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(total_timeout.count()));
  // Servers and balancers drop idle connections after a minute or more: do not race them.
  curl_easy_setopt(c, CURLOPT_MAXAGE_CONN, 50L);
  curl_easy_setopt(c, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, set_up_tls);
  curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, &tls);
  curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, before_send);
  curl_easy_setopt(c, CURLOPT_PREREQDATA, &transfer);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(c, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(c, CURLOPT_XFERINFODATA, &transfer);
}

void HttpClient::Impl::set_request_options(const HttpRequest& request) {
  CURL* c = easy.get();
  curl_easy_setopt(c, CURLOPT_URL, url(request).c_str());
  curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(c, CURLOPT_USERAGENT, "sentio");
  curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
  if (request.body || request.method == "POST") {
    static const std::string kEmpty;
    const std::string& body = request.body ? *request.body : kEmpty;
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.c_str());  // the request outlives the transfer
  } else if (request.method == "HEAD") {
    curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
  }
  curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

/// Host and path: a query may hold keys, and some paths are secrets.
std::string HttpClient::Impl::where(const HttpRequest& request) const {
  return options.path_shown ? tls.host + request.path.substr(0, request.path.find('?')) : tls.host;
}

void HttpClient::Impl::tell(const HttpRequest& request, const HttpOutcome& outcome, std::chrono::nanoseconds took) const {
  if (outcome.kind == HttpOutcome::Kind::ok) {
    const int status = outcome.response.status;
    // "Not found" is how a broker says "not yet".
    const LogLevel level = status < 400                                         ? LogLevel::trace
                           : status >= 500 || status == 429 || status == 401 || status == 403 ? LogLevel::warn
                                                                                : LogLevel::info;
    if (!log_enabled(level)) return;
    return log_line(level, "http_answer", {{"method", request.method}, {"url", where(request)}, {"status", status}, {"ms", took}});
  }
  log_line(cancelled ? LogLevel::debug : LogLevel::warn, "http_failed",
           {{"method", request.method}, {"url", where(request)}, {"ms", took}, {"error", outcome.error.detail},
            {"may_have_acted", outcome.kind == HttpOutcome::Kind::ambiguous ? "yes" : "no"}});
}

HttpOutcome HttpClient::Impl::failure(CURLcode code, const HttpRequest& request, const Transfer& transfer,
                                      std::chrono::milliseconds total_timeout) {
  net::FailedTransfer failed;
  failed.code = code;
  curl_easy_getinfo(easy.get(), CURLINFO_SSL_VERIFYRESULT, &failed.verify_result);
  curl_easy_getinfo(easy.get(), CURLINFO_REQUEST_SIZE, &failed.bytes_sent);
  failed.is_long = transfer.sends > 0 && request.body && request.body->size() > kTlsRecordBytes;
  failed.was_sent_before = transfer.was_resend_refused;
  failed.is_cancelled = cancelled;
  failed.is_reply_too_long = transfer.is_reply_too_long;
  failed.connect_timeout = options.connect_timeout;
  failed.total_timeout = total_timeout;
  failed.host = tls.host;
  failed.where = request.method + " " + where(request);
  return net::failed_outcome(failed);
}

HttpOutcome HttpClient::request(const HttpRequest& request) {
  const auto began = std::chrono::steady_clock::now();
  HttpOutcome outcome = impl_->perform(request);
  impl_->tell(request, outcome, std::chrono::steady_clock::now() - began);
  return outcome;
}

HttpOutcome HttpClient::Impl::perform(const HttpRequest& request) {
  SENTIO_CHECK(!request.method.empty());
  SENTIO_CHECK(!request.path.empty() && request.path.front() == '/');
  SENTIO_CHECK(net::are_sendable(request.headers));
  const auto total_timeout = request.total_timeout.value_or(options.total_timeout);
  SENTIO_CHECK(total_timeout.count() > 0);  // 0 would mean "no limit" to libcurl

  Transfer transfer;
  transfer.body_bytes_max = options.body_bytes_max;
  transfer.is_resend_allowed = request.method == "GET" || request.method == "HEAD";
  transfer.cancelled = &cancelled;
  CURL* c = easy.get();
  curl_easy_reset(c);  // options only: connections, DNS answers and TLS sessions stay
  set_connection_options(transfer, total_timeout);
  set_request_options(request);
  const Slist list = headers(request);
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, list.get());

  const net::SigpipeBlock no_sigpipe;
  CURLcode code = curl_easy_perform(c);
  // libcurl calls it a success when the connection ends in the middle of the head.
  if (code == CURLE_OK && !transfer.is_head_complete) code = CURLE_PARTIAL_FILE;
  if (code != CURLE_OK) {
    HttpOutcome failed = failure(code, request, transfer, total_timeout);
    failed.sent_at = transfer.sent_at;
    return failed;
  }

  long status = 0, connects = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(c, CURLINFO_NUM_CONNECTS, &connects);
  HttpOutcome outcome;
  outcome.sent_at = transfer.sent_at;
  outcome.response = std::move(transfer.response);
  outcome.response.status = static_cast<int>(status);
  outcome.response.connection_reused = connects == 0;
  return outcome;
}

}  // namespace sentio
