#include "sentio/broker/alpaca_broker.h"

#include <atomic>
#include <utility>

#include "order_desk.h"
#include "order_poller.h"
#include "sentio/broker/alpaca_wire.h"
#include "sentio/core/check.h"
#include "sentio/core/text/json_line.h"
#include "trade_stream.h"

namespace sentio {
namespace {

/// Orders of one set that go out side by side: as many as positions usually are.
constexpr int kLanes = 3;

constexpr const char* kCheckKeys =
    "; check the API keys, and that they belong to this kind of account, paper or real";

Result<HttpClient> make_client(const AlpacaBrokerOptions& options) {
  HttpClientOptions http;
  http.base_url = options.trading_url;
  http.default_headers = {{"APCA-API-KEY-ID", options.key_id}, {"APCA-API-SECRET-KEY", options.secret_key}};
  http.extra_ca_file = options.extra_ca_file;
  http.plain_text_allowed = options.plain_text_allowed;
  return HttpClient::create(std::move(http));
}

TradeStreamOptions stream_options(const AlpacaBrokerOptions& options) {
  TradeStreamOptions s;
  s.url = options.stream_url;
  s.key_id = options.key_id;
  s.secret_key = options.secret_key;
  s.socket.extra_ca_file = options.extra_ca_file;
  s.socket.plain_text_allowed = options.plain_text_allowed;
  return s;
}

template <class Row, class Turn>
auto each(const std::vector<Row>& rows, Turn turn) {
  std::vector<decltype(turn(rows.front()))> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(turn(row));
  return out;
}

TimePoint system_now() {
  return std::chrono::system_clock::now();
}

}  // namespace

struct AlpacaBroker::Impl {
  struct Clients {
    std::vector<HttpClient> exits, entries;
    HttpClient polls, queries;
  };

  Impl(AlpacaBrokerOptions o, const Universe& u, std::function<void()> on_ready, Clients clients)
      : options(std::move(o)),
        universe(u),
        time(options.time),
        now(options.now ? options.now : system_now),
        budget(time),
        book(std::move(on_ready)),
        queries(std::move(clients.queries), budget, now, 1),
        poller(TradingApi(std::move(clients.polls), budget, now, 2), book, time, now, options.poll_interval,
               [this](const BrokerBook::Followup& next) { follow_up(next); }),
        exits(lanes(std::move(clients.exits), 100), book, time, now, [this] { poller.poll_soon(); }),
        entries(lanes(std::move(clients.entries), 200), book, time, now, [this] { poller.poll_soon(); }),
        stream(stream_options(options), callbacks(), time) {}

  std::vector<TradingApi> lanes(std::vector<HttpClient> clients, std::uint64_t seed) {
    std::vector<TradingApi> all;
    for (HttpClient& client : clients) all.emplace_back(std::move(client), budget, now, ++seed);
    return all;
  }

  /// Members end in reverse order: first nobody may wait for the budget any more.
  ~Impl() {
    budget.stop();
    queries.cancel();
    poller.stop();  // it calls a desk, which ends before it
  }

  TradeStreamCallbacks callbacks() {
    using Kind = BrokerNotice::Kind;
    TradeStreamCallbacks c;
    c.update = [this](const TradeUpdate& update) {
      follow_up(book.apply(update, now()));
      ++updates_received;
    };
    c.up = [this] {
      stream_is_up = true;
      refusal_told = false;
      poller.poll_soon();  // the stream has no replay
      book.note({Kind::stream_up, "", "", "trade_updates: listening"});
    };
    c.down = [this](const std::string& why) {
      stream_is_up = false;
      book.note({Kind::stream_down, "", "", why});
    };
    c.failed = [this](const Error& error, ConnectionEnd kind) {
      // Once per outage: the tries that follow are as likely to be refused.
      const bool keys = error.code == Errc::unauthorized && !std::exchange(refusal_told, true);
      const bool crowded = kind == ConnectionEnd::crowded;
      book.note({keys ? Kind::unauthorized : crowded ? Kind::stream_crowded : Kind::stream_down, "", "",
                 "order events: " + error.message()});
    };
    c.lost = [this](const Error& error) {
      const bool keys = error.code == Errc::unauthorized;
      refusal_told = refusal_told || keys;
      book.note({Kind::stream_lost, "", "", error.message() + (keys ? kCheckKeys : "")});
    };
    c.note = [this](const std::string& text) { book.note({Kind::odd_message, "", "", text}); };
    return c;
  }

