/// A live day's market data: frames taken in, halts, symbols that fall silent, minutes that are complete.

#include <utility>

#include "day/live_day.h"
#include "sentio/core/text/text.h"

namespace sentio {

std::uint64_t LiveDay::collect() {
  inbox_.hear(feed_.poll());
  return inbox_.items();
}

Result<> LiveDay::on_feed(const FeedEvent& event) {
  assembler_.on(now_, event);
  if (const auto* bar = std::get_if<FeedBar>(&event)) {
    arrivals_.bar(bar->bar.start, bar->received);
    return end_doubtful_halt(*bar);
  }
  if (std::holds_alternative<FeedUp>(event)) arrivals_.feed_up();
  if (const auto* quote = std::get_if<FeedQuote>(&event)) {
    spreads_.on(*quote);
    quotes_.on(*quote);
  }
  if (const auto* halt = std::get_if<FeedHalt>(&event)) return on_halt(*halt);
  if (const auto* down = std::get_if<FeedDown>(&event)) {
    halts_.gap();
    return log("market data is down: " + down->why);
  }
  if (std::holds_alternative<FeedUp>(event)) return on_feed_up();
  if (const auto* trouble = std::get_if<FeedTrouble>(&event)) {
    // A cut of seconds is no news; that we are not wanted is.
    if (trouble->kind == ConnectionEnd::hopeless && !std::exchange(feed_refusal_told_, true)) {
      alert(AlertKind::feed_mute, "market data is refused, trying until the close; no entries meanwhile: " + trouble->text);
    }
    return log("market data: " + trouble->text);
  }
  if (const auto* bars_alone = std::get_if<FeedWithoutHalts>(&event)) {
    const std::string text = "halts are not seen, the server gives bars alone: " + bars_alone->why;
    if (!std::exchange(halts_unseen_told_, true)) alert(AlertKind::trouble, text);
    return log(text);
  }
  if (const auto* told = std::get_if<FeedNote>(&event)) return log("market data: " + told->text);
  if (const auto* lost = std::get_if<FeedLost>(&event)) {
    feed_refusal_told_ = true;
    const std::string text = "market data is lost, and tried every minute: " + lost->error.message();
    alert(AlertKind::feed_mute, text);
    return log(text);
  }
  return {};
}

Result<> LiveDay::on_halt(const FeedHalt& halt) {
  halts_.told(halt.symbol, halt.halted, now_);
  silent_.halted(halt.symbol, halt.halted);
  if (auto done = note("halt", names_[halt.symbol] + " " + halt.code + " " + halt.reason); !done) return done;
  return step(SymbolHalted{halt.symbol, halt.halted});
}

Result<> LiveDay::on_feed_up() {
  feed_refusal_told_ = false;
  std::vector<std::string> doubtful;
  for (const SymbolId symbol : halts_.doubtful()) doubtful.push_back(names_[symbol]);
  return log(doubtful.empty() ? "market data is up"
                              : "market data is up; halted before, and taken for halted until they trade: " + joined(doubtful));
}

Result<> LiveDay::end_doubtful_halt(const FeedBar& bar) {
  if (!halts_.trades_again(bar.symbol, bar.bar.start)) return {};
  silent_.halted(bar.symbol, false);
  if (auto done = log(names_[bar.symbol] + " trades again: the end of its halt was missed"); !done) return done;
  return step(SymbolHalted{bar.symbol, false});
}

/// Once when it begins and once when it ends.
Result<> LiveDay::tell_silent(const BarsArrived& set) {
  bool asked = false;
  for (const SilentSymbols::News& news : silent_.on_set(set)) {
    const std::string minutes = std::to_string(news.minutes) + (news.minutes == 1 ? " minute" : " minutes");
    const std::string text =
        names_[news.symbol] + (news.silent ? ": no bar for " + minutes + ", while " + std::to_string(news.others) + " of " +
                                                 std::to_string(names_.size() - 1) + " others have theirs"
                                           : ": bars again after " + minutes);
    alert(AlertKind::trouble, text);
    if (auto done = log(text); !done) return done;
    if (news.silent && !std::exchange(asked, true)) feed_.ask();
  }
  return {};
}

Result<> LiveDay::on_assembled(const AssemblerEvent& event) {
  if (const auto* late = std::get_if<LateBar>(&event)) {
    return note("late_bar", describe(late->bar, names_[late->bar.symbol]));
  }
  if (const auto* mute = std::get_if<FeedMute>(&event)) {
    gate_.set(EntryStop::market_data_silent, mute->mute, "market data is silent");
    if (mute->mute) {
      feed_.ask();
      alert(AlertKind::feed_mute, "market data is silent, asking the server; no entries meanwhile");
    }
    if (auto done = log(mute->mute ? "market data is silent: asking the server" : "market data speaks again"); !done) {
      return done;
    }
    return update_suspension();
  }
  const auto& set = std::get<BarsArrived>(event);
  const auto fits = session_->fits(now_, set);
  return fits ? on_set(set) : step_without_bars(set, fits.error());
}

}  // namespace sentio
