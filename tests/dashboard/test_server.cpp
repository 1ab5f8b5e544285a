// The dashboard's server over real sockets. Nothing here waits for a clock: what is expected is waited for.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "http/server.h"

namespace sentio::dashboard_detail {
namespace {

/// A client that sends bytes and reads bytes.
class Client {
 public:
  explicit Client(int port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval most{60, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(const std::string& text) { (void)::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }
  void get(const std::string& target) { send("GET " + target + " HTTP/1.1\r\nHost: localhost:1\r\n\r\n"); }
  /// Reads until `end` was seen or the other side is done; all that came so far.
  const std::string& read_until(const std::string& end) {
    char bytes[4096];
    while (got_.find(end) == std::string::npos) {
      const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
      if (n <= 0) break;
      got_.append(bytes, static_cast<std::size_t>(n));
    }
    return got_;
  }
  const std::string& read_all() { return read_until(std::string(1, '\1') + "never"); }
  void forget() { got_.clear(); }
  [[nodiscard]] bool connected() const { return connected_; }

 private:
  int fd_;
  bool connected_ = false;
  std::string got_;
};

std::string status_of(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options_.page = "<p>page</p>";
    options_.refresh_every = std::chrono::milliseconds{5};
    options_.send_every = std::chrono::milliseconds{10};
    options_.refresh = [this](Board& board) {
      const std::lock_guard guard(mutex_);
      for (const auto& [name, json] : shown_) board.set(name, json);
    };
  }
  ~ServerTest() override {
    stop_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  void start() {
    auto server = Server::open(options_);
    ASSERT_TRUE(server) << server.error().message();
    server_ = *std::move(server);
    thread_ = std::thread([this] { server_->run(stop_.get_token()); });
  }
  void show(const std::string& name, const std::string& json) {
    const std::lock_guard guard(mutex_);
    shown_[name] = json;
  }
  std::string ask(const std::string& request) {
    Client client(server_->port());
    client.send(request);
    return client.read_all();
  }

  ServerOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::string> shown_{{"state", "1"}, {"equity", "[1,2]"}};
  std::stop_source stop_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(ServerTest, ServesThePageAndASnapshotAndKeepsTheConnection) {
  start();
  Client client(server_->port());
  client.get("/");
  const std::string page = client.read_until("<p>page</p>");
  EXPECT_EQ(status_of(page), "HTTP/1.1 200 OK");
  for (const char* field : {"Content-Security-Policy: default-src 'none'", "frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
                            "Cross-Origin-Resource-Policy: same-origin", "Cache-Control: no-store", "Content-Type: text/html"})
    EXPECT_NE(page.find(field), std::string::npos) << field << "\n" << page;
  client.forget();
  client.get("/snapshot.json");
  EXPECT_NE(client.read_until("}\n").find(R"({"version":2,"equity":[1,2],"state":1})"), std::string::npos);
  client.forget();
  client.send("HEAD /snapshot.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  const std::string head = client.read_all();
  EXPECT_NE(head.find("Content-Length: 39"), std::string::npos) << head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, RefusesWhatItDoesNotServe) {
  start();
  const std::string host = "Host: localhost:1\r\n";
  for (const auto& [request, status] :
       {std::pair<std::string, std::string>{"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403 Forbidden"},
        {"GET /events HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403 Forbidden"},
        {"GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "400 Bad Request"},
        {"GET /../../etc/passwd HTTP/1.1\r\n" + host + "\r\n", "404 Not Found"},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", "405 Method Not Allowed"},
        {"GET /snapshot.json HTTP/1.1\r\n" + host + "Sec-Fetch-Site: cross-site\r\n\r\n", "403 Forbidden"},
        {"no request\r\n\r\n", "400 Bad Request"},
        {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(20'000, 'x') + "\r\n\r\n", "431 Request Header Fields Too Large"}}) {
    const std::string answer = ask(request);
    EXPECT_EQ(status_of(answer), "HTTP/1.1 " + status) << request.substr(0, 80);
    EXPECT_EQ(answer.find("version"), std::string::npos);
    EXPECT_EQ(answer.find("<p>page"), std::string::npos);
  }
  EXPECT_NE(ask("POST / HTTP/1.1\r\n" + host + "\r\n").find("Allow: GET, HEAD"), std::string::npos);
}

TEST_F(ServerTest, StreamsASnapshotThenWhatChanged) {
  start();
  Client client(server_->port());
  client.get("/events");
  const std::string first = client.read_until("}\n\n");
  EXPECT_EQ(status_of(first), "HTTP/1.1 200 OK");
  EXPECT_NE(first.find("Content-Type: text/event-stream"), std::string::npos);
  EXPECT_NE(first.find("\r\n\r\nretry: 2000\n\nid: 2\nevent: snapshot\ndata: {\"version\":2,\"equity\":[1,2],\"state\":1}\n\n"),
            std::string::npos)
      << first;
  client.forget();
  show("state", "2");
  EXPECT_EQ(client.read_until("\n\n"), "id: 3\nevent: changes\ndata: {\"version\":3,\"state\":2}\n\n");
}

TEST_F(ServerTest, SaysThatItIsThereWhereNothingChanges) {
  options_.keep_alive = std::chrono::milliseconds{20};
  start();
  Client client(server_->port());
  client.get("/events");
  EXPECT_NE(client.read_until("pulse\ndata: {}\n\n").find(": still here\nevent: pulse\n"), std::string::npos);
}

TEST_F(ServerTest, TurnsReadersAwayWhenItIsFullAndTakesThemWhenOneLeaves) {
  options_.connections_max = 3;
  options_.keep_alive = std::chrono::hours{1};  // nothing is sent that would tell it
  start();
  std::vector<std::unique_ptr<Client>> readers;
  for (int i = 0; i < 3; ++i) {
    readers.push_back(std::make_unique<Client>(server_->port()));
    readers.back()->get("/events");
    EXPECT_NE(readers.back()->read_until("}\n\n").find("event: snapshot"), std::string::npos);
  }
  EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")), "HTTP/1.1 503 Service Unavailable");
  show("state", "3");
  for (const auto& reader : readers) EXPECT_NE(reader->read_until("\"state\":3}").find("changes"), std::string::npos);
  readers.pop_back();
  std::string answer;
  while (status_of(answer) != "HTTP/1.1 200 OK") {
    answer = ask("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
}

TEST_F(ServerTest, DropsAReaderThatDoesNotReadAndServesTheOthers) {
  options_.connections_max = 2;
  options_.send_buffer_bytes = 4096;
  options_.write_max = std::chrono::milliseconds{50};
  start();
  Client slow(server_->port(), 4096);
  slow.get("/events");
  slow.read_until("}\n\n");
  show("equity", "[\"" + std::string(4 << 20, 'x') + "\"]");
  // Its place is free again, so it was dropped; until then another one is served all the same.
  bool both = false;
  while (!both) {
    Client one(server_->port()), other(server_->port());
    one.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string first = one.read_until("\r\n\r\n");
    other.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    both = status_of(first) == "HTTP/1.1 200 OK" && status_of(other.read_until("\r\n\r\n")) == "HTTP/1.1 200 OK";
  }
}

TEST_F(ServerTest, DropsARequestThatDoesNotCome) {
  options_.request_max = std::chrono::milliseconds{50};
  start();
  Client client(server_->port());
  client.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerTest, SaysThatThePortIsTaken) {
  start();
  ServerOptions second = options_;
  second.port = server_->port();
  const auto refused = Server::open(second);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::usage);
  EXPECT_NE(refused.error().detail.find("--port"), std::string::npos);
}

TEST_F(ServerTest, StopsWithReadersConnected) {
  start();
  Client client(server_->port()), idle(server_->port());
  client.get("/events");
  client.read_until("}\n\n");
  stop_.request_stop();
  thread_.join();
  server_.reset();
  client.forget();
  EXPECT_EQ(client.read_all(), "");
}

TEST(Board, SendsOnlyWhatDiffers) {
  Board board;
  board.set("a", "1");
  board.set("b", "2");
  const auto before = board.version();
  board.set("a", "1");
  EXPECT_EQ(board.version(), before);
  board.set("a", "3");
  EXPECT_EQ(board.event(before), "id: 3\nevent: changes\ndata: {\"version\":3,\"a\":3}\n\n");
  EXPECT_EQ(board.snapshot(), "{\"version\":3,\"a\":3,\"b\":2}");
}

}  // namespace
}  // namespace sentio::dashboard_detail
