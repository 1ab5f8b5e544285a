#include "server/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/ssl.hpp>
#include <future>
#include <thread>

#include "sentio/log/log.h"
#include "server/web_socket_peer.h"

namespace sentio::exchange {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::use_awaitable;
using tcp = asio::ip::tcp;
using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;

namespace {

HttpRequest to_request(const http::request<http::string_body>& wire, bool secure) {
  HttpRequest request;
  request.method = std::string(wire.method_string());
  request.secure = secure;
  parse_target({wire.target().data(), wire.target().size()}, request);
  for (const auto& field : wire) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request.headers[name] = std::string(field.value());
  }
  request.body = wire.body();
  return request;
}

http::response<http::string_body> to_response(const HttpReply& reply, unsigned version, bool keep_alive) {
  http::response<http::string_body> wire(static_cast<http::status>(reply.status), version);
  for (const auto& [name, value] : reply.headers) wire.set(name, value);
  if (!reply.body.empty()) wire.set(http::field::content_type, reply.content_type);
  wire.keep_alive(keep_alive);
  wire.body() = reply.body;
  wire.prepare_payload();
  return wire;
}

}  // namespace

struct NetworkLoop::Impl {
  LoopOptions options;
  Service service;
  int connections = 0;
  // The context goes first on destruction: it holds the coroutines, which use the service.
  std::optional<asio::ssl::context> tls;
  std::unique_ptr<asio::io_context> context;
  std::unique_ptr<tcp::acceptor> acceptor;
  std::unique_ptr<asio::steady_timer> timer;
  std::thread thread;

  Impl(LoopOptions o, Service s) : options(std::move(o)), service(std::move(s)) {}

  template <class Stream>
  asio::awaitable<void> serve_socket(Stream stream, http::request<http::string_body> wire,
                                     HttpRequest request) {
    auto peer = std::make_shared<WebSocketPeer<Stream>>(std::move(stream));
    const auto session = service.socket(request, *peer);
    log_line(LogLevel::debug, "socket_taken", {{"path", request.path}});
    try {
      co_await peer->accept(wire);
      co_await peer->run(*session);
    } catch (const boost::system::system_error& error) {
      // The other side left, or the exchange cut it off: both are daily business.
      if (error.code() == beast::websocket::error::closed) session->said_goodbye();
    } catch (const std::exception&) {
      // Nothing more can be said on this socket.
    }
    log_line(LogLevel::debug, "socket_ended", {{"path", request.path}});
    peer->detach();
  }

  /// The body in two chunks, then a header.
  template <class Stream>
  static asio::awaitable<void> write_with_trailer(Stream& stream, const HttpReply& reply, unsigned version) {
    http::response<http::empty_body> head(static_cast<http::status>(reply.status), version);
    for (const auto& [name, value] : reply.headers) head.set(name, value);
    head.set(http::field::content_type, reply.content_type);
    head.set(http::field::trailer, "X-Checked");
    head.keep_alive(true);
    head.chunked(true);
    http::response_serializer<http::empty_body> serializer(head);
    co_await http::async_write_header(stream, serializer, use_awaitable);
    const std::size_t half = reply.body.size() / 2;
    for (const std::string_view part :
         {std::string_view(reply.body).substr(0, half), std::string_view(reply.body).substr(half)}) {
      if (part.empty()) continue;
      co_await asio::async_write(stream, http::make_chunk(asio::buffer(part)), use_awaitable);
    }
    http::fields trailer;
    trailer.set("X-Checked", "1");
    co_await asio::async_write(stream, http::make_chunk_last(trailer), use_awaitable);
  }

  template <class Stream>
  asio::awaitable<void> serve(Stream stream, bool secure) {
    beast::flat_buffer buffer;
    while (true) {
      http::request<http::string_body> wire;
      co_await http::async_read(stream, buffer, wire, use_awaitable);
      HttpRequest request = to_request(wire, secure);
      if (request.path == "/stream/") request.path = "/stream";  // as older SDKs write it
      if (beast::websocket::is_upgrade(wire) && knows(request.path)) {
        if (const auto refused = service.refuse(request)) {
          co_await http::async_write(stream, to_response(*refused, wire.version(), false), use_awaitable);
          co_return;
        }
        co_await serve_socket(std::move(stream), std::move(wire), request);
        co_return;
      }
      const HttpReply reply = service.http(request);
      log_line(LogLevel::trace, "request_served", {{"method", request.method}, {"path", request.path}, {"status", reply.status}});
      wake();
      if (reply.delay.count() > 0) {
        asio::steady_timer pause(stream.get_executor(), reply.delay);
        co_await pause.async_wait(use_awaitable);
      }
      if (reply.hangs) {
        co_await http::async_read(stream, buffer, wire, use_awaitable);  // throws when the client gives up
        co_return;
      }
      if (reply.cut) co_return;
      if (reply.trailers && !reply.body.empty()) {
        co_await write_with_trailer(stream, reply, wire.version());
        continue;
      }
      const auto response = to_response(reply, wire.version(), wire.keep_alive());
      co_await http::async_write(stream, response, use_awaitable);
      if (!response.keep_alive()) co_return;
    }
  }

