#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fstream>

#include "../net/test_certificates.h"
#include "scratch_folder.h"
#include "server_fixture.h"

namespace sentio {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

TEST(ExchangeServer, SpeaksTlsWithAGivenCertificate) {
  const testing::ScratchFolder folder;
  const test::Certificate own = test::self_signed({.dns_name = "localhost"});
  const std::string certificate_file = folder / "certificate.pem", key_file = folder / "key.pem";
  std::ofstream(certificate_file) << own.certificate_pem;
  std::ofstream(key_file) << own.key_pem;
  auto options = testing::synthetic_exchange(testing::kFixtureDay, {"SPY"});
  options.certificate_file = certificate_file;
  options.key_file = key_file;
  ExchangeServer server(options);
  const auto port = server.start();
  ASSERT_TRUE(port) << port.error().message();

  asio::io_context context;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_verify_mode(asio::ssl::verify_peer);
  tls.load_verify_file(certificate_file);
  boost::beast::ssl_stream<boost::beast::tcp_stream> stream(context, tls);
  boost::beast::get_lowest_layer(stream).connect(
      asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(*port)));
  stream.handshake(asio::ssl::stream_base::client);
  http::request<http::empty_body> request(http::verb::get, "/v2/account", 11);
  request.set(http::field::host, "127.0.0.1");
  for (const auto& [name, value] : testing::kKeys) request.set(name, value);
  http::write(stream, request);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(stream, buffer, response);
  EXPECT_EQ(response.result_int(), 200U);
}

}  // namespace
}  // namespace sentio
