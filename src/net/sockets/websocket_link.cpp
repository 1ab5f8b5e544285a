#include "sockets/websocket_link.h"

#include <openssl/ssl.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_client.hpp>
#include <websocketpp/config/asio_no_tls_client.hpp>

#include "http/host_names.h"
#include "sentio/log/log.h"
#include "http/tls_trouble.h"

namespace sentio::net {
namespace {

namespace asio = boost::asio;
using PlainConfig = websocketpp::config::asio_client;
using TlsConfig = websocketpp::config::asio_tls_client;
using TlsContext = std::shared_ptr<asio::ssl::context>;

void tell_end(const std::string& url, const WsEvent& last, bool asked_for) {
  if (const auto* closed = std::get_if<WsClosed>(&last)) {
    log_line(asked_for ? LogLevel::info : LogLevel::warn, "socket_closed",
             {{"url", url}, {"code", closed->code}, {"reason", closed->reason}, {"by", asked_for ? "us" : "server"}});
  } else if (const auto* failed = std::get_if<WsFailed>(&last)) {
    log_line(LogLevel::warn, "socket_failed",
             {{"url", url}, {"was_open", failed->was_open ? "yes" : "no"}, {"status", failed->http_status},
              {"error", failed->error.detail}});
  }
}

std::string plain_host(const std::string& host) {
  return !host.empty() && host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

websocketpp::lib::error_code tls_error(websocketpp::transport::asio::socket::error::value value) {
  return websocketpp::transport::asio::socket::make_error_code(value);
}

Result<TlsContext> make_tls_context(const std::string& extra_ca_file) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (!error) context->set_default_verify_paths(error);
  if (error) return fail(Errc::io, "trusted authorities", error.message());
  if (!extra_ca_file.empty()) context->load_verify_file(extra_ca_file, error);
  if (error) return fail(Errc::io, extra_ca_file, "cannot be read as PEM certificates");
  return context;
}

/// Everything below the constructor and above the destructor runs on the network thread, unless it says
/// otherwise.
template <class Config>
class Link final : public WsLink {
 public:
  Link(const WsOptions& options, WsInbox& inbox, std::string host, TlsContext tls)
      : options_(options),
        inbox_(inbox),
        host_(std::move(host)),
        tls_(std::move(tls)),
        open_timer_(io_),
        ping_timer_(io_),
        pong_timer_(io_) {}

  ~Link() override {  // the consumer's thread
    io_.stop();
    if (!thread_.joinable()) return;
    thread_.join();
    if (!is_finished_) log_line(LogLevel::info, "socket_dropped", {{"url", shown_}, {"by", "us"}});
  }

  /// The consumer's thread, once.
  Result<> start(const websocketpp::uri_ptr& uri, const HeaderList& headers);

  Result<> send(std::string text) override {  // the consumer's thread
    if (!is_open_) return fail(Errc::network, host_, "the connection is not open");
    asio::post(io_, [this, data = std::move(text)] {
      // A refused send means that the state has changed: its own event follows.
      (void)connection_->send(data, websocketpp::frame::opcode::text);
    });
    return {};
  }

  void close(std::uint16_t code, std::string reason) override {  // the consumer's thread
    asio::post(io_, [this, code, text = std::move(reason)] { start_close(code, text); });
  }

  void resume() override {  // the consumer's thread
    asio::post(io_, [this] {
      if (!inbox_.is_blocked()) resume_reading();
    });
  }

 private:
  using Client = websocketpp::client<Config>;
  using ConnectionPtr = typename Client::connection_ptr;

  void set_up_tls();
  void set_handlers();
  void run();
  void on_open();
  void on_message(const typename Client::message_ptr& message);
  void on_fail();
  void on_close();
  void start_close(std::uint16_t code, const std::string& reason);
  void resume_reading();
  void schedule_ping();
  void expect_pong();
  void heard() {
    is_pong_due_ = false;
    pong_timer_.cancel();
  }
  void finish(WsEvent last);
  void finish_failed(Errc code, std::string detail, int http_status = 0, std::string retry_after = {});

