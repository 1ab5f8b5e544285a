#include "loopback_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cctype>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace sentio::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

ReceivedRequest parsed_head(const std::string& head) {
  ReceivedRequest request;
  request.head = head;
  const auto first = head.find(' '), second = head.find(' ', first + 1);
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, second - first - 1);
  for (auto begin = head.find("\r\n") + 2; begin < head.size();) {
    const auto end = head.find("\r\n", begin), colon = head.find(':', begin);
    if (end == begin) break;
    std::string value = head.substr(colon + 1, end - colon - 1);
    value.erase(0, value.find_first_not_of(' '));
    request.headers.emplace_back(lower(head.substr(begin, colon - begin)), value);
    begin = end + 2;
  }
  return request;
}

template <class Stream>
class PeerOn final : public Peer {
 public:
  /// `before_close`: the descriptor's number may belong to another socket from then on.
  PeerOn(Stream& stream, std::function<void()> before_close)
      : stream_(stream), before_close_(std::move(before_close)) {}

  std::optional<ReceivedRequest> read_request() override {
    std::size_t head_size = 0;
    while ((head_size = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!read_some()) return std::nullopt;
    head_size += 4;
    ReceivedRequest request = parsed_head(buffer_.substr(0, head_size));
    const std::string length = request.header("content-length");
    const std::size_t body_size = length.empty() ? 0 : std::stoul(length);
    while (buffer_.size() < head_size + body_size)
      if (!read_some()) return std::nullopt;
    request.body = buffer_.substr(head_size, body_size);
    buffer_.erase(0, head_size + body_size);
    return request;
  }

  bool write(std::string_view bytes) override {
    error_code error;
    asio::write(stream_, asio::buffer(bytes), error);
    return !error;
  }

  void stay_mute() override {
    while (read_some()) buffer_.clear();
  }

  void reset() override {
    error_code ignored;
    auto& socket = stream_.lowest_layer();
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    before_close_();
    socket.close(ignored);
  }

  std::size_t bytes_read() const override { return bytes_read_; }

  bool accept_websocket(const ReceivedRequest& upgrade) override {
    error_code error;
    ws_.read_message_max(64 << 20);
    ws_.accept(asio::buffer(upgrade.head), error);
    return !error;
  }

  std::optional<WsFrame> ws_read() override {
    error_code error;
    beast::flat_buffer data;
    ws_.read(data, error);
    if (error) return std::nullopt;
    return WsFrame{ws_.got_binary(),
                   std::string(static_cast<const char*>(data.data().data()), data.data().size())};
  }

  bool ws_write(std::string_view data, bool binary) override {
    error_code error;
    ws_.binary(binary);
    ws_.write(asio::buffer(data), error);
    return !error;
  }

  bool ws_write_fragments(const std::vector<std::string>& parts) override {
    error_code error;
    ws_.text(true);
    for (std::size_t i = 0; i < parts.size() && !error; ++i)
      ws_.write_some(i + 1 == parts.size(), asio::buffer(parts[i]), error);
    return !error;
  }

  void ws_close(std::uint16_t code, std::string_view reason) override {
    error_code ignored;
    ws_.close(
        {static_cast<beast::websocket::close_code>(code), beast::string_view{reason.data(), reason.size()}},
        ignored);
  }

  std::uint16_t ws_close_code() const override { return ws_.reason().code; }

 private:
  bool read_some() {
    char chunk[4096];
    error_code error;
    const std::size_t n = stream_.read_some(asio::buffer(chunk), error);
    buffer_.append(chunk, n);
    bytes_read_ += n;
    return !error;
  }

  Stream& stream_;
  std::function<void()> before_close_;
  std::string buffer_;
  std::size_t bytes_read_ = 0;
  beast::websocket::stream<Stream&> ws_{stream_};
};

}  // namespace

std::string ReceivedRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

bool Peer::reply(int status, std::string_view body, std::string_view headers) {
  return write("HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n" + std::string{headers} + "\r\n" + std::string{body});
}

bool Peer::accept_websocket() {
  const auto upgrade = read_request();
  return upgrade && accept_websocket(*upgrade);
}

struct LoopbackServer::Impl {
  Script script;
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  bool is_tls = false;
  tcp::acceptor acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  std::atomic<int> connections{0};
  std::mutex mutex;
  bool is_stopping = false;
  std::set<int> open_sockets;
  std::vector<std::thread> peers;  // the accepting thread's
  std::thread accepting;

  void accept_all() {
    for (;;) {
      tcp::socket socket{io};
      error_code error;
      acceptor.accept(socket, error);
      if (error) return;
      ++connections;
      peers.emplace_back([this, s = std::move(socket)]() mutable { serve(std::move(s)); });
    }
  }

  void serve(tcp::socket socket) {
    const int fd = socket.native_handle();
    {
      const std::lock_guard lock(mutex);
      if (is_stopping) return;
      open_sockets.insert(fd);
    }
    error_code error;
    socket.set_option(tcp::no_delay(true), error);
    const auto forget = [&] {
      const std::lock_guard lock(mutex);
      open_sockets.erase(fd);
    };
    if (is_tls) {
      TlsStream stream{std::move(socket), tls};
      stream.handshake(asio::ssl::stream_base::server, error);
      if (!error) run(stream, forget);
      forget();
    } else {
      run(socket, forget);
      forget();
    }
  }

  template <class Stream>
  void run(Stream& stream, const std::function<void()>& before_close) {
    PeerOn<Stream> peer{stream, before_close};
    script(peer);
  }
};

LoopbackServer::LoopbackServer(Script script, std::optional<Certificate> tls)
    : impl_(std::make_unique<Impl>()) {
  impl_->script = std::move(script);
  if (tls) {
    impl_->is_tls = true;
    impl_->tls.use_certificate_chain(asio::buffer(tls->certificate_pem));
    impl_->tls.use_private_key(asio::buffer(tls->key_pem), asio::ssl::context::pem);
  }
  impl_->accepting = std::thread([this] { impl_->accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->is_stopping = true;
    for (const int fd : impl_->open_sockets) ::shutdown(fd, SHUT_RDWR);
  }
  ::shutdown(impl_->acceptor.native_handle(), SHUT_RDWR);  // wakes the blocking accept
  impl_->accepting.join();
  for (std::thread& peer : impl_->peers) peer.join();
}

int LoopbackServer::port() const {
  return impl_->acceptor.local_endpoint().port();
}

std::string LoopbackServer::url(std::string_view scheme, std::string_view host) const {
  return std::string{scheme} + "://" + std::string{host} + ":" + std::to_string(port());
}

int LoopbackServer::connections() const {
  return impl_->connections;
}

DeadPort::DeadPort(Kind kind) {
  const auto new_socket = [&] {
    sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    return sockets_.back();
  };
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* where = reinterpret_cast<sockaddr*>(&address);
  const int listening = new_socket();
  if (::bind(listening, where, size) != 0) throw std::runtime_error("bind");
  ::getsockname(listening, where, &size);
  port_ = ntohs(address.sin_port);
  if (kind == Kind::refusing) return;  // bound, so that nobody else gets it, but not listening
  ::listen(listening, 0);
  // Nobody accepts: one connection fits the queue of length 0; the rest is for kernels that count
  // differently.
  for (int i = 0; i < 8; ++i) ::connect(new_socket(), where, size);
}

DeadPort::~DeadPort() {
  for (const int fd : sockets_) ::close(fd);
}

}  // namespace sentio::test
