#pragma once
/// Minute bars over REST, from Alpaca or Polygon: back-fill and missing warm-up sessions.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
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

/// What a fetch may take. As it stands: for what must be complete.
struct FetchPatience {
  int tries = 5;                              ///< of each page
  std::chrono::milliseconds try_max{15'000};  ///< real time
  /// Real time at which it is over; none: never. With it nobody waits for the quota either.
  std::optional<std::chrono::steady_clock::time_point> until;
};

struct FetchedBars {
  std::vector<SymbolBar> bars;  ///< by symbol and time ascending
  std::optional<Error> error;   ///< why there are not more
};

/// Blocking. Threads: one fetch at a time; cancel() from any.
class BarHistory {
 public:
  virtual ~BarHistory() = default;
  /// Complete one-minute bars with from ≤ start ≤ to of all symbols, all pages, or the pages before the one that
  /// failed. Errc::unauthorized, ::rejected (plan), ::network, ::timed_out, ::malformed.
  [[nodiscard]] virtual FetchedBars fetch_some(TimePoint from, TimePoint to, const FetchPatience& patience) = 0;
  /// All or nothing.
  [[nodiscard]] Result<std::vector<SymbolBar>> fetch(TimePoint from, TimePoint to) {
    FetchedBars fetched = fetch_some(from, to, {});
    if (fetched.error) return tl::unexpected(*std::move(fetched.error));
    return std::move(fetched.bars);
  }
  virtual void cancel() = 0;
};

/// The universe must outlive the object. Errc::usage: a base URL that is not one, or an empty key.
[[nodiscard]] Result<std::unique_ptr<BarHistory>> make_alpaca_history(const Universe& universe,
                                                                      BarHistoryOptions options);
[[nodiscard]] Result<std::unique_ptr<BarHistory>> make_polygon_history(const Universe& universe,
                                                                       BarHistoryOptions options);

}  // namespace sentio
