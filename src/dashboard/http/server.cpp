#include "http/server.h"

#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>

#include "http/request_rules.h"

namespace sentio::dashboard_detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::use_awaitable;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Stream = beast::tcp_stream;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

namespace {

constexpr std::uint32_t kHeaderMax = 8192;
constexpr std::chrono::milliseconds kLookEvery{250}, kAcceptPause{50};

/// Nothing is loaded from elsewhere, sent elsewhere, framed or kept.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

template <class Fields>
void add_common_fields(Fields& fields, const char* type) {
  fields.set(http::field::content_type, type);
  fields.set(http::field::cache_control, "no-store");
  fields.set("Content-Security-Policy", kPolicy);
  fields.set("Cross-Origin-Resource-Policy", "same-origin");
  fields.set("Referrer-Policy", "no-referrer");
  fields.set("X-Content-Type-Options", "nosniff");
}

RequestHead head_of(const Request& wire) {
  RequestHead head;
  head.method = std::string(wire.method_string());
  head.target = std::string(wire.target());
  const auto [begin, end] = wire.equal_range(http::field::host);
  for (auto field = begin; field != end; ++field) head.hosts.emplace_back(field->value());
  head.fetch_site = std::string(wire["Sec-Fetch-Site"]);
  return head;
}

/// Readers send nothing: what can be read is their end.
bool has_left(Stream& stream) {
  char byte = 0;
  const auto n = ::recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  Board board;
  int connections = 0;
  // The context goes first on destruction: it holds the coroutines, which use the rest.
  asio::io_context context{1};
  tcp::acceptor acceptor{context};

  explicit Impl(ServerOptions o) : options(std::move(o)) {}

  asio::awaitable<void> pause(std::chrono::milliseconds span) {
    asio::steady_timer timer(context, span);
    co_await timer.async_wait(use_awaitable);
  }

  Response answer(const Verdict& verdict, const Request& wire) const {
    Response response(static_cast<http::status>(verdict.status), wire.version());
    const bool page = verdict.what == Served::page, data = verdict.what == Served::snapshot;
    add_common_fields(response, page ? "text/html; charset=utf-8" : data ? "application/json" : "text/plain; charset=utf-8");
    if (verdict.status == 405) response.set(http::field::allow, "GET, HEAD");
    response.body() = page ? options.page : data ? board.snapshot() + "\n" : std::string(verdict.why) + "\n";
    // A refused request may have a body, which nobody reads.
    response.keep_alive(wire.keep_alive() && verdict.status == 200);
    response.prepare_payload();
    if (wire.method() == http::verb::head) response.body().clear();  // its length stays
    return response;
  }

  asio::awaitable<void> send(Stream& stream, const std::string& text) const {
    stream.expires_after(options.write_max);
    co_await asio::async_write(stream, asio::buffer(text), use_awaitable);
    stream.expires_never();
  }

  /// A snapshot, then what changes, until the reader leaves.
  asio::awaitable<void> stream_events(Stream& stream, const Request& wire) {
    Response head(http::status::ok, wire.version());
    add_common_fields(head, "text/event-stream");
    head.keep_alive(false);
    const bool only_head = wire.method() == http::verb::head;
    http::response_serializer<http::string_body> serializer(head);
    stream.expires_after(options.write_max);
    co_await http::async_write_header(stream, serializer, use_awaitable);
    if (only_head) co_return;
    std::string text = "retry: 2000\n\n";
    std::uint64_t sent = 0;
    Clock::time_point last{};
    while (!has_left(stream)) {
      if (board.version() > sent) {
        text += board.event(sent);
        sent = board.version();
      } else if (Clock::now() - last >= options.keep_alive) {
        // Proxies need bytes, the page an event: comments do not reach it.
        text += ": still here\nevent: pulse\ndata: {}\n\n";
      }
      if (!text.empty()) {
        co_await send(stream, text);
        last = Clock::now();
        text.clear();
        co_await pause(options.send_every);
      } else {
        co_await pause(std::min(kLookEvery, options.keep_alive));
      }
    }
  }

  asio::awaitable<void> serve(Stream& stream) {
    beast::flat_buffer buffer;
    while (true) {
      http::request_parser<http::empty_body> parser;
      parser.header_limit(kHeaderMax);
      stream.expires_after(options.request_max);
      boost::system::error_code error;
      co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
      if (error) co_return co_await refuse_unreadable(stream, error);
      const Request& wire = parser.get();
      const Verdict verdict = judge(head_of(wire));
      if (verdict.what == Served::events) co_return co_await stream_events(stream, wire);
      const Response response = answer(verdict, wire);
      stream.expires_after(options.write_max);
      http::response_serializer<http::string_body> serializer(const_cast<Response&>(response));
      if (wire.method() == http::verb::head) {
        co_await http::async_write_header(stream, serializer, use_awaitable);
      } else {
        co_await http::async_write(stream, serializer, use_awaitable);
      }
      const bool body = !parser.is_done();
      if (!response.keep_alive() || body) co_return co_await hang_up(stream);
    }
  }

  asio::awaitable<void> refuse_unreadable(Stream& stream, boost::system::error_code error) {
    if (error == http::error::end_of_stream || error == beast::error::timeout) co_return;
    if (error.category() != http::make_error_code(http::error::bad_target).category()) co_return;  // the socket's
    const bool long_head = error == http::error::header_limit || error == http::error::buffer_overflow;
    const Verdict verdict{Served::refused, long_head ? 431 : 400, "this is no request"};
    Response response = answer(verdict, Request(http::verb::get, "/", 11));
    response.keep_alive(false);
    stream.expires_after(options.write_max);
    co_await http::async_write(stream, response, use_awaitable);
    co_await hang_up(stream);
  }

  /// Closing with bytes unread would reset the connection before the answer is read.
  asio::awaitable<void> hang_up(Stream& stream) {
    boost::system::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    std::string rest(4096, '\0');
    for (int blocks = 0; blocks < 16; ++blocks) {
      stream.expires_after(std::chrono::seconds{1});
      boost::system::error_code error;
      co_await stream.async_read_some(asio::buffer(rest), asio::redirect_error(use_awaitable, error));
      if (error) co_return;
    }
  }

  asio::awaitable<void> serve_connection(tcp::socket socket, bool room) {
    try {
      socket.set_option(tcp::no_delay(true));
      if (options.send_buffer_bytes > 0) socket.set_option(tcp::socket::send_buffer_size(options.send_buffer_bytes));
      Stream stream(std::move(socket));
      if (room) {
        co_await serve(stream);
      } else {
        Response full = answer({Served::refused, 503, "too many readers"}, Request(http::verb::get, "/", 11));
        full.keep_alive(false);
        full.set(http::field::retry_after, "5");
        stream.expires_after(std::chrono::seconds{1});
        co_await http::async_write(stream, full, use_awaitable);
        stream.socket().shutdown(tcp::socket::shutdown_send);
      }
    } catch (const std::exception&) {
      // Ended by the other side, or it was too slow: both are daily business.
    }
    if (room) --connections;
  }

  asio::awaitable<void> accept_all() {
    while (true) {
      tcp::socket socket(context);
      boost::system::error_code error;
      co_await acceptor.async_accept(socket, asio::redirect_error(use_awaitable, error));
      if (error) {  // out of descriptors, for example: wait until some are free again
        co_await pause(kAcceptPause);
        continue;
      }
      const bool room = connections < options.connections_max;
      connections += room;
      asio::co_spawn(context, serve_connection(std::move(socket), room), asio::detached);
    }
  }

  asio::awaitable<void> refresh_for_ever() {
    while (true) {
      options.refresh(board);
      co_await pause(options.refresh_every);
    }
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(ServerOptions options) {
  const std::string where = "127.0.0.1:" + std::to_string(options.port);
  auto impl = std::make_unique<Impl>(std::move(options));
  try {
    const tcp::endpoint address(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(impl->options.port));
    impl->acceptor.open(address.protocol());
    impl->acceptor.set_option(tcp::acceptor::reuse_address(true));
    impl->acceptor.bind(address);
    impl->acceptor.listen();
  } catch (const boost::system::system_error& error) {
    const bool taken = error.code() == asio::error::address_in_use;
    return fail(taken ? Errc::usage : Errc::io, where,
                taken ? "the port is in use; give another one as --port, or 0 for any free one"
                      : std::string("cannot be listened on: ") + error.code().message());
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

int Server::port() const { return impl_->acceptor.local_endpoint().port(); }

void Server::run(const std::stop_token& stop) {
  Impl& impl = *impl_;
  const std::stop_callback wake(stop, [&impl] { impl.context.stop(); });
  if (stop.stop_requested()) return;
  asio::co_spawn(impl.context, impl.refresh_for_ever(), asio::detached);
  asio::co_spawn(impl.context, impl.accept_all(), asio::detached);
  impl.context.run();
}

}  // namespace sentio::dashboard_detail
