#include "sentio/live/live_connections.h"

#include <algorithm>
#include <array>

#include "sentio/broker/alpaca_broker.h"

namespace sentio {
namespace {

constexpr double kLockStepPace = 1e6;

Result<SessionHours> session_on(Date date) {
  const auto hours = NyseCalendar::session(date);
  if (hours) return *hours;
  return fail(Errc::no_session, format_date(date),
              "no session: " + std::string(NyseCalendar::closure_reason(date)));
}

/// The control socket is the first connection at all: what it meets is what the others would.
Error no_exchange(const std::string& control_url, Error error) {
  if (error.code != Errc::network && error.code != Errc::timed_out) return error;
  const std::string_view url = control_url;
  const bool secure = url.starts_with("wss://");
  const auto authority = url.substr(url.find("://"), url.rfind('/') - url.find("://"));
  error.where = (secure ? "https" : "http") + std::string(authority);
  error.detail += secure ? "; is an exchange-sim there, with a certificate for this address that --ca-file vouches for?"
                         : "; is an exchange-sim running there?";
  return error;
}

Result<std::unique_ptr<LiveBrokerInterface>> alpaca_account(const BrokerParts& parts) {
  AlpacaBrokerOptions o{.trading_url = parts.endpoints.trading_url, .stream_url = parts.endpoints.stream_url};
  o.key_id = parts.keys.key_id;
  o.secret_key = parts.keys.secret_key;
  o.extra_ca_file = parts.endpoints.extra_ca_file;
  o.time = parts.pacer.timeline();
  o.now = [&pacer = parts.pacer] { return pacer.now(); };
  auto broker = AlpacaBroker::create(std::move(o), parts.universe, [&pacer = parts.pacer] { pacer.wake(); });
  if (!broker) return tl::unexpected(broker.error());
  return std::unique_ptr<LiveBrokerInterface>(*std::move(broker));
}

struct NamedBroker {
  std::string_view name;
  Result<std::unique_ptr<LiveBrokerInterface>> (*make)(const BrokerParts&);
};

/// Another broker is another line (docs/adding-a-broker.md).
constexpr std::array<NamedBroker, 1> kBrokers{{{"alpaca", alpaca_account}}};

}  // namespace

Result<LiveClock> open_clock(const LiveEndpoints& endpoints) {
  LiveClock clock;
  if (endpoints.control_url.empty()) {
    const auto now = [] { return TimePoint{std::chrono::system_clock::now()}; };
    const auto hours = session_on(new_york_date(now()));
    if (!hours) return tl::unexpected(hours.error());
    clock.hours = *hours;
    clock.last_minute = hours->minutes - 1;
    clock.pacer = std::make_unique<RealTimePacer>(now);
    return clock;
  }
  ExchangeControl control;
  const auto hello = control.connect(endpoints.control_url, endpoints.extra_ca_file);
  if (!hello) return tl::unexpected(no_exchange(endpoints.control_url, hello.error()));
  const auto hours = session_on(hello->date);
  if (!hours) return tl::unexpected(hours.error());
  clock.hours = *hours;
  clock.last_minute = hello->last_minute;
  clock.simulated = true;
  if (hello->lock_step) {
    auto pacer = std::make_unique<LockStepPacer>(std::move(control), *hello, *hours);
    clock.lock_step = pacer.get();
    clock.pace = kLockStepPace;
    clock.pacer = std::move(pacer);
  } else {
    using Steady = std::chrono::steady_clock;
    const auto now = [at = hello->now, since = Steady::now(), speed = hello->speed] {
      return at + std::chrono::duration_cast<std::chrono::nanoseconds>((Steady::now() - since) * speed);
    };
    clock.pace = hello->speed;
    clock.pacer = std::make_unique<RealTimePacer>(now, hello->speed);
  }
  return clock;
}

LiveConnector::LiveConnector(LiveEndpoints endpoints, LiveKeys keys, std::string alpaca_feed,
                             const Universe& universe, LivePacer& pacer, LiveMakers makers)
    : endpoints_(std::move(endpoints)),
      keys_(std::move(keys)),
      alpaca_feed_(std::move(alpaca_feed)),
      universe_(universe),
      pacer_(pacer),
      makers_(std::move(makers)) {}

Result<std::unique_ptr<LiveBrokerInterface>> LiveConnector::broker() const {
  const BrokerParts parts{.endpoints = endpoints_, .keys = keys_, .universe = universe_, .pacer = pacer_};
  if (makers_.broker) return makers_.broker(parts);
  const auto* known = std::find_if(kBrokers.begin(), kBrokers.end(),
                                   [this](const NamedBroker& b) { return b.name == endpoints_.broker; });
  if (known == kBrokers.end()) return fail(Errc::usage, endpoints_.broker, "is no broker of this program");
  return known->make(parts);
}

Result<std::unique_ptr<BarHistory>> LiveConnector::history(FeedVendor vendor) const {
  BarHistoryOptions o{.base_url = endpoints_.data_url, .key_id = keys_.key_id, .secret_key = keys_.secret_key};
  o.feed = alpaca_feed_;
  o.extra_ca_file = endpoints_.extra_ca_file;
  o.time = pacer_.timeline();
  o.now = [&pacer = pacer_] { return pacer.now(); };
  if (vendor == FeedVendor::alpaca) return make_alpaca_history(universe_, std::move(o));
  o.base_url = endpoints_.polygon_url;
  o.key_id = keys_.polygon_key;
  o.secret_key.clear();
  return make_polygon_history(universe_, std::move(o));
}

Result<std::unique_ptr<LiveFeed>> LiveConnector::feed(FeedVendor vendor, std::optional<TimePoint> backfill_from,
                                                      bool alpaca_quotes) const {
  if (makers_.feed) return makers_.feed(pacer_, backfill_from);
  auto past = history(vendor);
  if (!past) return tl::unexpected(past.error());
  const bool alpaca = vendor == FeedVendor::alpaca;
  LiveFeedOptions o;
  o.stream_urls = alpaca ? endpoints_.alpaca_stream_urls : endpoints_.polygon_stream_urls;
  o.key_id = alpaca ? keys_.key_id : keys_.polygon_key;
  if (alpaca) o.secret_key = keys_.secret_key;
  o.quotes = !alpaca || alpaca_quotes;
  o.socket.extra_ca_file = endpoints_.extra_ca_file;
  o.time = pacer_.timeline();
  o.now = [&pacer = pacer_] { return pacer.now(); };
  o.backfill_from = backfill_from;
  const auto wake = [&pacer = pacer_] { pacer.wake(); };
  if (alpaca) {
    return std::make_unique<AlpacaMultiSymbolFeed>(universe_, std::move(o), *std::move(past), wake);
  }
  return std::make_unique<PolygonMultiSymbolFeed>(universe_, std::move(o), *std::move(past), wake);
}

}  // namespace sentio
