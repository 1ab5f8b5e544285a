#include "run/connect_patience.h"

#include <utility>

namespace sentio {
namespace {

constexpr std::chrono::seconds kNetworkMax{30}, kCrowdMax{180};

}  // namespace

void ConnectPatience::hear(const FeedEvent& event) {
  if (const auto* trouble = std::get_if<FeedTrouble>(&event)) {
    heard(trouble->text, trouble->kind == ConnectionEnd::crowded);
  } else if (const auto* note = std::get_if<FeedNote>(&event)) {
    heard(note->text, crowded_);
  } else if (const auto* down = std::get_if<FeedDown>(&event)) {
    heard(down->why, crowded_);
  } else if (const auto* gone = std::get_if<FeedLost>(&event)) {
    lost_ = gone->error;
  }
}

void ConnectPatience::hear(const BrokerNotice& notice) {
  using Kind = BrokerNotice::Kind;
  if (notice.kind == Kind::stream_down || notice.kind == Kind::stream_crowded) {
    heard(notice.text, notice.kind == Kind::stream_crowded);
  } else if (notice.kind == Kind::stream_lost) {
    lost_ = Error{Errc::unauthorized, what_, notice.text};
  }
}

void ConnectPatience::heard(std::string text, bool crowded) {
  heard_ = std::move(text);
  crowded_ = crowded;
}

std::optional<std::string> ConnectPatience::crowd_news() {
  if (!crowded_ || !crowds_pass_ || std::exchange(crowd_told_, true)) return std::nullopt;
  return what_ + ": the server has no place for us yet (" + heard_ + "); an earlier connection may still count there, " +
         "waiting for three minutes" + (until_open_ ? ", before the open until then" : "");
}

bool ConnectPatience::over(std::chrono::nanoseconds real, std::chrono::nanoseconds clock, bool before_open) const {
  if (real <= kNetworkMax) return false;
  return !(crowded_ && crowds_pass_ && (clock <= kCrowdMax || (before_open && until_open_)));
}

Error ConnectPatience::error(std::chrono::nanoseconds waited) const {
  const auto seconds = std::chrono::round<std::chrono::seconds>(waited).count();
  return {Errc::timed_out, what_,
          "no connection within " + std::to_string(seconds) + " s; " +
              (heard_.empty() ? "is the network up?" : "heard last: " + heard_)};
}

std::string data_cure(const Error& error, bool polygon, const std::string& alpaca_feed) {
  if (polygon) return error.code == Errc::unauthorized ? "; check POLYGON_API_KEY and its plan" : "";
  if (error.code == Errc::unauthorized) return "; check the API keys, and whether their plan has this data";
  if (error.code == Errc::rejected && alpaca_feed == "sip") return "; --alpaca-feed iex needs no paid plan";
  return "";
}

}  // namespace sentio
