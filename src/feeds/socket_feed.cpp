#include "socket_feed.h"

#include <utility>

#include "sentio/core/check.h"
#include "sentio/log/log.h"

namespace sentio {
namespace {

constexpr std::chrono::milliseconds kTick{50};
constexpr std::chrono::seconds kAnswerMax{10};  // of silence before the subscription stands, wall time
constexpr std::size_t kQueueMax = 65'536;       // then reading stops, and TCP holds the server back
/// Bars of the last minutes before a cut may never have been sent.
constexpr std::chrono::minutes kOverlap{2};
constexpr int kBackfillRounds = 3;
constexpr std::chrono::seconds kBackfillPause{1};  // after the first round; two after the second

Error lost(std::string detail) {
  return {Errc::network, "market data", std::move(detail)};
}

}  // namespace

SocketFeed::SocketFeed(LiveFeedOptions options, MakeProtocol make_protocol,
                       std::unique_ptr<BarHistory> history, std::function<void()> on_ready)
    : options_(std::move(options)),
      make_protocol_(std::move(make_protocol)),
      history_(std::move(history)),
      on_ready_(std::move(on_ready)),
      time_(options_.time),
      socket_(options_.socket),
      bars_wanted_from_(options_.backfill_from) {
  SENTIO_CHECK(!options_.stream_urls.empty());
  if (!options_.now) options_.now = [] { return TimePoint{std::chrono::system_clock::now()}; };
}

SocketFeed::~SocketFeed() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (history_) history_->cancel();
  if (thread_.joinable()) thread_.join();
}

void SocketFeed::start() {
  due_ = time_.due(time_.now());
  thread_ = std::thread([this] { run(); });
}

std::vector<FeedEvent> SocketFeed::poll() {
  std::vector<FeedEvent> events;
  {
    const std::lock_guard lock(mutex_);
    events.swap(queue_);
  }
  changed_.notify_all();
  return events;
}

void SocketFeed::ask() {
  const std::lock_guard lock(mutex_);
  ask_ = true;
  if (!connecting_) ask_due_ = time_.due(time_.now());
}

bool SocketFeed::stopping() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

bool SocketFeed::asked() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(ask_, false)) return false;
  if (!connecting_) due_ = std::move(ask_due_);
  ask_due_.reset();
  return true;
}

void SocketFeed::deliver(std::vector<FeedEvent> events) {
  if (events.empty()) return;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.size() < kQueueMax || stop_; });
    queue_.insert(queue_.end(), std::make_move_iterator(events.begin()),
                  std::make_move_iterator(events.end()));
  }
  if (on_ready_) on_ready_();
}

void SocketFeed::run() {
  const LogThread name("feed");
  ReconnectState reconnect(options_.reconnect, options_.seed);
  while (!stopping()) {
    End end = connection(reconnect);
    due_ = time_.due(time_.now());
    connecting_ = true;
    if (stopping()) return;
    log_line(LogLevel::warn, up_ ? "feed_down" : "feed_refused", {{"error", end.error.message()}});
    auto next = reconnect.ended(time_.now(), end.kind);
    if (std::exchange(up_, false)) {
      deliver({FeedDown{end.error.message()}});
    } else if (next || lost_) {
      deliver({FeedTrouble{"connection failed: " + end.error.message(), end.kind}});
    }
    if (!next) {
      if (!std::exchange(lost_, true)) {
        log_line(LogLevel::error, "feed_given_up", {{"failures", reconnect.failures()}});
        deliver({FeedLost{std::move(end.error)}});
      }
      next = time_.now() + options_.reconnect.delay_max;
    }
    log_line(LogLevel::info, "feed_reconnect", {{"failures", reconnect.failures()}, {"wait_ms", *next - time_.now()}});
    due_ = time_.due(*next);
    std::unique_lock lock(mutex_);
    while (!stop_ && time_.now() < *next) time_.wait(lock, changed_, *next);
  }
}

