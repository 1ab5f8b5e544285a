#include "sentio/net/websocket_client.h"

#include <utility>

#include "sentio/core/check.h"
#include "sockets/websocket_inbox.h"
#include "sockets/websocket_link.h"

namespace sentio {

struct WebSocketClient::Impl {
  Impl(WsOptions chosen, std::function<void()> on_ready)
      : options(std::move(chosen)), inbox(options.inbox_capacity, std::move(on_ready)) {}

  const WsOptions options;
  net::WsInbox inbox;
  std::unique_ptr<net::WsLink> link;  // last: its thread uses the two above
};

WebSocketClient::WebSocketClient(WsOptions options, std::function<void()> on_ready)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(on_ready))) {
  SENTIO_CHECK(impl_->options.open_timeout.count() > 0);
  SENTIO_CHECK(impl_->options.close_timeout.count() > 0);
  SENTIO_CHECK(impl_->options.ping_interval.count() > 0);
  SENTIO_CHECK(impl_->options.pong_timeout.count() > 0);
}

WebSocketClient::~WebSocketClient() = default;

Result<> WebSocketClient::connect(std::string_view url, const HeaderList& headers) {
  impl_->link.reset();
  impl_->inbox.clear();
  auto link = net::make_link(url, headers, impl_->options, impl_->inbox);
  if (!link) return tl::unexpected(std::move(link).error());
  impl_->link = *std::move(link);
  return {};
}

Result<> WebSocketClient::send_text(std::string text) {
  if (!impl_->link) return fail(Errc::network, "send", "not connected");
  return impl_->link->send(std::move(text));
}

std::optional<WsEvent> WebSocketClient::next(std::chrono::milliseconds timeout) {
  bool resume = false;
  auto event = impl_->inbox.pop(timeout, resume);
  if (resume && impl_->link) impl_->link->resume();
  return event;
}

void WebSocketClient::close(std::uint16_t code, std::string_view reason) {
  if (impl_->link)
    impl_->link->close(code, std::string{reason.substr(0, 123)});  // RFC 6455: 125 bytes with the code
}

WsCounters WebSocketClient::counters() const {
  return impl_->inbox.counters();
}

}  // namespace sentio