  /// What replaced an order of ours is ours.
  auto under_our_names() {
    return [this](const AlpacaOrder& alpaca) {
      BrokerOrder order = as_order(alpaca);
      book.look([&](const OrderTracker& tracker) {
        if (const TrackedOrder* ours = tracker.owner(alpaca)) order.client_order_id = ours->client_order_id;
      });
      return order;
    };
  }
  void follow_up(const BrokerBook::Followup& next) {
    if (next.what == BrokerBook::Followup::What::cancel) exits.cancel(next.client_order_id);
    if (next.what == BrokerBook::Followup::What::look_up) exits.look_up(next.client_order_id);
    if (next.what == BrokerBook::Followup::What::poll) poller.poll_soon();
  }

  Result<std::string> get(std::string path, TradingApi::Query query = {}, bool urgent = false) {
    const std::lock_guard lock(queries_mutex);
    return queries.get(std::move(path), std::move(query), urgent ? Urgency::exit : Urgency::background,
                       urgent ? 1 : 4);
  }
  WriteOutcome remove(std::string path, TradingApi::Query query = {}) {
    const std::lock_guard lock(queries_mutex);
    return queries.write("DELETE", std::move(path), std::move(query), std::nullopt, Urgency::exit);
  }

  AlpacaBrokerOptions options;
  const Universe& universe;
  Timeline time;
  std::function<TimePoint()> now;
  RequestBudget budget;
  BrokerBook book;
  std::mutex queries_mutex;
  TradingApi queries;
  OrderPoller poller;
  /// A sell must not wait for buys: two desks. Cancels go over the first.
  OrderDesk exits, entries;
  OrderDesk& desk_of(const Order& order) { return order.side == Side::sell ? exits : entries; }
  std::atomic<bool> stream_is_up{false};
  bool refusal_told = false;  ///< the stream's thread
  std::atomic<std::uint64_t> updates_received{0};
  TradeStream stream;
};

Result<std::unique_ptr<AlpacaBroker>> AlpacaBroker::create(AlpacaBrokerOptions options,
                                                           const Universe& universe,
                                                           std::function<void()> on_ready) {
  if (options.key_id.empty() || options.secret_key.empty()) {
    return fail(Errc::usage, "alpaca", "the API keys are missing");
  }
  std::vector<HttpClient> clients;
  for (int i = 0; i < 2 * kLanes + 2; ++i) {
    auto client = make_client(options);
    if (!client) return tl::unexpected(client.error());
    clients.push_back(*std::move(client));
  }
  const auto take = [&clients] {
    HttpClient client = std::move(clients.back());
    clients.pop_back();
    return client;
  };
  Impl::Clients all{.exits = {}, .entries = {}, .polls = take(), .queries = take()};
  for (int i = 0; i < kLanes; ++i) {
    all.exits.push_back(take());
    all.entries.push_back(take());
  }
  return std::unique_ptr<AlpacaBroker>(new AlpacaBroker(
      std::make_unique<Impl>(std::move(options), universe, std::move(on_ready), std::move(all))));
}

AlpacaBroker::AlpacaBroker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AlpacaBroker::~AlpacaBroker() = default;

void AlpacaBroker::start() {
  impl_->exits.keep_warm();
  impl_->entries.keep_warm();
  impl_->poller.start();
  impl_->stream.start();
}

void AlpacaBroker::submit(const Approved<Order>& approved, TimePoint received) {
  const Order& order = approved.get();
  SENTIO_CHECK(order.symbol < impl_->universe.size());
  const std::string& symbol = impl_->universe[order.symbol].name;
  std::string id = client_order_id(order.key, symbol, order.decided_at);
  // Known to us before the wire knows it: its events may be faster than the answer to the POST.
  impl_->book.with([&](OrderTracker& tracker) { tracker.submit(order, id, symbol, received); });
  impl_->desk_of(order).submit(order, std::move(id), symbol);
  impl_->poller.watch();
}

void AlpacaBroker::cancel(const OrderKey& key) {
  const std::string id = impl_->book.with([&](OrderTracker& tracker) { return tracker.want_cancel(key); });
  if (!id.empty()) impl_->exits.cancel(id);
}

std::vector<Event> AlpacaBroker::poll() {
  return impl_->book.take_events();
}
std::vector<BrokerNotice> AlpacaBroker::notices() {
  return impl_->book.take_notices();
}

std::vector<SentOrder> AlpacaBroker::take_sent() {
  return impl_->book.take_sent();
}

void AlpacaBroker::resume(const Order& order, TimePoint submitted_at, double booked_shares, double booked_usd,
                          bool ended) {
  SENTIO_CHECK(order.symbol < impl_->universe.size());
  const std::string& symbol = impl_->universe[order.symbol].name;
  std::string id = client_order_id(order.key, symbol, order.decided_at);
  impl_->book.with([&](OrderTracker& tracker) {
    tracker.resume(order, id, symbol, submitted_at, booked_shares, booked_usd, ended);
  });
  if (ended) return;
  impl_->desk_of(order).look_up(std::move(id));
  impl_->poller.watch();
}

bool AlpacaBroker::stream_up() const {
  return impl_->stream_is_up;
}
bool AlpacaBroker::idle() const {
  return impl_->exits.idle() && impl_->entries.idle();
}
std::size_t AlpacaBroker::open_order_count() const {
  return impl_->book.look([](const OrderTracker& tracker) { return tracker.open().size(); });
}
std::uint64_t AlpacaBroker::updates_received() const {
  return impl_->updates_received;
}

Result<BrokerAccount> AlpacaBroker::account() {
  return impl_->get("/v2/account")
      .and_then([](const std::string& body) { return parse_account(body); })
      .map(as_account);
}

Result<std::vector<BrokerPosition>> AlpacaBroker::positions(bool urgent) {
  return impl_->get("/v2/positions", {}, urgent)
      .and_then([](const std::string& body) { return parse_positions(body); })
      .map([](const auto& rows) { return each(rows, as_position); });
}

Result<std::vector<BrokerOrder>> AlpacaBroker::open_orders(bool urgent) {
  return impl_->get("/v2/orders", {{"status", "open"}, {"limit", "500"}}, urgent)
      .and_then([](const std::string& body) { return parse_orders(body); })
      .map([this](const auto& rows) { return each(rows, impl_->under_our_names()); });
}

Result<std::vector<BrokerOrder>> AlpacaBroker::orders_since(TimePoint after) {
  const std::lock_guard lock(impl_->queries_mutex);
  return impl_->queries.orders_after(after).map([this](const auto& rows) {
    return each(rows, impl_->under_our_names());
  });
}

Result<std::vector<AccountActivity>> AlpacaBroker::activities_since(TimePoint after) {
  const std::lock_guard lock(impl_->queries_mutex);
  return impl_->queries.activities_after(after).map([](const auto& rows) { return each(rows, as_activity); });
}

Result<MarketClock> AlpacaBroker::clock() {
  return impl_->get("/v2/clock").and_then([](const std::string& body) { return parse_market_clock(body); });
}

Result<std::optional<CalendarDay>> AlpacaBroker::calendar(Date date) {
  const std::string day = format_date(date);
  const auto body = impl_->get("/v2/calendar", {{"start", day}, {"end", day}});
  if (!body) return tl::unexpected(body.error());
  const auto days = parse_calendar(*body);
  if (!days) return tl::unexpected(days.error());
  for (const CalendarDay& d : *days) {
    if (d.date == date) return std::optional(d);
  }
  return std::optional<CalendarDay>{};
}

Result<BrokerAsset> AlpacaBroker::asset(const std::string& symbol) {
  return impl_->get("/v2/assets/" + symbol).and_then([](const std::string& body) {
    return parse_asset(body);
  }).map(as_asset);
}

Result<BrokerOrder> AlpacaBroker::order_by_client_id(const std::string& client_order_id) {
  return impl_->get("/v2/orders:by_client_order_id", {{"client_order_id", client_order_id}})
      .and_then([](const std::string& body) { return parse_order(body); })
      .map(impl_->under_our_names());
}

Result<> AlpacaBroker::cancel_by_broker_id(const std::string& id) {
  const WriteOutcome outcome = impl_->remove("/v2/orders/" + id);
  if (outcome.kind == WriteOutcome::Kind::done) return {};
  if (outcome.kind == WriteOutcome::Kind::refused && refusal(outcome.error) == Refusal::not_cancelable)
    return {};
  return fail(outcome.kind == WriteOutcome::Kind::refused ? Errc::rejected : Errc::network, "cancel " + id,
              outcome.why);
}

Result<std::string> AlpacaBroker::close_position(const std::string& symbol, std::optional<double> shares) {
  TradingApi::Query query;
  if (shares) {
    std::string text;
    append_number(text, *shares);
    query.emplace_back("qty", std::move(text));
  }
  const WriteOutcome outcome = impl_->remove("/v2/positions/" + symbol, std::move(query));
  if (outcome.kind == WriteOutcome::Kind::done) {
    const auto order = parse_order(outcome.body);
    return order ? order->id : std::string();
  }
  if (outcome.kind == WriteOutcome::Kind::refused && refusal(outcome.error) == Refusal::not_found) return std::string();
  return fail(outcome.kind == WriteOutcome::Kind::refused ? Errc::rejected : Errc::network, "close " + symbol,
              outcome.why);
}

}  // namespace sentio
