#pragma once
/// Certificates made while the test runs: nothing secret, and nothing that expires, in the repository.

#include <string>

namespace sentio::test {

struct Certificate {
  std::string certificate_pem;
  std::string key_pem;
};

/// Days are counted from now; a certificate of -2 … -1 has expired.
struct CertificateWish {
  std::string dns_name;  ///< subject alternative name; empty for an authority
  int first_day = -1;
  int last_day = 1;
};

Certificate make_authority();
Certificate issue(const Certificate& authority, const CertificateWish& wish);
Certificate self_signed(const CertificateWish& wish);

/// A test authority with its PEM in a file that lives as long as this does.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] Certificate issue(const CertificateWish& wish) const { return test::issue(authority_, wish); }

 private:
  Certificate authority_;
  std::string file_;
};

}  // namespace sentio::test
