#pragma once
/// Minute bars over REST, from Alpaca or Polygon: back-fill and missing warm-up sessions.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/error.h"
#include "sentio/feeds/rest_bars.h"
#include "sentio/net/timeline.h"

namespace sentio {

struct BarHistoryOptions {
  std::string base_url;            ///< "https://data.alpaca.markets", "https://api.massive.com"
  std::string key_id, secret_key;  ///< Polygon: key_id alone is the API key
  std::string feed = "iex";        ///< Alpaca: iex or sip
  std::string extra_ca_file;
  bool plain_text_allowed = false;
  Timeline time;                   ///< of back-offs and the quota
  std::function<TimePoint()> now;  ///< the driver's time; empty: the system clock
  int requests_per_minute = 150;   ///< Polygon's free plan: 5
};

/// Blocking. Threads: fetch() one at a time; cancel() from any.
class BarHistory {
 public:
  virtual ~BarHistory() = default;
  /// Complete one-minute bars with from ≤ start ≤ to of all symbols, by symbol and time ascending, all pages.
  /// A few tries per page. Errc::unauthorized, ::rejected (plan), ::network, ::malformed.
  [[nodiscard]] virtual Result<std::vector<SymbolBar>> fetch(TimePoint from, TimePoint to) = 0;
  virtual void cancel() = 0;
};

/// The universe must outlive the object. Errc::usage: a base URL that is not one, or an empty key.
[[nodiscard]] Result<std::unique_ptr<BarHistory>> make_alpaca_history(const Universe& universe,
                                                                      BarHistoryOptions options);
[[nodiscard]] Result<std::unique_ptr<BarHistory>> make_polygon_history(const Universe& universe,
                                                                       BarHistoryOptions options);

}  // namespace sentio
