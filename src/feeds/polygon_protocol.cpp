#include <utility>

#include "sentio/feeds/feed_protocol.h"
#include "sentio/feeds/polygon_messages.h"

namespace sentio {
namespace {

class PolygonProtocol final : public FeedProtocol {
 public:
  PolygonProtocol(const Universe& universe, std::string api_key, bool quotes)
      : universe_(universe), api_key_(std::move(api_key)), quotes_(quotes) {}

  ProtocolStep received(std::string_view frame) override {
    auto parsed = parse_polygon_frame(frame, universe_);
    ProtocolStep step;
    if (!parsed) {
      step.events.emplace_back(FeedNote{parsed.error().message()});
      return step;
    }
    step.events = std::move(parsed->events);
    for (const PolygonStatus& status : parsed->statuses) on(status, step);
    return step;
  }

  ProtocolStep authenticate() override {
    ProtocolStep step;
    step.send.push_back(polygon_auth_message(api_key_));
    return step;
  }

  std::string question() const override { return polygon_subscribe_message(universe_, quotes_); }

 private:
  void on(const PolygonStatus& status, ProtocolStep& step) {
    using Kind = PolygonStatus::Kind;
    switch (status.kind) {
      case Kind::connected:
        step.send.push_back(polygon_auth_message(api_key_));
        return;
      case Kind::auth_success:
        step.send.push_back(polygon_subscribe_message(universe_, quotes_));
        return;
      case Kind::success:
        step.subscribed = true;
        return;
      case Kind::auth_failed:
        return end(step, ConnectionEnd::hopeless, Errc::unauthorized, status.message);
      case Kind::auth_timeout:
        return end(step, ConnectionEnd::lost, Errc::timed_out, status.message);
      case Kind::max_connections:
        // It comes after a connect, auth and subscribe that all succeeded.
        return end(step, ConnectionEnd::crowded, Errc::rejected, "max_connections");
      case Kind::error:
      case Kind::other:
        step.events.emplace_back(FeedNote{"polygon: " + status.message});
        return;
    }
  }

  static void end(ProtocolStep& step, ConnectionEnd kind, Errc code, std::string text) {
    step.end = ProtocolStep::End{kind, Error{code, "polygon data", std::move(text)}};
  }

  const Universe& universe_;
  std::string api_key_;
  bool quotes_;
};

}  // namespace

std::unique_ptr<FeedProtocol> make_polygon_protocol(const Universe& universe, std::string api_key,
                                                    bool quotes) {
  return std::make_unique<PolygonProtocol>(universe, std::move(api_key), quotes);
}

}  // namespace sentio
