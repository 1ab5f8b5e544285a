#pragma once
/// What the tests of both clients share.

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <variant>

#include "loopback_server.h"
#include "sentio/net/http_client.h"
#include "sentio/net/websocket_client.h"

namespace sentio::test {

/// Stands for keys, tokens and account data in everything that is sent; must never be in an error.
inline constexpr const char* kSecret = "S3CR3T";

inline void expect_no_secret(const Error& error) {
  EXPECT_EQ(error.message().find(kSecret), std::string::npos) << error.message();
}

/// Opened once, by one thread, for another. Waiting ends after a minute so that a failing test ends.
class Gate {
 public:
  void open() {
    {
      const std::lock_guard lock(mutex_);
      is_open_ = true;
    }
    changed_.notify_all();
  }
  [[nodiscard]] bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{60}, [&] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

/// A certificate that must be refused, and how.
struct RefusedCertificate {
  std::string name;
  CertificateWish wish;
  bool is_self_signed = false;
  bool is_authority_known = true;
  std::string text;
  friend void PrintTo(const RefusedCertificate& row, std::ostream* out) { *out << row.name; }
};

inline std::vector<RefusedCertificate> refused_certificates() {
  std::vector<RefusedCertificate> out(5);
  out[0].name = "Expired";
  out[0].wish = {"localhost", -2, -1};
  out[0].text = "certificate of localhost has expired";
  out[1].name = "NotYetValid";
  out[1].wish = {"localhost", 1, 2};
  out[1].text = "certificate of localhost is not valid yet";
  out[2].name = "OtherHost";
  out[2].wish = {"other.example", -1, 1};
  out[2].text = "certificate is not for localhost";
  out[3].name = "SelfSigned";
  out[3].wish = {"localhost", -1, 1};
  out[3].is_self_signed = true;
  out[3].text = "certificate of localhost is self-signed";
  out[4].name = "UnknownAuthority";
  out[4].wish = {"localhost", -1, 1};
  out[4].is_authority_known = false;
  out[4].text = "comes from an authority that is not trusted here";
  return out;
}

inline Certificate certificate_for(const RefusedCertificate& c, const TestAuthority& authority) {
  return c.is_self_signed ? self_signed(c.wish) : authority.issue(c.wish);
}

/// The next event of the wanted type; fails the test (and gives a default) if something else comes.
template <class Wanted>
Wanted next_of(WebSocketClient& client) {
  const auto event = client.next(std::chrono::seconds{60});
  if (event && std::holds_alternative<Wanted>(*event)) return std::get<Wanted>(*event);
  std::string got = "nothing";
  if (event) got = "event number " + std::to_string(event->index());
  if (event && std::holds_alternative<WsFailed>(*event)) got = std::get<WsFailed>(*event).error.message();
  ADD_FAILURE() << "wanted another event than " << got;
  return Wanted{};
}

}  // namespace sentio::test