  const WsOptions& options_;
  WsInbox& inbox_;
  const std::string host_;
  std::string shown_;  // in the log: a query may hold keys
  const TlsContext tls_;
  asio::io_context io_;
  Client client_;
  ConnectionPtr connection_;
  asio::steady_timer open_timer_, ping_timer_, pong_timer_;
  std::atomic<bool> is_open_{false};
  bool was_open_ = false;
  bool is_finished_ = false;
  bool is_closing_ = false;  // close() was called
  bool is_reading_stopped_ = false;
  bool was_reading_stopped_ = false;  // since the last ping
  bool is_pong_due_ = false;
  std::thread thread_;
};

template <class Config>
Result<> Link<Config>::start(const websocketpp::uri_ptr& uri, const HeaderList& headers) {
  websocketpp::lib::error_code error;
  client_.clear_access_channels(websocketpp::log::alevel::all);
  client_.clear_error_channels(websocketpp::log::elevel::all);
  client_.init_asio(&io_, error);
  if (error) return fail(Errc::internal, host_, error.message());
  client_.set_user_agent("sentio");
  client_.set_max_message_size(options_.message_bytes_max);
  set_up_tls();
  connection_ = client_.get_connection(uri, error);
  if (error) return fail(Errc::usage, host_, error.message());
  const std::string resource = uri->get_resource();
  shown_ = uri->get_scheme() + "://" + uri->get_host_port() + resource.substr(0, resource.find('?'));
  for (const auto& [key, value] : headers) connection_->append_header(key, value);
  connection_->set_close_handshake_timeout(static_cast<long>(options_.close_timeout.count()));
  set_handlers();
  open_timer_.expires_after(options_.open_timeout);
  open_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !was_open_)
      finish_failed(Errc::timed_out,
                    "no connection within " + std::to_string(options_.open_timeout.count()) + " ms");
  });
  client_.connect(connection_);
  thread_ = std::thread([this] { run(); });
  return {};
}

template <class Config>
void Link<Config>::set_up_tls() {
  if constexpr (std::is_same_v<Config, TlsConfig>) {
    client_.set_tls_init_handler([this](const websocketpp::connection_hdl&) { return tls_; });
    client_.set_socket_init_handler([this](const websocketpp::connection_hdl&, auto& stream) {
      X509_VERIFY_PARAM* parameters = SSL_get0_param(stream.native_handle());
      const int ok = is_ip_address(host_)
                         ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host_.c_str())
                         : X509_VERIFY_PARAM_set1_host(parameters, host_.c_str(), host_.size());
      // Without a name to check every certificate would do: make sure that none does.
      if (ok != 1)
        SSL_set_verify(stream.native_handle(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 0; });
    });
  }
}

template <class Config>
void Link<Config>::set_handlers() {
  connection_->set_open_handler([this](const websocketpp::connection_hdl&) { on_open(); });
  connection_->set_fail_handler([this](const websocketpp::connection_hdl&) { on_fail(); });
  connection_->set_close_handler([this](const websocketpp::connection_hdl&) { on_close(); });
  connection_->set_pong_handler([this](const websocketpp::connection_hdl&, const std::string&) { heard(); });
  connection_->set_message_handler(
      [this](const websocketpp::connection_hdl&, const typename Client::message_ptr& m) { on_message(m); });
}

template <class Config>
void Link<Config>::run() {
  const LogThread name("socket");
  try {
    io_.run();
  } catch (const std::exception& e) {
    finish_failed(Errc::network, std::string{"the WebSocket library gave up: "} + e.what());
  }
}

template <class Config>
void Link<Config>::on_open() {
  was_open_ = true;
  is_open_ = true;
  log_line(LogLevel::info, "socket_open", {{"url", shown_}});
  open_timer_.cancel();
  inbox_.push(WsOpened{});
  schedule_ping();
}

template <class Config>
void Link<Config>::on_message(const typename Client::message_ptr& message) {
  heard();
  if (is_closing_) return;
  const bool is_binary = message->get_opcode() == websocketpp::frame::opcode::binary;
  if (inbox_.push(WsMessage{is_binary, std::move(message->get_raw_payload())})) return;
  // Directly and not by pause_reading(): that one is posted, the read loop would start one more read, and a
  // resume before it completes would start a second one into the same buffer.
  connection_->handle_pause_reading();
  is_reading_stopped_ = true;
  was_reading_stopped_ = true;
}

template <class Config>
void Link<Config>::resume_reading() {
  if (!is_reading_stopped_ || is_finished_) return;
  is_reading_stopped_ = false;
  connection_->handle_resume_reading();
}

template <class Config>
void Link<Config>::schedule_ping() {
  ping_timer_.expires_after(options_.ping_interval);
  ping_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || is_finished_ || is_closing_) return;
    websocketpp::lib::error_code error;
    connection_->ping("", error);
    if (!error) inbox_.count_ping();
    if (!is_pong_due_) expect_pong();
    schedule_ping();
  });
}

template <class Config>
void Link<Config>::expect_pong() {
  is_pong_due_ = true;
  was_reading_stopped_ = is_reading_stopped_;
  pong_timer_.expires_after(options_.pong_timeout);
  pong_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || !is_pong_due_ || is_finished_) return;
    if (was_reading_stopped_) return expect_pong();  // the pong may wait behind what we have not read
    finish_failed(Errc::timed_out, "no sign of life for " + std::to_string(options_.pong_timeout.count()) +
                                       " ms after a ping");
  });
}

