#pragma once
/// Frames of Alpaca's stock data socket (JSON). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/feeds/feed_event.h"

namespace sentio {

struct AlpacaControl {
  enum class Kind { connected, authenticated, subscription, error };
  Kind kind = Kind::error;
  int code = 0;                   ///< of an error
  std::string message;            ///< of an error
  std::vector<std::string> bars;  ///< of a subscription: the whole set
};

struct AlpacaFrame {
  std::vector<FeedEvent> events;  ///< bars, quotes, halts and notes, in the frame's order
  std::vector<AlpacaControl> controls;
};

/// Every message is an array of objects. Symbols outside the universe and kinds we did not ask for are
/// skipped; a row that does not read becomes a FeedNote and the rest goes on. Errc::malformed: not a JSON
/// array.
[[nodiscard]] Result<AlpacaFrame> parse_alpaca_frame(std::string_view frame, const Universe& universe);

/// What a trading status means: true halted, false trading again, nullopt neither (imbalances, indications,
/// short sale restrictions, and `Q`: quotes are back, trading is not). Tapes A and B speak another alphabet
/// than C and O.
[[nodiscard]] std::optional<bool> halt_from_status(std::string_view code, std::string_view tape);

[[nodiscard]] std::string alpaca_auth_message(std::string_view key, std::string_view secret);
/// bars, updatedBars, statuses (and quotes, if asked) of all symbols of the universe.
[[nodiscard]] std::string alpaca_subscribe_message(const Universe& universe, bool quotes = false);
/// bars alone, of all symbols.
[[nodiscard]] std::string alpaca_subscribe_bars_message(const Universe& universe);

}  // namespace sentio
