#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <filesystem>

#include "server_fixture.h"

namespace sentio {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

/// A self-signed certificate for 127.0.0.1 and its key, in files that go away with the object.
class Certificate {
 public:
  Certificate()
      : folder_(std::filesystem::temp_directory_path() / ("exchange_tls_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* x509 = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key);
    X509_NAME* name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("127.0.0.1"),
                               -1, -1, 0);
    X509_set_issuer_name(x509, name);
    X509_sign(x509, key, EVP_sha256());
    write(certificate_file(), [x509](FILE* file) { PEM_write_X509(file, x509); });
    write(key_file(),
          [key](FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(x509);
    EVP_PKEY_free(key);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string certificate_file() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_ / "key.pem"; }

 private:
  template <class Write>
  static void write(const std::string& name, Write writer) {
    FILE* file = std::fopen(name.c_str(), "wb");
    ASSERT_NE(file, nullptr);
    writer(file);
    std::fclose(file);
  }
  std::filesystem::path folder_;
};

TEST(ExchangeServer, SpeaksTlsWithAGivenCertificate) {
  const Certificate certificate;
  auto options = testing::synthetic_exchange(testing::kFixtureDay, {"SPY"});
  options.certificate_file = certificate.certificate_file();
  options.key_file = certificate.key_file();
  ExchangeServer server(options);
  const auto port = server.start();
  ASSERT_TRUE(port) << port.error().message();

  asio::io_context context;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_verify_mode(asio::ssl::verify_peer);
  tls.load_verify_file(certificate.certificate_file());
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
