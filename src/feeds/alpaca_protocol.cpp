#include <algorithm>
#include <utility>

#include "sentio/feeds/alpaca_messages.h"
#include "sentio/feeds/feed_protocol.h"

namespace sentio {
namespace {

/// 0.5 s · min(n, 10): thirty tries last 127 s; a dead session has been seen to linger for 90.
constexpr int kAuthTriesMax = 30;

class AlpacaProtocol final : public FeedProtocol {
 public:
  AlpacaProtocol(const Universe& universe, std::string key_id, std::string secret_key, bool quotes)
      : universe_(universe), key_id_(std::move(key_id)), secret_key_(std::move(secret_key)), quotes_(quotes) {}

  ProtocolStep received(std::string_view frame) override {
    auto parsed = parse_alpaca_frame(frame, universe_);
    ProtocolStep step;
    if (!parsed) {
      step.events.emplace_back(FeedNote{parsed.error().message()});
      return step;
    }
    step.events = std::move(parsed->events);
    for (const AlpacaControl& control : parsed->controls) on(control, step);
    return step;
  }

  ProtocolStep authenticate() override {
    ProtocolStep step;
    step.send.push_back(alpaca_auth_message(key_id_, secret_key_));
    return step;
  }

  std::string question() const override { return subscription(); }

 private:
  [[nodiscard]] std::string subscription() const {
    return bars_only_ ? alpaca_subscribe_bars_message(universe_) : alpaca_subscribe_message(universe_, quotes_);
  }

  void on(const AlpacaControl& control, ProtocolStep& step) {
    switch (control.kind) {
      case AlpacaControl::Kind::connected:
        step.send.push_back(alpaca_auth_message(key_id_, secret_key_));
        break;
      case AlpacaControl::Kind::authenticated:
        step.send.push_back(subscription());
        break;
      case AlpacaControl::Kind::subscription:
        on_subscription(control, step);
        break;
      case AlpacaControl::Kind::error:
        on_error(control, step);
        break;
    }
  }

  void on_subscription(const AlpacaControl& control, ProtocolStep& step) {
    for (const SymbolInfo& symbol : universe_) {
      const auto& bars = control.bars;
      if (std::find(bars.begin(), bars.end(), symbol.name) == bars.end() &&
          std::find(bars.begin(), bars.end(), "*") == bars.end()) {
        return end(step, ConnectionEnd::lost, Errc::rejected,
                   "the server left out the bars of " + symbol.name);
      }
    }
    step.subscribed = subscribed_ = true;
  }

  /// Plans count instruments, and not every stream has every channel. Bars alone are worth trading on.
  void ask_for_less(const std::string& text, ProtocolStep& step) {
    if (subscribed_) {  // asked again: what stands stays
      step.events.emplace_back(FeedNote{"alpaca data: " + text});
      return;
    }
    if (std::exchange(bars_only_, true)) return end(step, ConnectionEnd::hopeless, Errc::rejected, text);
    step.events.emplace_back(FeedWithoutHalts{"alpaca data: " + text});
    step.send.push_back(subscription());
  }

  void on_error(const AlpacaControl& control, ProtocolStep& step) {
    const std::string text = std::to_string(control.code) + " " + control.message;
    switch (control.code) {
      case 401:
        step.send.push_back(alpaca_auth_message(key_id_, secret_key_));
        return;
      case 403:
        return;  // already authenticated
      case 406:
        if (++auth_tries_ >= kAuthTriesMax) return end(step, ConnectionEnd::crowded, Errc::rejected, text);
        step.authenticate_after = std::chrono::milliseconds{500} * std::min(auth_tries_, 10);
        step.events.emplace_back(FeedTrouble{"alpaca data: " + text, ConnectionEnd::crowded});
        return;
      case 407:
        step.events.emplace_back(FeedNote{"alpaca data: " + text});
        return;
      case 402:
      case 411:
        return end(step, ConnectionEnd::hopeless, Errc::unauthorized, text);
      case 405:
      case 410:
        return ask_for_less(text, step);
      case 400:
      case 408:
      case 409:
        return end(step, ConnectionEnd::hopeless, Errc::rejected, text);
      default:
        return end(step, ConnectionEnd::lost, Errc::network, text);
    }
  }

  static void end(ProtocolStep& step, ConnectionEnd kind, Errc code, std::string text) {
    step.end = ProtocolStep::End{kind, Error{code, "alpaca data", std::move(text)}};
  }

  const Universe& universe_;
  std::string key_id_, secret_key_;
  bool quotes_;
  bool bars_only_ = false, subscribed_ = false;
  int auth_tries_ = 0;
};

}  // namespace

std::unique_ptr<FeedProtocol> make_alpaca_protocol(const Universe& universe, std::string key_id,
                                                   std::string secret_key, bool quotes) {
  return std::make_unique<AlpacaProtocol>(universe, std::move(key_id), std::move(secret_key), quotes);
}

}  // namespace sentio
