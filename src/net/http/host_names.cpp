#include "http/host_names.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace sentio::net {
namespace {

std::string without_brackets(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return std::string{host};
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

}  // namespace

bool is_ip_address(std::string_view host) {
  const std::string plain = without_brackets(host);
  in6_addr address{};
  return is_ipv4(plain) || inet_pton(AF_INET6, plain.c_str(), &address) == 1;
}

bool is_loopback(std::string_view host) {
  const std::string plain = without_brackets(host);
  return plain == "localhost" || plain == "::1" || (plain.rfind("127.", 0) == 0 && is_ipv4(plain));
}

bool are_sendable(const HeaderList& headers) {
  const auto is_clean = [](const std::string& s) {
    return s.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos;
  };
  return std::all_of(headers.begin(), headers.end(), [&](const auto& header) {
    return !header.first.empty() && is_clean(header.first) && is_clean(header.second);
  });
}

}  // namespace sentio::net
