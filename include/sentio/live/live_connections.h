#pragma once
/// The clock, the broker, the feed and the history of a live day, at the vendors or at a local exchange.

#include <functional>
#include <memory>

#include "sentio/feeds/live_feed.h"
#include "sentio/live/live_endpoints.h"
#include "sentio/live/live_pacer.h"
#include "sentio/ports/live_broker.h"

namespace sentio {

struct LiveClock {
  std::unique_ptr<LivePacer> pacer;
  LockStepPacer* lock_step = nullptr;  ///< the same object where an exchange-sim moves time
  SessionHours hours;
  int last_minute = 0;  ///< the session's, or that of a rehearsal's window
  bool simulated = false;
  double pace = 1;  ///< its seconds per real one; of lock step, which leaps, more than any day needs
};

/// The system's clock and today's session in New York, or an exchange-sim's. Errors: Errc::no_session.
[[nodiscard]] Result<LiveClock> open_clock(const LiveEndpoints& endpoints);

enum class FeedVendor { alpaca, polygon };

/// What a broker is made of.
struct BrokerParts {
  const LiveEndpoints& endpoints;
  const LiveKeys& keys;
  const Universe& universe;  ///< it and the pacer outlive the broker
  LivePacer& pacer;          ///< on whose clock it runs, and whom it wakes when it has news
};
/// Errors: an address or keys that are none.
using BrokerMaker = std::function<Result<std::unique_ptr<LiveBrokerInterface>>(const BrokerParts&)>;

/// Who else makes what a day is connected to (tests); where one is empty the endpoints say who does.
struct LiveMakers {
  std::function<Result<LiveClock>()> clock;
  BrokerMaker broker;
  std::function<Result<std::unique_ptr<LiveFeed>>(LivePacer&, std::optional<TimePoint> backfill_from)> feed;
};

/// Everything that needs keys and addresses: the one place that names the vendors' classes. The universe and the pacer outlive what is made.
class LiveConnector {
 public:
  LiveConnector(LiveEndpoints endpoints, LiveKeys keys, std::string alpaca_feed, const Universe& universe,
                LivePacer& pacer, LiveMakers makers = {});
  /// LiveEndpoints::broker's. Errors: Errc::usage: nobody knows that name.
  [[nodiscard]] Result<std::unique_ptr<LiveBrokerInterface>> broker() const;
  [[nodiscard]] Result<std::unique_ptr<BarHistory>> history(FeedVendor vendor) const;
  /// `backfill_from`: the first minute wanted; none: from now on. `alpaca_quotes`: Polygon always sends them.
  [[nodiscard]] Result<std::unique_ptr<LiveFeed>> feed(FeedVendor vendor, std::optional<TimePoint> backfill_from,
                                                       bool alpaca_quotes = false) const;

 private:
  LiveEndpoints endpoints_;
  LiveKeys keys_;
  std::string alpaca_feed_;
  const Universe& universe_;
  LivePacer& pacer_;
  LiveMakers makers_;
};

}  // namespace sentio
