#pragma once
/// One WebSocket on Boost.Beast: reads into a SocketSession, writes from a queue.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <memory>
#include <string>

#include "book/peer.h"

namespace sentio::exchange {

template <class Stream>
class WebSocketPeer final : public Peer, public std::enable_shared_from_this<WebSocketPeer<Stream>> {
 public:
  explicit WebSocketPeer(Stream stream) : socket_(std::move(stream)) {}

  template <class Request>
  boost::asio::awaitable<void> accept(const Request& request) {
    namespace websocket = boost::beast::websocket;
    websocket::permessage_deflate no_compression;
    no_compression.server_enable = false;
    socket_.set_option(no_compression);
    socket_.read_message_max(kReadMax);
    co_await socket_.async_accept(request, boost::asio::use_awaitable);
  }

  /// Until the connection ends; the session is not called afterwards.
  boost::asio::awaitable<void> run(SocketSession& session) {
    session.opened();
    boost::beast::flat_buffer buffer;
    while (true) {
      co_await socket_.async_read(buffer, boost::asio::use_awaitable);
      const auto bytes = buffer.cdata();
      session.received({static_cast<const char*>(bytes.data()), bytes.size()}, socket_.got_binary());
      buffer.consume(buffer.size());
    }
  }
  /// No calls of later() run any more; what is on its way may still finish.
  void detach() { *alive_ = false; }

  void send(std::string payload, bool binary) override {
    if (ending_ != Ending::none) return;
    queued_bytes_ += payload.size();
    queue_.push_back({std::move(payload), binary});
    if (queued_bytes_ > kQueueMax) {  // a reader this slow is cut off, as the real service does
      ending_ = Ending::cut;
      return finish();
    }
    if (!writing_) write_next();
  }
  void close() override { end(Ending::close_frame); }
  void drop() override { end(Ending::cut); }
  void later(std::chrono::milliseconds wall, std::function<void()> action) override {
    auto timer = std::make_shared<boost::asio::steady_timer>(socket_.get_executor(), wall);
    timer->async_wait([timer, alive = alive_, action = std::move(action)](boost::system::error_code error) {
      if (!error && *alive) action();
    });
  }

 private:
  static constexpr std::size_t kReadMax = std::size_t{1} << 20U, kQueueMax = std::size_t{64} << 20U;
  enum class Ending : std::uint8_t { none, close_frame, cut };
  struct Frame {
    std::string payload;
    bool binary;
  };

  void end(Ending how) {
    if (ending_ != Ending::none) return;
    ending_ = how;
    if (!writing_) finish();
  }
  void write_next() {
    writing_ = true;
    socket_.binary(queue_.front().binary);
    auto self = this->shared_from_this();
    socket_.async_write(boost::asio::buffer(queue_.front().payload),
                        [self](boost::system::error_code error, std::size_t) { self->written(error); });
  }
  void written(boost::system::error_code error) {
    queued_bytes_ -= queue_.front().payload.size();
    queue_.pop_front();
    writing_ = false;
    if (error) queue_.clear();
    if (!queue_.empty()) return write_next();
    if (ending_ != Ending::none) finish();
  }
  void finish() {
    if (ending_ == Ending::cut) {
      boost::beast::get_lowest_layer(socket_).close();
      return;
    }
    auto self = this->shared_from_this();
    socket_.async_close(boost::beast::websocket::close_code::normal, [self](boost::system::error_code) {});
  }

  boost::beast::websocket::stream<Stream> socket_;
  std::deque<Frame> queue_;
  std::size_t queued_bytes_ = 0;
  bool writing_ = false;
  Ending ending_ = Ending::none;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace sentio::exchange
