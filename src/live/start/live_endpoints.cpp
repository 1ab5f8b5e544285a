#include "sentio/live/live_endpoints.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "sentio/feeds/live_feed.h"

namespace sentio {

namespace {

LiveEndpoints vendor_endpoints(LiveAccount account, const std::string& feed) {
  LiveEndpoints e;
  if (account == LiveAccount::real) {
    e.trading_url = "https://api.alpaca.markets";
    e.stream_url = "wss://api.alpaca.markets/stream";
  } else {
    e.trading_url = "https://paper-api.alpaca.markets";
    e.stream_url = "wss://paper-api.alpaca.markets/stream";
  }
  e.data_url = "https://data.alpaca.markets";
  e.alpaca_stream_urls = alpaca_stream_urls(feed);
  e.polygon_url = "https://api.massive.com";
  e.polygon_stream_urls = polygon_stream_urls();
  return e;
}

struct LocalAddress {
  bool secure = false;
  std::string authority;  // "127.0.0.1:8900"
};

bool valid_port(std::string_view text) {
  int port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, port);
  return problem == std::errc{} && stop == end && port >= 1 && port <= 65535;
}

/// Exactly scheme://host:port with an optional slash: a user name or a path would be part of host or port,
/// which are compared whole.
Result<LocalAddress> local_address(std::string_view url) {
  constexpr const char* kWhere = "exchange address";
  constexpr const char* kForm = "is not of the form http://127.0.0.1:PORT";
  LocalAddress out;
  if (url.starts_with("https://")) {
    out.secure = true;
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
  } else {
    return fail(Errc::usage, kWhere, kForm);
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  const auto colon = url.rfind(':');
  if (colon == std::string_view::npos || !valid_port(url.substr(colon + 1))) {
    return fail(Errc::usage, kWhere, kForm);
  }
  const std::string_view host = url.substr(0, colon);
  if (host != "127.0.0.1" && host != "localhost" && host != "[::1]") {
    return fail(Errc::usage, kWhere, "must be on this machine: 127.0.0.1, localhost or [::1]");
  }
  out.authority = std::string(url);
  return out;
}

}  // namespace

Result<LiveEndpoints> live_endpoints(LiveAccount account, const std::string& alpaca_feed,
                                     const std::string& exchange_url) {
  if (alpaca_feed != "iex" && alpaca_feed != "sip") {
    return fail(Errc::usage, "Alpaca feed", "'" + alpaca_feed + "' is not iex or sip");
  }
  if (exchange_url.empty()) return vendor_endpoints(account, alpaca_feed);
  const auto local = local_address(exchange_url);
  if (!local) return tl::unexpected(local.error());
  const std::string rest = (local->secure ? "https://" : "http://") + local->authority;
  const std::string socket = (local->secure ? "wss://" : "ws://") + local->authority;
  return LiveEndpoints{.trading_url = rest,
                       .stream_url = socket + "/stream",
                       .data_url = rest,
                       .alpaca_stream_urls = {socket + "/v2/" + alpaca_feed},
                       .polygon_url = rest,
                       .polygon_stream_urls = {socket + "/stocks"},
                       .control_url = socket + "/control"};
}

}  // namespace sentio
