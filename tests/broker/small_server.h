#pragma once
/// An HTTP and WebSocket server on loopback, one thread per connection, for transport tests.

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sentio {

class SmallServer {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Socket = boost::asio::ip::tcp::socket;
  using WebSocket = boost::beast::websocket::stream<Socket&>;
  struct Reply {
    int status = 200;
    std::string body;
  };
  /// nullopt: the connection is cut without an answer.
  using OnHttp = std::function<std::optional<Reply>(const Request&)>;
  /// Returns to end the connection; exceptions of Beast (the client went away) end it too.
  using OnWebSocket = std::function<void(WebSocket&, const std::string& path)>;

  SmallServer(OnHttp on_http, OnWebSocket on_web_socket)
      : on_http_(std::move(on_http)),
        on_web_socket_(std::move(on_web_socket)),
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this] { accept(); }) {}
  ~SmallServer() {
    stopped_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
    cut_all();
    for (auto& t : connections_) t.join();
  }

  [[nodiscard]] std::string http() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string ws(const std::string& path) const {
    return "ws://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// The next `times` upgrades are answered with that status instead.
  void refuse_upgrades(int status, int times) {
    const std::lock_guard lock(mutex_);
    upgrade_status_ = status;
    upgrades_to_refuse_ = times;
  }
  [[nodiscard]] int upgrades_to_refuse() {
    const std::lock_guard lock(mutex_);
    return upgrades_to_refuse_;
  }
  /// Breaks every connection as a network failure does.
  void cut_all() {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }

 private:
  void accept() {
    while (!stopped_) {
      boost::system::error_code error;
      auto socket = std::make_shared<Socket>(context_);
      acceptor_.accept(*socket, error);
      if (error) return;
      const std::lock_guard lock(mutex_);
      open_.push_back(socket->native_handle());
      connections_.emplace_back([this, socket] { serve(*socket); });
    }
  }
  void serve(Socket& socket) {
    const int fd = socket.native_handle();
    try {
      converse(socket);
    } catch (const std::exception&) {
      // The client, or cut_all(), ended it.
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, fd);
    boost::system::error_code ignored;
    socket.close(ignored);
  }
  void converse(Socket& socket) {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    for (;;) {
      Request request;
      http::read(socket, buffer, request);
      if (boost::beast::websocket::is_upgrade(request)) {
        if (const int status = refused_status()) return answer(socket, request, {status, "<html>no</html>"});
        WebSocket ws(socket);
        ws.accept(request);
        return on_web_socket_(ws, std::string(request.target()));
      }
      const auto reply = on_http_(request);
      if (!reply) return;
      answer(socket, request, *reply);
    }
  }
  static void answer(Socket& socket, const Request& request, const Reply& reply) {
    namespace http = boost::beast::http;
    http::response<http::string_body> response(static_cast<http::status>(reply.status), request.version());
    response.set(http::field::content_type, "application/json");
    response.body() = reply.body;
    response.keep_alive(request.keep_alive());
    if (reply.status != 204) response.prepare_payload();
    http::write(socket, response);
  }
  /// 0: it is accepted.
  int refused_status() {
    const std::lock_guard lock(mutex_);
    if (upgrades_to_refuse_ == 0) return 0;
    --upgrades_to_refuse_;
    return upgrade_status_;
  }

  OnHttp on_http_;
  OnWebSocket on_web_socket_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  unsigned short port_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  int upgrade_status_ = 0, upgrades_to_refuse_ = 0;
  std::vector<int> open_;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

inline void send_text(SmallServer::WebSocket& ws, const std::string& text, bool binary = false) {
  ws.binary(binary);
  ws.write(boost::asio::buffer(text));
}
inline std::string receive_text(SmallServer::WebSocket& ws) {
  boost::beast::flat_buffer buffer;
  ws.read(buffer);
  return boost::beast::buffers_to_string(buffer.data());
}

}  // namespace sentio
