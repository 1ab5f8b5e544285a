#include "sentio/core/print_guard.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/state_limits.h"

namespace sentio {

namespace {

constexpr int kMemory = 30;            // bars in the mean
constexpr double kMostOfMean = 4;      // a bad print must not widen what the next one is measured by
constexpr double kCent = 0.01;
constexpr double kRangeFloor = 2e-4;   // of the price: a quiet minute of a large fund
constexpr double kGapMost = 30;        // minutes
constexpr int kOpeningBars = 5;
constexpr double kOpening = 2;         // the first minutes are rougher than the last of the day before
constexpr double kHalfWay = 0.5;
constexpr double kRangeOfMove = 0.05;  // a move that is real may go on as far again

double body_low(const Bar& bar) {
  return std::min(bar.open, bar.close);
}

double body_high(const Bar& bar) {
  return std::max(bar.open, bar.close);
}

bool real(const std::optional<HeldPrint>& print) {
  return print && print->verdict == PrintVerdict::real;
}

}  // namespace

void PrintGuard::begin_session() {
  sound_bars_ = 0;
  above_.reset();
  below_.reset();
}

PrintGuard::Seen PrintGuard::next(const Bar& bar) {
  Seen seen{.bar = bar};
  const double level = sound_bars_ == 0 ? body_low(bar) : last_.close;
  settle(above_, body_high(bar), level, seen.settled.above);
  settle(below_, body_low(bar), level, seen.settled.below);
  if (bars_ == kMemory) {
    const double unit = std::max({range_ * level, kCent, kRangeFloor * level});
    const double reach = width(bar, unit);
    Band band = neighbours(bar, reach);
    if (real(seen.settled.above)) band.high = std::max(band.high, seen.settled.above->price);
    if (real(seen.settled.below)) band.low = std::min(band.low, seen.settled.below->price);
    judge(seen, band, reach, unit);
  }
  if (seen.sound()) learn(seen.bar);
  return seen;
}

double PrintGuard::width(const Bar& bar, double unit) const {
  if (sound_bars_ == 0) return kOpening * ranges_ * unit;
  const double minutes = std::min(kGapMost, static_cast<double>((bar.start - last_.start) / kBarLength));
  return (sound_bars_ < kOpeningBars ? kOpening : 1) * ranges_ * unit * std::sqrt(minutes);
}

/// What the bar's prices are measured from. The first bar of a session has no neighbours: where its open and close are
/// far apart nothing tells which of them is off, and each is beyond the other.
PrintGuard::Band PrintGuard::neighbours(const Bar& bar, double width) const {
  if (sound_bars_ > 0) return {last_.low, last_.high};
  const double low = body_low(bar), high = body_high(bar);
  return high - low > width ? Band{high, low} : Band{low, high};
}

/// `body`: the next bar's open or close, whichever is farther. Which price of a bar that stood alone was sound is no news,
/// and no move either.
void PrintGuard::settle(std::optional<Held>& held, double body, double level, std::optional<HeldPrint>& out) {
  if (!held) return;
  const double move = held->print.price - held->from;
  const bool stayed = (body - held->from) / move >= kHalfWay;
  held->print.verdict = stayed ? PrintVerdict::real : PrintVerdict::bad;
  if (!stayed || !held->alone) out = held->print;
  if (stayed && !held->alone) range_ = std::max(range_, kRangeOfMove * std::abs(move) / level);
  held.reset();
}

void PrintGuard::judge(Seen& seen, Band band, double width, double unit) {
  const Bar bar = seen.bar;
  const auto beyond = [&](double price) { return price > band.high + width || price < band.low - width; };
  seen.open_sound = !beyond(bar.open);
  seen.close_sound = !beyond(bar.close);
  // A high next to a sound close is a move, not a print.
  const bool alone = sound_bars_ == 0 && !seen.sound();
  const double high_from = seen.sound() ? std::max(band.high, body_high(bar)) : band.high;
  const double low_from = seen.sound() ? std::min(band.low, body_low(bar)) : band.low;
  if (const double top = high_from + width; bar.high > top) {
    above_ = {.from = high_from,
              .alone = alone,
              .print = {.start = bar.start,
                        .open = bar.open > top,
                        .high = true,
                        .close = bar.close > top,
                        .price = bar.high,
                        .ranges = (bar.high - high_from) / unit}};
    seen.bar.high = body_high(bar);
  }
  if (const double bottom = low_from - width; bar.low < bottom) {
    below_ = {.from = low_from,
              .alone = alone,
              .print = {.start = bar.start,
                        .open = bar.open < bottom,
                        .low = true,
                        .close = bar.close < bottom,
                        .price = bar.low,
                        .ranges = (low_from - bar.low) / unit}};
    seen.bar.low = body_low(bar);
  }
}

void PrintGuard::learn(const Bar& bar) {
  const double before = sound_bars_ == 0 ? bar.open : last_.close;
  const double range = (std::max(bar.high, before) - std::min(bar.low, before)) / bar.close;
  if (bars_ < kMemory) {
    ++bars_;
    range_ += (range - range_) / bars_;
  } else {
    range_ += (std::min(range, kMostOfMean * std::max(range_, kRangeFloor)) - range_) / kMemory;
  }
  if (sound_bars_ < kOpeningBars) ++sound_bars_;
  last_ = bar;
}

SettledPrints PrintGuard::end_session() {
  SettledPrints left;
  if (above_) left.above = above_->print;
  if (below_) left.below = below_->print;
  above_.reset();
  below_.reset();
  return left;
}

void PrintGuard::save(ByteWriter& out) const {
  out.put(range_);
  out.put(bars_);
}

Result<> PrintGuard::load(ByteReader& in) {
  PrintGuard loaded(ranges_);
  in.get_within(loaded.range_, 0.0, kStatePriceMax);
  in.get_within(loaded.bars_, 0, kMemory);
  if (in.ok()) *this = loaded;
  return in.result("print guard");
}

}  // namespace sentio
