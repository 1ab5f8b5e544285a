#include "sentio/exchange/exchange_server.h"

#include "sentio/log/log.h"
#include "server/connection.h"
#include "server/http_routes.h"
#include "sockets/control_socket.h"
#include "sockets/data_socket.h"
#include "sockets/polygon_socket.h"
#include "sockets/stream_socket.h"

namespace sentio {

using namespace exchange;

namespace {

Result<SessionHours> checked_hours(const ExchangeOptions& options) {
  const auto hours = NyseCalendar::session(options.session);
  if (!hours) {
    return fail(Errc::no_session, format_date(options.session),
                "no session: " + std::string(NyseCalendar::closure_reason(options.session)));
  }
  const int last = options.to_minute.value_or(hours->minutes - 1);
  if (options.from_minute < 0 || options.from_minute > last || last >= hours->minutes) {
    return fail(Errc::usage, "window",
                "minutes must satisfy 0 <= from <= to < " + std::to_string(hours->minutes));
  }
  if (!(options.speed >= 0)) return fail(Errc::usage, "speed", "must be 0 (lock step) or more");
  if (options.universe.size() == 0)
    return fail(Errc::usage, "symbols", "an exchange needs at least one symbol");
  for (const Fault& fault : options.faults) {
    const auto possible = check_fault(fault, options.universe);
    if (!possible) return fail(Errc::usage, "faults", possible.error().detail);
  }
  if (options.certificate_file.empty() != options.key_file.empty()) {
    return fail(Errc::usage, "certificate", "certificate and key go together");
  }
  return *hours;
}

/// Handshakes that faults refuse. The trading stream has one place only: who comes too early gets 429.
std::optional<HttpReply> refuse_upgrade(Exchange& exchange, const HttpRequest& request) {
  if (request.path == "/control") return std::nullopt;
  exchange.sync();
  const bool stream = request.path == "/stream";
  const auto fault = exchange.faults().take_for_socket(FaultKind::refuse_upgrade, exchange.now(),
                                                       stream ? "stream" : "data");
  if (!fault && !(stream && exchange.place_lingers(request.path))) return std::nullopt;
  HttpReply reply;
  reply.status = fault ? fault->http_status : 429;
  reply.content_type = "text/html";
  reply.body = "<html><body><h1>" + std::to_string(reply.status) + "</h1></body></html>\r\n";
  return reply;
}

std::unique_ptr<SocketSession> make_session(Exchange& exchange, const HttpRequest& request, Peer& peer) {
  if (request.path == "/stream") return std::make_unique<StreamSocket>(exchange, peer);
  if (request.path == "/control") return std::make_unique<ControlSocket>(exchange, peer);
  if (request.path.ends_with("/stocks")) return std::make_unique<PolygonSocket>(exchange, peer);
  return std::make_unique<DataSocket>(exchange, peer, request);
}

}  // namespace

struct ExchangeServer::Impl {
  ExchangeOptions options;
  std::unique_ptr<Exchange> exchange;
  std::unique_ptr<HttpRoutes> routes;
  std::unique_ptr<NetworkLoop> loop;  // last: its coroutines use the others

  explicit Impl(ExchangeOptions o) : options(std::move(o)) {}
};

ExchangeServer::ExchangeServer(ExchangeOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

ExchangeServer::~ExchangeServer() {
  stop();
}

Result<int> ExchangeServer::start() {
  const auto hours = checked_hours(impl_->options);
  if (!hours) return tl::unexpected(hours.error());
  LoopOptions loop;
  loop.port = impl_->options.port;
  loop.certificate_file = impl_->options.certificate_file;
  loop.key_file = impl_->options.key_file;
  impl_->exchange = std::make_unique<Exchange>(std::move(impl_->options), *hours);
  Exchange& exchange = *impl_->exchange;
  impl_->routes = std::make_unique<HttpRoutes>(exchange);
  Service service;
  service.http = [routes = impl_->routes.get()](const HttpRequest& request) {
    return routes->handle(request);
  };
  service.socket = [&exchange](const HttpRequest& request, Peer& peer) {
    return make_session(exchange, request, peer);
  };
  service.refuse = [&exchange](const HttpRequest& request) { return refuse_upgrade(exchange, request); };
  service.tick = [&exchange] {
    exchange.sync();
    return exchange.next_wake();
  };
  impl_->loop = std::make_unique<NetworkLoop>(std::move(loop), std::move(service));
  exchange.start_clock();
  const auto port = impl_->loop->start();
  if (port) {
    log_line(LogLevel::info, "exchange_begins", {{"date", format_date(hours->date)}, {"port", *port}});
  } else {
    log_line(LogLevel::error, "exchange_fails", {{"error", port.error().message()}});
  }
  return port;
}

void ExchangeServer::stop() {
  if (!impl_->loop || !impl_->loop->stop()) return;
  const ExchangeStatistics done = impl_->exchange->statistics();
  log_line(LogLevel::info, "exchange_ends", {{"requests", done.requests}, {"orders", done.orders}});
}

Result<> ExchangeServer::Control::inject(std::string_view fault_line) const {
  const auto fault = parse_fault(fault_line);
  if (!fault) return tl::unexpected(fault.error());
  Result<> result = fail(Errc::io, "exchange", "not running");
  Impl& impl = *server_->impl_;
  if (impl.loop) {
    impl.loop->run_on_loop([&] {
      impl.exchange->sync();
      result = impl.exchange->inject(*fault);
    });
  }
  return result;
}

TimePoint ExchangeServer::Control::now() const {
  TimePoint now{};
  Impl& impl = *server_->impl_;
  if (impl.loop) {
    impl.loop->run_on_loop([&] {
      impl.exchange->sync();
      now = impl.exchange->now();
    });
  }
  return now;
}

ExchangeStatistics ExchangeServer::Control::statistics() const {
  ExchangeStatistics statistics;
  Impl& impl = *server_->impl_;
  if (impl.loop) impl.loop->run_on_loop([&] { statistics = impl.exchange->statistics(); });
  return statistics;
}

}  // namespace sentio