  [[nodiscard]] static bool knows(const std::string& path) {
    for (const char* known : {"/stream", "/v2/iex", "/v2/sip", "/v2/delayed_sip", "/v2/test", "/stocks",
                              "/polygon/stocks", "/control"}) {
      if (path == known) return true;
    }
    return false;
  }

  asio::awaitable<void> serve_connection(tcp::socket socket) {
    ++connections;
    try {
      socket.set_option(tcp::no_delay(true));
      if (tls) {
        Secure stream(Plain(std::move(socket)), *tls);
        co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
        co_await serve(std::move(stream), true);
      } else {
        co_await serve(Plain(std::move(socket)), false);
      }
    } catch (const std::exception&) {
      // Ended by the other side.
    }
    --connections;
  }

  asio::awaitable<void> accept_all() {
    while (true) {
      tcp::socket socket(*context);
      boost::system::error_code error;
      co_await acceptor->async_accept(socket, asio::redirect_error(use_awaitable, error));
      if (error) {  // out of descriptors, for example: wait until some are free again
        asio::steady_timer pause(*context, std::chrono::milliseconds{50});
        co_await pause.async_wait(use_awaitable);
        continue;
      }
      if (connections >= options.connections_max) {
        log_line(LogLevel::warn, "connection_refused", {{"open", connections}});
        continue;
      }
      asio::co_spawn(*context, serve_connection(std::move(socket)), asio::detached);
    }
  }

  /// Lets the service do what is due and sleeps until it wants to be called again.
  void wake() {
    const auto next = service.tick();
    if (!next) return;
    timer->expires_at(*next);
    timer->async_wait([this](boost::system::error_code error) {
      if (!error) wake();
    });
  }
};

NetworkLoop::NetworkLoop(LoopOptions options, Service service)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(service))) {}

NetworkLoop::~NetworkLoop() {
  stop();
}

Result<int> NetworkLoop::start() {
  Impl& impl = *impl_;
  try {
    impl.context = std::make_unique<asio::io_context>(1);
    if (!impl.options.certificate_file.empty()) {
      impl.tls.emplace(asio::ssl::context::tls_server);
      impl.tls->use_certificate_chain_file(impl.options.certificate_file);
      impl.tls->use_private_key_file(impl.options.key_file, asio::ssl::context::pem);
    }
    const auto port = static_cast<std::uint16_t>(impl.options.port);
    impl.acceptor =
        std::make_unique<tcp::acceptor>(*impl.context, tcp::endpoint(asio::ip::address_v4::loopback(), port));
    impl.timer = std::make_unique<asio::steady_timer>(*impl.context);
  } catch (const boost::system::system_error& error) {
    return fail(Errc::io, "127.0.0.1:" + std::to_string(impl.options.port), error.what());
  }
  asio::co_spawn(*impl.context, impl.accept_all(), asio::detached);
  asio::post(*impl.context, [&impl] { impl.wake(); });
  const int port = impl.acceptor->local_endpoint().port();
  impl.thread = std::thread([&impl] {
    const LogThread name("exchange");
    impl.context->run();
  });
  return port;
}

bool NetworkLoop::stop() {
  Impl& impl = *impl_;
  if (!impl.thread.joinable()) return false;
  impl.context->stop();
  impl.thread.join();
  impl.timer.reset();
  impl.acceptor.reset();
  impl.context.reset();
  return true;
}

bool NetworkLoop::run_on_loop(const std::function<void()>& action) {
  Impl& impl = *impl_;
  if (!impl.thread.joinable()) return false;
  std::promise<void> done;
  auto finished = done.get_future();
  asio::post(*impl.context, [&] {
    action();
    impl.wake();
    done.set_value();
  });
  finished.wait();
  return true;
}

}  // namespace sentio::exchange
