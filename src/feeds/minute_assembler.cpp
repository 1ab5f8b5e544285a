#include "sentio/feeds/minute_assembler.h"

#include <algorithm>
#include <utility>

#include "sentio/core/check.h"

namespace sentio {

MinuteAssembler::MinuteAssembler(const SessionHours& hours, std::size_t symbols, int first_minute,
                                 TimePoint now, const MinuteAssemblerOptions& options)
    : hours_(hours),
      symbols_(symbols),
      options_(options),
      next_(first_minute),
      minutes_(static_cast<std::size_t>(hours.minutes)),
      last_message_(now) {
  SENTIO_CHECK(symbols > 0);
  SENTIO_CHECK(first_minute >= 0);
  for (Minute& m : minutes_) m.bars.resize(symbols);
}

void MinuteAssembler::on(TimePoint now, const FeedEvent& event) {
  if (const auto* bar = std::get_if<FeedBar>(&event)) {
    add(now, *bar);
  } else if (std::holds_alternative<FeedUp>(event)) {
    feed_up(now);
  } else if (std::holds_alternative<FeedDown>(event) || std::holds_alternative<FeedLost>(event)) {
    feed_down(now);
    return;  // not a sign of life
  } else if (std::holds_alternative<FeedTrouble>(event)) {
    return;
  }
  last_message_ = std::max(last_message_, now);
  if (mute_) ready_.emplace_back(FeedMute{false});
  mute_ = false;
}

void MinuteAssembler::feed_up(TimePoint now) {
  down_ = false;
  last_message_ = std::max(last_message_, now);
}

void MinuteAssembler::feed_down(TimePoint now) {
  down_ = true;
  last_message_ = std::max(last_message_, now);
}

void MinuteAssembler::add(TimePoint now, const FeedBar& bar) {
  SENTIO_CHECK(bar.symbol < symbols_);
  const auto index = hours_.minute_of(bar.bar.start);
  if (!index) {
    ++outside_;
    return;
  }
  Minute& m = minutes_[static_cast<std::size_t>(*index)];
  std::optional<Bar>& slot = m.bars[bar.symbol];
  if (*index < next_) {
    // What back-fill brings again, bar for bar, is no news.
    if (slot != bar.bar) ready_.emplace_back(LateBar{bar});
    return;
  }
  if (!slot) ++m.arrived;
  slot = bar.bar;
  if (!m.first_bar_at) m.first_bar_at = now;
}

TimePoint MinuteAssembler::eod_due() const {
  return hours_.minute_end(std::min(options_.eod_minute, hours_.minutes - 1)) + options_.after_minute_end;
}

TimePoint MinuteAssembler::closes_at(int minute) const {
  const Minute& m = minutes_[static_cast<std::size_t>(minute)];
  const TimePoint end = hours_.minute_end(minute);
  TimePoint at = end + options_.after_minute_end;
  if (m.arrived == symbols_) {
    at = m.first_bar_at.value_or(end);
  } else if (m.first_bar_at) {
    at = std::min(at, *m.first_bar_at + options_.after_first_bar);
  }
  // Bars exist from their minute's end only, whatever a fast server clock says.
  at = std::max(at, end);
  return down_ ? std::max(at, eod_due()) : at;
}

std::vector<AssemblerEvent> MinuteAssembler::poll(TimePoint now) {
  while (next_ < hours_.minutes && closes_at(next_) <= now) {
    BarsArrived set;
    set.minute = next_;
    set.bars = minutes_[static_cast<std::size_t>(next_)].bars;
    set.observe_only = next_ + 1 < hours_.minutes && hours_.minute_end(next_ + 1) <= now;
    ready_.emplace_back(std::move(set));
    ++next_;
  }
  const TimePoint listening_since = std::max(last_message_, hours_.open);
  if (!mute_ && !down_ && now < hours_.close && now >= listening_since + options_.silence_max) {
    mute_ = true;
    ready_.emplace_back(FeedMute{true});
  }
  return std::exchange(ready_, {});
}

std::optional<TimePoint> MinuteAssembler::next_deadline() const {
  if (complete()) return std::nullopt;
  TimePoint at = closes_at(next_);
  if (!mute_ && !down_) {
    at = std::min(at, std::max(last_message_, hours_.open) + options_.silence_max);
  }
  return at;
}

}  // namespace sentio
