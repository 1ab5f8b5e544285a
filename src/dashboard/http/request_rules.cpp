#include "http/request_rules.h"

#include <algorithm>
#include <array>

namespace sentio::dashboard_detail {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool names_this_machine(std::string_view host) {
  std::string name(host);
  std::ranges::transform(name, name.begin(), lower);
  constexpr std::array<std::string_view, 3> kNames{"localhost", "127.0.0.1", "[::1]"};
  return std::ranges::any_of(kNames, [&name](std::string_view own) {
    if (!name.starts_with(own)) return false;
    const std::string_view rest = std::string_view(name).substr(own.size());
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  });
}

Verdict judge(const RequestHead& request) {
  if (request.hosts.size() != 1) return {Served::refused, 400, "exactly one Host is needed"};
  if (!names_this_machine(request.hosts.front())) {
    return {Served::refused, 403, "this Host is not served; use localhost or 127.0.0.1"};
  }
  if (request.method != "GET" && request.method != "HEAD") return {Served::refused, 405, "only GET and HEAD: nothing can be changed here"};
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  if (path == "/") return {Served::page};
  // A link may lead to the page; no other site has business with the data.
  const bool foreign = request.fetch_site == "cross-site" || request.fetch_site == "same-site";
  if (foreign) return {Served::refused, 403, "not for another site's pages"};
  if (path == "/snapshot.json") return {Served::snapshot};
  if (path == "/events") return {Served::events};
  return {Served::refused, 404, "there are /, /snapshot.json and /events"};
}

}  // namespace sentio::dashboard_detail
