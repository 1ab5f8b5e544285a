/// Large moves that stay: splits, and what is none.

#include <algorithm>
#include <cmath>

#include "checks/finding_text.h"
#include "checks/moves.h"
#include "sentio/core/split_ratio.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// The volume went the way of the shares and about as far; a busy day moves it as well.
bool follows(std::optional<double> volume_ratio, double split) {
  if (!volume_ratio) return false;
  const double power = std::log(*volume_ratio) / std::log(split);
  return power >= 0.7 && power <= 1.4;
}

}  // namespace

namespace data {

std::string ratio_text(double split) {
  for (int of = 1; of <= 4; ++of) {
    const double to = split * of;
    if (to >= 1 && std::abs(to - std::round(to)) < 1e-9) return fixed(to, 0) + ":" + std::to_string(of);
  }
  for (int to = 1; to <= 4; ++to) {
    const double of = to / split;
    if (std::abs(of - std::round(of)) < 1e-9) return std::to_string(to) + ":" + fixed(of, 0);
  }
  return fixed(split, 3) + ":1";
}

Surroundings surroundings(std::span<const Bar> bars, std::ptrdiff_t at) {
  constexpr std::ptrdiff_t kPrices = 5, kVolumes = 90, kVolumesMin = 30;
  std::vector<double> price[2], volume[2];  // before, after
  for (auto i = std::max<std::ptrdiff_t>(0, at - kVolumes); i < std::min(std::ssize(bars), at + kVolumes);
       ++i) {
    const Bar& bar = bars[static_cast<std::size_t>(i)];
    const int side = i < at ? 0 : 1;
    volume[side].push_back(bar.volume);
    if (i >= at - kPrices && i < at + kPrices) price[side].push_back(bar.close);
  }
  Surroundings found;
  const bool enough = std::min(std::ssize(volume[0]), std::ssize(volume[1])) >= kVolumesMin;
  found.price_ratio = median(std::move(price[1])) / median(std::move(price[0]));
  const double before = median(std::move(volume[0])), after = median(std::move(volume[1]));
  if (enough && before > 0 && after > 0) found.volume_ratio = after / before;
  return found;
}

bool stays(const Surroundings& around, double ratio) {
  return std::abs(around.price_ratio - 1) > 0.6 * std::abs(ratio - 1) && (around.price_ratio > 1) == (ratio > 1);
}

std::string volume_text(std::optional<double> volume_ratio, double split) {
  if (!volume_ratio) return "volume tells nothing";
  if (follows(volume_ratio, split)) return "volume x" + fixed(*volume_ratio, 2) + " agrees";
  return "volume x" + fixed(*volume_ratio, 2) + " does not follow (prices adjusted alone, or no split)";
}

}  // namespace data

namespace {

using namespace data;

/// Volume per minute of up to five sessions to either side of history.days[at].
std::optional<double> volume_ratio_overnight(const SymbolHistory& history, std::ptrdiff_t at) {
  constexpr std::ptrdiff_t kSessions = 5, kSessionsMin = 3;
  std::vector<double> volume[2];
  for (auto i = std::max<std::ptrdiff_t>(0, at - kSessions);
       i < std::min(std::ssize(history.days), at + kSessions); ++i) {
    const auto bars = history.session_bars(history.days[static_cast<std::size_t>(i)]);
    if (bars.empty()) continue;
    double sum = 0;
    for (const Bar& bar : bars) sum += bar.volume;
    volume[i < at ? 0 : 1].push_back(sum / static_cast<double>(bars.size()));
  }
  if (std::min(std::ssize(volume[0]), std::ssize(volume[1])) < kSessionsMin) return std::nullopt;
  const double before = median(std::move(volume[0])), after = median(std::move(volume[1]));
  if (!(before > 0 && after > 0)) return std::nullopt;
  return after / before;
}

std::string move_text(const PriceJump& jump) {
  return minute_text(jump.at) + (jump.overnight ? " over night" : "") + " x" + fixed(jump.ratio, 3);
}

std::string split_text(const PriceJump& jump, double split, std::optional<double> volume_ratio) {
  return move_text(jump) + ", near " + ratio_text(split) + ", " + volume_text(volume_ratio, split);
}

class MoveJudge {
 public:
  explicit MoveJudge(const SymbolHistory& history) : history_(history) {}

  void judge(const PriceJump& jump) {
    const auto next = std::ranges::upper_bound(history_.days, new_york_date(jump.at), {}, &BarDay::date);
    if (next == history_.days.begin()) return;
    const auto at = next - history_.days.begin() - 1;
    if (jump.overnight) {
      overnight(jump, at);
    } else {
      inside(jump, history_.session_bars(history_.days[static_cast<std::size_t>(at)]));
    }
  }
  Findings findings() const {
    Findings found;
    add(found, refused_splits_, FindingKind::split, Severity::refused,
        " like a split inside a session, where no fund splits (two sources in one file?): ");
    add(found, splits_, FindingKind::split, Severity::warned,
        " like a split (prices before and after are not comparable): ");
    add(found, jumps_, FindingKind::jump, Severity::warned,
        " that no split explains (look at the news of that day): ");
    return found;
  }

 private:
  void overnight(const PriceJump& jump, std::ptrdiff_t at) {
    constexpr double kSmallTolerance = 0.025, kLargeNight = 0.30;
    const auto volume = volume_ratio_overnight(history_, at);
    auto split = jump.split;
    if (!split) {
      // Ordinary nights come near 4:3; only with the volume's consent.
      split = small_split_like(jump.ratio, kSmallTolerance);
      if (split && !follows(volume, *split)) split.reset();
    }
    if (split) {
      splits_.add(jump.at, split_text(jump, *split, volume));
    } else if (std::abs(jump.ratio - 1) >= kLargeNight) {
      jumps_.add(jump.at, move_text(jump));
    }
  }
  void inside(const PriceJump& jump, std::span<const Bar> bars) {
    const auto at = std::ranges::lower_bound(bars, jump.at, {}, &Bar::start) - bars.begin();
    const Surroundings around = surroundings(bars, at);
    if (!stays(around, jump.ratio)) return;  // check_prints sees what comes back
    // No minute of a fund halves or doubles it; one of a volatility fund may move it by a third.
    const auto whole = split_like(jump.ratio, kSessionSplitTolerance),
               small = small_split_like(jump.ratio, kSessionSplitTolerance);
    if (whole) {
      refused_splits_.add(jump.at, split_text(jump, *whole, around.volume_ratio));
    } else if (small && follows(around.volume_ratio, *small)) {
      splits_.add(jump.at, split_text(jump, *small, around.volume_ratio));
    } else {
      jumps_.add(jump.at, move_text(jump));
    }
  }
  void add(Findings& found, const Tally& tally, FindingKind kind, Severity severity, const char* what) const {
    if (tally.count() == 0) return;
    found.push_back(tally.finding(kind, severity, history_.symbol,
                                  counted(tally.count(), "move") + what + tally.examples()));
  }

  const SymbolHistory& history_;
  Tally refused_splits_, splits_, jumps_;
};

}  // namespace

Findings check_moves(const SymbolHistory& history, const BarVerification& measured) {
  MoveJudge judge(history);
  for (const PriceJump& jump : measured.jumps) judge.judge(jump);
  return judge.findings();
}

}  // namespace sentio
