#pragma once
/// Where a live session connects: the vendors' hosts, or a local exchange-sim for all of them.

#include <string>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/live/live_keys.h"

namespace sentio {

struct LiveEndpoints {
  std::string broker = "alpaca";                 ///< whose the account is, and the next two addresses
  std::string trading_url;                       ///< "https://paper-api.alpaca.markets"
  std::string stream_url;                        ///< trade_updates, with its path
  std::string data_url;                          ///< historical bars of Alpaca
  std::vector<std::string> alpaca_stream_urls;   ///< in order of preference
  std::string polygon_url;                       ///< historical bars of Polygon
  std::vector<std::string> polygon_stream_urls;  ///< in order of preference
  std::string control_url;                       ///< simulated time of an exchange-sim; empty at the vendors'
  std::string extra_ca_file;  ///< left empty here: the caller's, for an exchange-sim with --tls-cert
};

/// `alpaca_feed`: iex or sip. `exchange_url`: empty for the vendors, else "http://127.0.0.1:PORT" or https,
/// localhost or [::1]; nothing but this machine, so that no typing error sends keys elsewhere.
/// Errors: Errc::usage.
[[nodiscard]] Result<LiveEndpoints> live_endpoints(LiveAccount account, const std::string& alpaca_feed,
                                                   const std::string& exchange_url);

}  // namespace sentio