SocketFeed::End SocketFeed::connection(ReconnectState& reconnect) {
  const std::unique_ptr<FeedProtocol> protocol = make_protocol_();
  authenticate_at_.reset();
  question_.reset();
  (void)asked();  // an older question has its answer
  log_line(LogLevel::info, "feed_connect", {{"url", options_.stream_urls[url_]}});
  if (auto started = socket_.connect(options_.stream_urls[url_]); !started) {
    return {ConnectionEnd::hopeless, started.error()};
  }
  auto heard_at = WallClock::now() + options_.socket.open_timeout;
  while (!stopping()) {
    if (asked() && up_) ask_server(*protocol);
    if (auto end = unanswered()) {
      socket_.close();
      return *end;
    }
    if (authenticate_at_ && time_.now() >= *authenticate_at_) {
      authenticate_at_.reset();
      due_ = time_.due(time_.now());
      heard_at = WallClock::now();
      (void)perform(protocol->authenticate());
    }
    if (!up_ && !authenticate_at_ && WallClock::now() > heard_at + kAnswerMax) {
      socket_.close();
      return {ConnectionEnd::lost, {Errc::timed_out, "market data", "the server does not answer"}};
    }
    auto event = socket_.next(kTick);
    if (!event) continue;
    heard_at = WallClock::now();
    if (std::holds_alternative<WsOpened>(*event)) {
      reconnect.opened(time_.now());
    } else if (const auto* message = std::get_if<WsMessage>(&*event)) {
      ProtocolStep step = protocol->received(message->data);
      bool data = false;
      for (FeedEvent& told : step.events) {
        auto* bar = std::get_if<FeedBar>(&told);
        if (bar != nullptr) bar->received = heard_at;
        data = data || bar != nullptr || std::holds_alternative<FeedHalt>(told) || std::holds_alternative<FeedQuote>(told);
      }
      heard_frame(data);
      const auto end = perform(std::move(step));
      if (up_) reconnect.worked();
      if (end) {
        socket_.close();
        return *end;
      }
    } else if (const auto* closed = std::get_if<WsClosed>(&*event)) {
      return {ConnectionEnd::lost, lost("closed by the server (" + std::to_string(closed->code) + ")")};
    } else if (const auto* failed = std::get_if<WsFailed>(&*event)) {
      // Not even an HTTP answer: the other host may be there.
      if (!failed->was_open && failed->http_status == 0) url_ = (url_ + 1) % options_.stream_urls.size();
      return {connection_end(failed->http_status), failed->error};
    }
  }
  socket_.close();
  return {ConnectionEnd::lost, lost("shutting down")};
}

std::optional<SocketFeed::End> SocketFeed::perform(ProtocolStep step) {
  for (std::string& text : step.send)
    (void)socket_.send_text(std::move(text));  // a broken socket says so itself
  if (step.authenticate_after) {
    authenticate_at_ = time_.now() + *step.authenticate_after;
    due_ = time_.due(*authenticate_at_);
  }
  if (step.subscribed && !up_) {
    log_line(LogLevel::info, "feed_subscribed");
    back_fill();
    up_ = true;
    lost_ = false;
    std::vector<FeedEvent> whole;
    whole.emplace_back(FeedUp{});
    deliver(std::move(whole));
    connecting_ = false;
    due_.reset();
  }
  if (step.events.empty() && up_ && !step.subscribed) step.events.emplace_back(FeedAlive{});
  if (up_) bars_wanted_from_ = std::chrono::floor<std::chrono::minutes>(options_.now()) - kOverlap;
  deliver(std::move(step.events));
  return std::move(step.end);
}