template <class Config>
void Link<Config>::start_close(std::uint16_t code, const std::string& reason) {
  if (is_finished_ || is_closing_) return;
  is_closing_ = true;
  is_open_ = false;
  heard();
  if (!was_open_) return finish(WsClosed{1006, "closed before it was open"});
  websocketpp::lib::error_code error;
  connection_->close(code, reason, error);
  if (error) return finish(WsClosed{1006, error.message()});
  resume_reading();  // or the server's answer is never read
}

template <class Config>
void Link<Config>::on_close() {
  const std::uint16_t code = connection_->get_remote_close_code();
  const bool has_close_frame = code != websocketpp::close::status::abnormal_close;
  if (has_close_frame) return finish(WsClosed{code, connection_->get_remote_close_reason()});
  if (is_closing_) return finish(WsClosed{1006, "no answer to the close frame"});
  const auto error = connection_->get_ec();
  finish_failed(Errc::network, error == websocketpp::transport::error::eof ||
                                       error == websocketpp::transport::error::pass_through ||
                                       error == websocketpp::transport::error::tls_short_read
                                   ? "the connection dropped"
                                   : "the connection broke: " + error.message());
}

template <class Config>
void Link<Config>::on_fail() {
  const auto error = connection_->get_ec();
  if constexpr (std::is_same_v<Config, TlsConfig>) {
    SSL* ssl = connection_->get_socket().native_handle();
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) return finish_failed(Errc::network, certificate_trouble(verdict, host_));
    if (error == tls_error(websocketpp::transport::asio::socket::error::tls_handshake_failed))
      return finish_failed(Errc::network, "TLS handshake with " + host_ + " failed");
  }
  const int status = static_cast<int>(connection_->get_response_code());
  if (status >= 100 && status != 101) {
    const Errc code = status == 401 || status == 403  ? Errc::unauthorized
                      : status >= 400 && status < 500 ? Errc::rejected
                                                      : Errc::network;
    return finish_failed(code, "the server refused the WebSocket with HTTP " + std::to_string(status), status,
                         connection_->get_response_header("Retry-After"));
  }
  if (error == websocketpp::transport::error::timeout ||
      error == websocketpp::error::open_handshake_timeout ||
      error == tls_error(websocketpp::transport::asio::socket::error::tls_handshake_timeout))
    return finish_failed(Errc::timed_out, "no connection in time");
  // pass_through stands for every error of the operating system and of DNS: websocketpp drops which.
  finish_failed(Errc::network, error == websocketpp::transport::error::pass_through
                                   ? "the name does not resolve, or the host cannot be reached or refuses"
                                   : "no connection: " + error.message());
}

template <class Config>
void Link<Config>::finish_failed(Errc code, std::string detail, int http_status, std::string retry_after) {
  finish(WsFailed{Error{code, host_, std::move(detail)}, http_status, std::move(retry_after), was_open_});
}

/// Whatever the library still does with this connection, nobody hears of it: the socket is closed, the loop
/// ends.
template <class Config>
void Link<Config>::finish(WsEvent last) {
  if (is_finished_) return;
  is_finished_ = true;
  is_open_ = false;
  tell_end(shown_, last, is_closing_);
  boost::system::error_code ignored;
  connection_->get_raw_socket().close(ignored);
  io_.stop();
  inbox_.push(std::move(last));
}

template <class Config>
Result<std::unique_ptr<WsLink>> started(const websocketpp::uri_ptr& uri, const HeaderList& headers,
                                        const WsOptions& options, WsInbox& inbox, std::string host,
                                        TlsContext tls) {
  auto link = std::make_unique<Link<Config>>(options, inbox, std::move(host), std::move(tls));
  if (auto ok = link->start(uri, headers); !ok) return tl::unexpected(std::move(ok).error());
  return std::unique_ptr<WsLink>(std::move(link));
}

}  // namespace

Result<std::unique_ptr<WsLink>> make_link(std::string_view url, const HeaderList& headers,
                                          const WsOptions& options, WsInbox& inbox) {
  const auto uri = websocketpp::lib::make_shared<websocketpp::uri>(std::string{url});
  if (!uri->get_valid() || uri->get_host().empty() ||
      (uri->get_scheme() != "ws" && uri->get_scheme() != "wss"))
    return fail(Errc::usage, "WebSocket URL", "is not of the form wss://host[:port]/path");
  std::string host = plain_host(uri->get_host());
  if (!are_sendable(headers)) return fail(Errc::usage, host, "a header is empty or holds a line break");
  if (!uri->get_secure()) {
    if (!options.plain_text_allowed && !is_loopback(host))
      return fail(Errc::usage, host, "ws:// would send the keys in the clear; use wss://");
    return started<PlainConfig>(uri, headers, options, inbox, std::move(host), nullptr);
  }
  auto tls = make_tls_context(options.extra_ca_file);
  if (!tls) return tl::unexpected(std::move(tls).error());
  return started<TlsConfig>(uri, headers, options, inbox, std::move(host), *std::move(tls));
}

}  // namespace sentio::net
