#include "exchange_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

namespace sentio::testing {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {
tcp::endpoint endpoint(int port) {
  return {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)};
}
}  // namespace

struct RestClient::Impl {
  asio::io_context context;
  tcp::socket socket{context};
  beast::flat_buffer buffer;
  int port = 0;
};

RestClient::RestClient(int port) : impl_(std::make_unique<Impl>()) {
  impl_->port = port;
  impl_->socket.connect(endpoint(port));
}
RestClient::~RestClient() = default;

RestReply RestClient::call(const std::string& method, const std::string& target, const std::string& body,
                           const Headers& headers) {
  http::request<http::string_body> request(http::string_to_verb(method), target, 11);
  request.set(http::field::host, "127.0.0.1:" + std::to_string(impl_->port));
  for (const auto& [name, value] : headers) request.set(name, value);
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  boost::system::error_code error;
  http::write(impl_->socket, request, error);
  http::response<http::string_body> response;
  if (!error) http::read(impl_->socket, impl_->buffer, response, error);
  if (error) {
    impl_->socket.close();
    impl_->socket.connect(endpoint(impl_->port));
    return {};
  }
  RestReply reply{static_cast<int>(response.result_int()), response.body(), {}};
  for (const auto& field : response)
    reply.headers[std::string(field.name_string())] = std::string(field.value());
  return reply;
}

RestReply RestClient::order(const std::string& symbol, const std::string& side, int qty,
                            const std::string& client_id) {
  nlohmann::json body{{"symbol", symbol},
                      {"side", side},
                      {"qty", std::to_string(qty)},
                      {"type", "market"},
                      {"time_in_force", "day"}};
  if (!client_id.empty()) body["client_order_id"] = client_id;
  return post("/v2/orders", body);
}

int upgrade_status(int port, const std::string& path) {
  return RestClient(port)
      .call("GET", path, "",
            {{"Connection", "Upgrade"},
             {"Upgrade", "websocket"},
             {"Sec-WebSocket-Version", "13"},
             {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}})
      .status;
}

struct HangingCall::Impl {
  asio::io_context context;
  tcp::socket socket{context};
  char byte = 0;
  bool ready = false;
};

HangingCall::HangingCall(int port, const std::string& target) : impl_(std::make_unique<Impl>()) {
  impl_->socket.connect(endpoint(port));
  std::string text = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (const auto& [name, value] : kKeys) text += name + ": " + value + "\r\n";
  asio::write(impl_->socket, asio::buffer(text + "\r\n"));
  impl_->socket.async_read_some(asio::buffer(&impl_->byte, 1),
                                [impl = impl_.get()](auto, std::size_t) { impl->ready = true; });
}
HangingCall::~HangingCall() = default;

bool HangingCall::answered(std::chrono::milliseconds patience) {
  impl_->context.restart();
  impl_->context.run_for(patience);
  return impl_->ready;
}

struct SocketClient::Impl {
  asio::io_context context;
  beast::websocket::stream<tcp::socket> socket{context};
  beast::flat_buffer buffer;
  bool reading = false, ready = false;
  boost::system::error_code error;
};

SocketClient::SocketClient(int port, const std::string& path, const Headers& headers)
    : impl_(std::make_unique<Impl>()) {
  impl_->socket.next_layer().connect(endpoint(port));
  impl_->socket.set_option(
      beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
        for (const auto& [name, value] : headers) request.set(name, value);
      }));
  impl_->socket.handshake("127.0.0.1", path);
}
SocketClient::~SocketClient() = default;

void SocketClient::close() {
  boost::system::error_code error;
  impl_->socket.close(beast::websocket::close_code::normal, error);
}

void SocketClient::send_text(const std::string& text) {
  impl_->socket.text(true);
  boost::system::error_code error;
  impl_->socket.write(asio::buffer(text), error);
}

void SocketClient::send_binary(const std::string& bytes) {
  impl_->socket.binary(true);
  boost::system::error_code error;
  impl_->socket.write(asio::buffer(bytes), error);
}

void SocketClient::send_fragments(const std::vector<std::string>& parts) {
  impl_->socket.binary(true);
  for (const auto& part : parts) impl_->socket.write_some(false, asio::buffer(part));
  impl_->socket.write_some(true, asio::const_buffer());
}

std::optional<SocketClient::Frame> SocketClient::read(std::chrono::milliseconds patience) {
  Impl& impl = *impl_;
  if (!impl.reading) {
    impl.reading = true;
    impl.ready = false;
    impl.socket.async_read(impl.buffer, [&impl](boost::system::error_code error, std::size_t) {
      impl.ready = true;
      impl.error = error;
    });
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  impl.context.restart();
  while (!impl.ready && impl.context.run_one_until(end) > 0) continue;
  if (!impl.ready) return std::nullopt;
  impl.reading = false;
  if (impl.error) return Frame{"", false, true};
  Frame frame{beast::buffers_to_string(impl.buffer.data()), impl.socket.got_binary(), false};
  impl.buffer.consume(impl.buffer.size());
  return frame;
}

nlohmann::json SocketClient::read_json() {
  const auto frame = read();
  return frame ? frame->json() : nlohmann::json();
}

std::unique_ptr<SocketClient> open_stream(int port) {
  auto socket = std::make_unique<SocketClient>(port, "/stream");
  socket->send({{"action", "authenticate"},
                {"data", {{"key_id", "exchange-key"}, {"secret_key", "exchange-secret"}}}});
  (void)socket->read_json();
  socket->send({{"action", "listen"}, {"data", {{"streams", {"trade_updates"}}}}});
  (void)socket->read_json();
  return socket;
}

std::unique_ptr<SocketClient> open_data(int port, const nlohmann::json& channels) {
  auto socket = std::make_unique<SocketClient>(port, "/v2/iex");
  (void)socket->read_json();
  socket->send({{"action", "auth"}, {"key", "exchange-key"}, {"secret", "exchange-secret"}});
  (void)socket->read_json();
  nlohmann::json message = channels;
  message["action"] = "subscribe";
  socket->send(message);
  (void)socket->read_json();
  return socket;
}

}  // namespace sentio::testing