/// The socket is well, and its bars wait meanwhile: what history gives in time, and no more.
void SocketFeed::back_fill() {
  if (!history_ || !bars_wanted_from_ || *bars_wanted_from_ >= options_.now()) return;
  const FetchPatience patience{
      .tries = 1, .try_max = options_.backfill_try_max, .until = WallClock::now() + options_.backfill_max};
  for (int round = 1; !stopping(); ++round) {
    const auto began = WallClock::now();
    FetchedBars fetched = history_->fetch_some(*bars_wanted_from_, options_.now(), patience);
    const std::chrono::nanoseconds took = WallClock::now() - began;
    if (fetched.error) {
      log_line(LogLevel::warn, "back_fill_failed",
               {{"bars", fetched.bars.size()}, {"ms", took}, {"error", fetched.error->message()}});
    } else {
      log_line(LogLevel::info, "back_fill",
               {{"from", format_utc(*bars_wanted_from_)}, {"bars", fetched.bars.size()}, {"ms", took}});
    }
    std::vector<FeedEvent> events;
    events.reserve(fetched.bars.size() + 1);
    for (const SymbolBar& b : fetched.bars) {
      events.emplace_back(FeedBar{.symbol = b.symbol, .bar = b.bar, .revised = false, .backfill = true});
    }
    if (fetched.error) events.emplace_back(FeedNote{"back-fill: " + fetched.error->message()});
    deliver(std::move(events));
    if (!fetched.error || round == kBackfillRounds) return;
    std::unique_lock lock(mutex_);
    if (time_.pause(lock, changed_, round * kBackfillPause, [this] { return stop_; })) return;
    if (WallClock::now() >= *patience.until) return;
  }
}

/// Over the connection that there is: a new one would be refused where an old session lingers.
void SocketFeed::ask_server(const FeedProtocol& protocol) {
  log_line(LogLevel::info, "feed_question");
  (void)socket_.send_text(protocol.question());  // a broken socket says so itself
  due_ = time_.due(time_.now());
  question_ = Question{.answer_by = WallClock::now() + options_.answer_max, .data_by = time_.now() + options_.silence_max};
}

void SocketFeed::heard_frame(bool data) {
  if (!question_) return;
  if (data) {
    question_.reset();
    due_.reset();
  } else if (!std::exchange(question_->answered, true)) {
    due_ = time_.due(question_->data_by);
  }
}

std::optional<SocketFeed::End> SocketFeed::unanswered() const {
  if (!question_) return std::nullopt;
  if (!question_->answered && WallClock::now() >= question_->answer_by) {
    return End{ConnectionEnd::lost, lost("mute, and no answer to a question: connecting again")};
  }
  // A session that has lost its subscriptions answers, too.
  if (question_->answered && time_.now() >= question_->data_by) {
    return End{ConnectionEnd::lost, lost("answers, and sends nothing: connecting again")};
  }
  return std::nullopt;
}

AlpacaMultiSymbolFeed::AlpacaMultiSymbolFeed(const Universe& universe, LiveFeedOptions options,
                                             std::unique_ptr<BarHistory> history,
                                             std::function<void()> on_ready) {
  auto make = [&universe, key = options.key_id, secret = options.secret_key, quotes = options.quotes] {
    return make_alpaca_protocol(universe, key, secret, quotes);
  };
  feed_ = std::make_unique<SocketFeed>(std::move(options), std::move(make), std::move(history),
                                       std::move(on_ready));
}

PolygonMultiSymbolFeed::PolygonMultiSymbolFeed(const Universe& universe, LiveFeedOptions options,
                                               std::unique_ptr<BarHistory> history,
                                               std::function<void()> on_ready) {
  auto make = [&universe, key = options.key_id, quotes = options.quotes] {
    return make_polygon_protocol(universe, key, quotes);
  };
  feed_ = std::make_unique<SocketFeed>(std::move(options), std::move(make), std::move(history),
                                       std::move(on_ready));
}

std::vector<std::string> alpaca_stream_urls(const std::string& feed) {
  return {"wss://stream.data.alpaca.markets/v2/" + feed};
}

std::vector<std::string> polygon_stream_urls() {
  return {"wss://socket.massive.com/stocks", "wss://socket.polygon.io/stocks"};
}

}  // namespace sentio
