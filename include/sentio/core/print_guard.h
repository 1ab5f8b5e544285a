#pragma once
/// Bad prints: prices far from the minutes before them that are gone a minute later.

#include <cstdint>
#include <optional>

#include "sentio/core/bar.h"
#include "sentio/core/bytes.h"

namespace sentio {

/// What became of a price that was held back.
enum class PrintVerdict : std::uint8_t {
  bad,        ///< the next real bar was back where the bars before had been: never used
  real,       ///< the next real bar stayed out there: used from that bar on, one bar late
  undecided,  ///< the session ended before another bar came: never used
};

/// What was held back of one bar, on one side of its neighbours.
struct HeldPrint {
  TimePoint start{};  ///< of the bar
  bool open = false, high = false, low = false, close = false;
  double price = 0;   ///< the farthest of them, USD
  double ranges = 0;  ///< typical ranges that it is away
  PrintVerdict verdict = PrintVerdict::undecided;
  friend bool operator==(const HeldPrint&, const HeldPrint&) = default;
};

/// What became known of a symbol's earlier bar: of prices above its neighbours, and of prices below.
struct SettledPrints {
  std::optional<HeldPrint> above, below;
};

/// One symbol's bars on their way to whatever decides, with suspect prices held back until the next real bar. Causal:
/// what is said of a bar depends on it and those before it. A small value: copy it to run a symbol ahead of the others.
///
/// Typical range  r: exponentially weighted mean (30 bars) of the true range as a share of the close, within the
///                session; each bar counts with at most four means. At least one cent, and 2 bps of the price.
/// Suspect        an open or close more than w = k·r·√g beyond low or high of the last sound bar, g minutes before (at
///                most 30 count); a high or low as far beyond that and beyond its own bar's open and close. The
///                session's first five sound bars have twice the w; the very first is measured against itself alone.
/// Held back      with its open or close the whole minute; a high or low is cut back to open and close.
/// Settled        by the next real bar: real where its open or close lies at least half the way out there, and then
///                its own prices may lie there too, and r is at least a twentieth of the move. Else bad. Of a first
///                bar whose open and close are apart, only what was bad is told.
/// Cold           nothing is suspect before 30 real bars.
/// Sources        docs/mathematics.md, "Bad prints": why k is 20, what it finds and what it does not.
/// Threads        one at a time; no hidden state, no allocation.
class PrintGuard {
 public:
  static constexpr double kRanges = 20;

  struct Seen {
    Bar bar{};  ///< as it came, but for a suspect high or low
    bool open_sound = true, close_sound = true;
    SettledPrints settled{};
    /// It may be used; otherwise this minute has no bar.
    [[nodiscard]] bool sound() const { return open_sound && close_sound; }
  };

  explicit PrintGuard(double ranges = kRanges) : ranges_(ranges) {}
  void begin_session();
  /// The session's next real bar.
  [[nodiscard]] Seen next(const Bar& bar);
  /// The session is over: what is undecided stays so.
  [[nodiscard]] SettledPrints end_session();

  /// Between two sessions.
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  struct Band {
    double low = 0, high = 0;
  };
  struct Held {
    double from = 0;  ///< where the neighbours ended
    bool alone = false;  ///< there were none: the bar's other price stands in for them
    HeldPrint print;
  };
  [[nodiscard]] Band neighbours(const Bar& bar, double width) const;
  [[nodiscard]] double width(const Bar& bar, double unit) const;
  void settle(std::optional<Held>& held, double body, double level, std::optional<HeldPrint>& out);
  void judge(Seen& seen, Band band, double width, double unit);
  void learn(const Bar& bar);

  double ranges_;
  double range_ = 0;    ///< r before its floors, a share of the price
  int bars_ = 0;        ///< real bars that made it, at most 30
  int sound_bars_ = 0;  ///< of this session
  Bar last_{};          ///< sound bar of this session
  std::optional<Held> above_, below_;
};

}  // namespace sentio
