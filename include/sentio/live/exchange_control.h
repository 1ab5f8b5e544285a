#pragma once
/// The driver's end of exchange-sim's /control socket (docs/exchange-sim.md).

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "sentio/core/time.h"
#include "sentio/net/websocket_client.h"

namespace sentio {

/// What the exchange says with its greeting, its announcements and its answers.
struct ExchangeTold {
  std::string type;  ///< hello, minute, time, closed; ok
  TimePoint now{};
  std::uint64_t updates = 0, items = 0;  ///< sent so far
  int data_sockets = 0, streams = 0;     ///< authenticated and alive
  // hello only
  Date date{};
  int last_minute = -1;
  bool lock_step = true;
  double speed = 0;
  // hello and minute
  int minute = -1;
};

/// One message. "ok" stands by its type alone; an "error" is one here. Errors: malformed, and what the exchange said.
[[nodiscard]] Result<ExchangeTold> parse_exchange_told(std::string_view frame);

/// Blocking. Threads  one at a time.
class ExchangeControl {
 public:
  /// Connects and reads the greeting.
  [[nodiscard]] Result<ExchangeTold> connect(const std::string& url, const std::string& extra_ca_file = {});
  [[nodiscard]] Result<ExchangeTold> acknowledge(int minute);
  /// Lock step: time goes to `to`, at most to just before the next minute's end.
  [[nodiscard]] Result<ExchangeTold> advance(TimePoint to);

 private:
  /// The answer of type `type` (minute: another one than `not_minute`); what the exchange repeats for a driver that
  /// was killed is passed over.
  [[nodiscard]] Result<ExchangeTold> ask(const nlohmann::json& message, std::string_view type, int not_minute);
  [[nodiscard]] Result<ExchangeTold> read();
  std::unique_ptr<WebSocketClient> socket_;
};

}  // namespace sentio
