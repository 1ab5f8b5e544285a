// Bad prints: which prices are held back, what the next bar makes of them, and a slow second opinion on all of it.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "sentio/core/print_guard.h"

namespace sentio {
namespace {

const TimePoint kOpen = from_epoch_seconds(1'758'893'400);  // 2025-09-26 09:30 New York
constexpr double kQuiet = 100, kRange = 0.1;                // of the bars before: 20 ranges are two dollars

TimePoint minute(int i) {
  return kOpen + i * kBarLength;
}

/// A minute around `price` of the usual range.
Bar usual(int i, double price = kQuiet) {
  return {minute(i), price, price + kRange / 2, price - kRange / 2, price, 1000};
}

Bar bar(int i, double open, double high, double low, double close) {
  return {minute(i), open, high, low, close, 1000};
}

/// A guard in the middle of a quiet session, with minute 60 next.
PrintGuard warm_guard() {
  PrintGuard guard;
  guard.begin_session();
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(guard.next(usual(i)).sound());
  return guard;
}

TEST(PrintGuard, CutsABadHighBackToTheBody) {
  PrintGuard guard = warm_guard();
  const auto seen = guard.next(bar(60, 100, 130, 99.9, 100.1));
  EXPECT_TRUE(seen.sound());
  EXPECT_EQ(seen.bar.high, 100.1);
  EXPECT_EQ(seen.bar.low, 99.9);
  EXPECT_FALSE(seen.settled.above);
  const auto next = guard.next(usual(61));
  ASSERT_TRUE(next.settled.above);
  EXPECT_EQ(next.settled.above->verdict, PrintVerdict::bad);
  EXPECT_EQ(next.settled.above->start, minute(60));
  EXPECT_EQ(next.settled.above->price, 130);
  EXPECT_NEAR(next.settled.above->ranges, (130 - 100.1) / kRange, 15);
  EXPECT_TRUE(next.settled.above->high && !next.settled.above->open && !next.settled.above->close);
  EXPECT_FALSE(next.settled.below);
}

TEST(PrintGuard, HoldsTheMinuteOfABadOpenOrClose) {
  for (const bool at_open : {true, false}) {
    for (const double price : {60.0, 97.0, 103.0, 250.0}) {
      PrintGuard guard = warm_guard();
      const double open = at_open ? price : 100, close = at_open ? 100 : price;
      const auto seen = guard.next(bar(60, open, std::max(open, close), std::min(open, close), close));
      EXPECT_EQ(seen.open_sound, !at_open) << price;
      EXPECT_EQ(seen.close_sound, at_open) << price;
      const auto next = guard.next(usual(61));
      EXPECT_TRUE(next.sound()) << price;
      const auto& told = price > 100 ? next.settled.above : next.settled.below;
      ASSERT_TRUE(told) << price;
      EXPECT_EQ(told->verdict, PrintVerdict::bad) << price;
      EXPECT_EQ(told->open, at_open) << price;
      EXPECT_EQ(told->close, !at_open) << price;
      EXPECT_EQ(told->price, price);
    }
  }
}

TEST(PrintGuard, LetsTheNextBarConfirmACrashAndGoOn) {
  PrintGuard guard = warm_guard();
  EXPECT_FALSE(guard.next(bar(60, 100, 100, 92, 93)).sound());
  const auto next = guard.next(bar(61, 93, 94, 88, 88.5));
  EXPECT_TRUE(next.sound());
  ASSERT_TRUE(next.settled.below);
  EXPECT_EQ(next.settled.below->verdict, PrintVerdict::real);
  // The crash goes on: nothing of it is held any more.
  EXPECT_TRUE(guard.next(bar(62, 88, 88, 80, 81)).sound());
  EXPECT_TRUE(guard.next(bar(63, 81, 86, 81, 86)).sound());
}

TEST(PrintGuard, TakesHalfTheWayForStayingOutThere) {
  for (const double back : {95.1, 94.9}) {
    PrintGuard guard = warm_guard();
    EXPECT_FALSE(guard.next(bar(60, 100, 100, 90, 90)).sound());  // ten below 99.95, the neighbour's low
    const auto next = guard.next(bar(61, back, back, back, back));
    ASSERT_TRUE(next.settled.below);
    EXPECT_EQ(next.settled.below->verdict, back > 95 ? PrintVerdict::bad : PrintVerdict::real) << back;
    EXPECT_EQ(next.sound(), back < 95) << "where the first was bad, this one is as suspect";
  }
}

TEST(PrintGuard, SaysNothingWhileNoBarComesAndKeepsThatToTheEnd) {
  PrintGuard guard = warm_guard();
  EXPECT_FALSE(guard.next(bar(60, 100, 100, 92, 93)).sound());
  const SettledPrints left = guard.end_session();
  ASSERT_TRUE(left.below);
  EXPECT_EQ(left.below->verdict, PrintVerdict::undecided);
  EXPECT_FALSE(left.above);
  EXPECT_EQ(guard.end_session().below, std::nullopt) << "told twice";
}

TEST(PrintGuard, AsksNothingOfTheNightBetweenTwoSessions) {
  PrintGuard guard = warm_guard();
  guard.begin_session();
  EXPECT_TRUE(guard.next(usual(1440, 70)).sound());
  EXPECT_TRUE(guard.next(usual(1441, 70.2)).sound());
}

TEST(PrintGuard, CannotTellWhichPriceOfAFirstBarIsOffAndHoldsItUntilTheNextTells) {
  PrintGuard guard = warm_guard();
  guard.begin_session();
  EXPECT_FALSE(guard.next(bar(1440, 150, 150, 100, 100)).sound());
  const auto next = guard.next(usual(1441, 100));
  EXPECT_TRUE(next.sound());
  ASSERT_TRUE(next.settled.above);
  EXPECT_EQ(next.settled.above->verdict, PrintVerdict::bad);
  EXPECT_TRUE(next.settled.above->open);
  EXPECT_FALSE(next.settled.below) << "its close was sound, which is no news";
  // Nor has the range of the bad open taught anything.
  for (int i = 1442; i < 1450; ++i) EXPECT_TRUE(guard.next(usual(i)).sound());
  EXPECT_FALSE(guard.next(usual(1450, 103)).sound());
}

TEST(PrintGuard, NeedsTwiceAsMuchInTheOpeningMinutes) {
  for (const int bars : {1, 4, 5}) {
    PrintGuard guard = warm_guard();
    guard.begin_session();
    for (int i = 0; i < bars; ++i) EXPECT_TRUE(guard.next(usual(1440 + i)).sound());
    EXPECT_EQ(guard.next(usual(1440 + bars, 103)).sound(), bars < 5) << bars;
  }
}

TEST(PrintGuard, AllowsMoreAfterMissingMinutes) {
  for (const int gap : {1, 4}) {
    PrintGuard guard = warm_guard();
    EXPECT_EQ(guard.next(usual(59 + gap, 103)).sound(), gap == 4) << gap;
  }
}

TEST(PrintGuard, JudgesNothingBeforeItHasSeenThirtyBars) {
  for (const int bars : {29, 30}) {
    PrintGuard guard;
    guard.begin_session();
    for (int i = 0; i < bars; ++i) EXPECT_TRUE(guard.next(usual(i)).sound());
    EXPECT_EQ(guard.next(usual(bars, 150)).sound(), bars == 29);
  }
}

TEST(PrintGuard, TakesACentForTheLeastRange) {
  PrintGuard guard;
  guard.begin_session();
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(guard.next(bar(i, 10, 10, 10, 10)).sound());
  PrintGuard other = guard;
  EXPECT_TRUE(guard.next(bar(60, 10.19, 10.19, 10.19, 10.19)).sound());
  EXPECT_FALSE(other.next(bar(60, 10.21, 10.21, 10.21, 10.21)).sound());
}

TEST(PrintGuard, IsNotTaughtByBadPrintsToAcceptMore) {
  PrintGuard guard = warm_guard();
  for (int i = 60; i < 120; ++i) {
    const double high = i % 2 == 0 ? 120 : 100.05;
    EXPECT_EQ(guard.next(bar(i, 100, high, 99.95, 100)).bar.high, i % 2 == 0 ? 100 : 100.05) << i;
  }
}

TEST(PrintGuard, ResumedEqualsContinued) {
  PrintGuard guard = warm_guard();
  ByteWriter out;
  guard.save(out);
  PrintGuard loaded;
  ByteReader in(out.bytes());
  ASSERT_TRUE(loaded.load(in));
  guard.begin_session();
  loaded.begin_session();
  for (int i = 1440; i < 1500; ++i) {
    const Bar next = usual(i, i % 9 == 0 ? 104 : 100 + 0.01 * (i % 7));
    const auto a = guard.next(next), b = loaded.next(next);
    EXPECT_EQ(a.bar, b.bar);
    EXPECT_EQ(a.sound(), b.sound());
  }
}

TEST(PrintGuard, RefusesAStateThatNoGuardHas) {
  for (const auto& [range, bars] : {std::pair{-1.0, 3}, {NAN, 3}, {0.01, -1}, {0.01, 31}}) {
    ByteWriter out;
    out.put(range);
    out.put(bars);
    PrintGuard guard;
    ByteReader in(out.bytes());
    EXPECT_FALSE(guard.load(in)) << range << " " << bars;
  }
}

// ---- a second opinion ----------------------------------------------------------------------------

/// What is said of one bar.
struct Said {
  bool open = true, close = true;
  double high = 0, low = 0;
  std::optional<HeldPrint> above, below;  ///< about an earlier one
};

/// The rules as the documents have them, from the whole past anew at every bar.
class SlowGuard {
 public:
  std::vector<Said> judge(const std::vector<Bar>& bars, const std::vector<bool>& opens_session) {
    std::vector<Said> all;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (opens_session[i]) session_ = {}, waiting_above_.reset(), waiting_below_.reset();
      all.push_back(judge_one(bars[i]));
    }
    return all;
  }

 private:
  struct Lesson {
    double range = 0;
    bool confirmed = false;  ///< "at least this", not a bar
  };
  struct Waiting {
    HeldPrint print;
    double from = 0;
    bool first = false;
  };

  [[nodiscard]] std::pair<double, int> typical_range() const {
    double r = 0;
    int n = 0;
    for (const Lesson& lesson : lessons_) {
      if (lesson.confirmed) {
        r = std::max(r, lesson.range);
      } else if (n < 30) {
        r = (r * n + lesson.range) / (n + 1);
        ++n;
      } else {
        r = r * 29 / 30 + std::min(lesson.range, 4 * std::max(r, 0.0002)) / 30;
      }
    }
    return {r, n};
  }

  std::optional<HeldPrint> told(std::optional<Waiting>& waiting, const Bar& b, double level) {
    if (!waiting) return std::nullopt;
    const bool up = waiting->print.price > waiting->from;
    const double middle = (waiting->print.price + waiting->from) / 2;
    const bool real = up ? b.open >= middle || b.close >= middle : b.open <= middle || b.close <= middle;
    HeldPrint print = waiting->print;
    print.verdict = real ? PrintVerdict::real : PrintVerdict::bad;
    const bool first = waiting->first;
    if (real && !first) lessons_.push_back({std::abs(print.price - waiting->from) / level / 20, true});
    waiting.reset();
    if (real && first) return std::nullopt;
    return print;
  }

  Said judge_one(const Bar& b) {
    Said said{.high = b.high, .low = b.low};
    const bool first = session_.empty();
    const double level = first ? std::min(b.open, b.close) : session_.back().close;
    said.above = told(waiting_above_, b, level);
    said.below = told(waiting_below_, b, level);
    const auto [r, n] = typical_range();
    if (n == 30) {
      const double one = std::max({r * level, 0.01, 0.0002 * level});
      const double minutes = first ? 1 : std::min(30.0, static_cast<double>((b.start - session_.back().start) / kBarLength));
      const double w = 20 * one * std::sqrt(minutes) * (session_.size() < 5 ? 2 : 1);
      double high = first ? std::max(b.open, b.close) : session_.back().high;
      double low = first ? std::min(b.open, b.close) : session_.back().low;
      if (first && high - low > w) std::swap(high, low);
      if (said.above && said.above->verdict == PrintVerdict::real) high = std::max(high, said.above->price);
      if (said.below && said.below->verdict == PrintVerdict::real) low = std::min(low, said.below->price);
      said.open = b.open <= high + w && b.open >= low - w;
      said.close = b.close <= high + w && b.close >= low - w;
      const bool body = said.open && said.close;
      const double up = body ? std::max({high, b.open, b.close}) : high;
      const double down = body ? std::min({low, b.open, b.close}) : low;
      if (b.high > up + w) {
        const HeldPrint print{b.start, b.open > up + w, true, false, b.close > up + w, b.high, (b.high - up) / one};
        waiting_above_ = Waiting{print, up, first && !body};
        said.high = std::max(b.open, b.close);
      }
      if (b.low < down - w) {
        const HeldPrint print{b.start, b.open < down - w, false, true, b.close < down - w, b.low, (down - b.low) / one};
        waiting_below_ = Waiting{print, down, first && !body};
        said.low = std::min(b.open, b.close);
      }
    }
    if (!(said.open && said.close)) return said;
    const double before = first ? b.open : session_.back().close;
    lessons_.push_back({(std::max(said.high, before) - std::min(said.low, before)) / b.close, false});
    session_.push_back({b.start, b.open, said.high, said.low, b.close, 0});
    return said;
  }

  std::vector<Lesson> lessons_;
  std::vector<Bar> session_;  ///< sound bars, as they were used
  std::optional<Waiting> waiting_above_, waiting_below_;
};

struct Tape {
  std::vector<Bar> bars;
  std::vector<bool> opens_session;
};

/// Three sessions of a walk with holes, jumps that stay, crashes that go on and bad prints in every field, in a row too.
Tape rough_tape(unsigned seed) {
  std::mt19937 random(seed);
  const auto chance = [&random](double p) { return std::uniform_real_distribution<>(0, 1)(random) < p; };
  const auto normal = [&random](double s) { return std::normal_distribution<>(0, s)(random); };
  Tape tape;
  double price = 40;
  for (int day = 0; day < 3; ++day) {
    price *= std::exp(normal(0.03));
    bool opens = true;
    for (int i = 0; i < 90; ++i) {
      if (chance(.02)) price *= std::exp(normal(0.06));
      Bar b{minute(1440 * day + i), price, 0, 0, price * std::exp(normal(0.0008)), 100};
      price = b.close;
      b.high = std::max(b.open, b.close) * (1 + std::abs(normal(0.0004)));
      b.low = std::min(b.open, b.close) * (1 - std::abs(normal(0.0004)));
      for (double* field : {&b.open, &b.high, &b.low, &b.close}) {
        if (chance(.02)) *field *= std::exp(normal(0.08));
      }
      b.high = std::max({b.open, b.high, b.low, b.close});
      b.low = std::min({b.open, b.high, b.low, b.close});
      if (chance(.1)) continue;
      tape.bars.push_back(b);
      tape.opens_session.push_back(opens);
      opens = false;
    }
  }
  return tape;
}

struct Figures {
  int held = 0, cut = 0, bad = 0, real = 0;
};

void expect_same(const std::optional<HeldPrint>& a, const std::optional<HeldPrint>& b) {
  RC_ASSERT(a.has_value() == b.has_value());
  if (!a) return;
  RC_ASSERT(a->start == b->start && a->price == b->price && a->verdict == b->verdict);
  RC_ASSERT(a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close);
  RC_ASSERT(std::abs(a->ranges - b->ranges) <= 1e-6 * std::abs(b->ranges));
}

TEST(PrintGuardProperties, AgreesWithTheSlowOneOnRoughTapes) {
  Figures all;
  rc::check([&all] {
    const Tape tape = rough_tape(*rc::gen::arbitrary<unsigned>());
    const std::vector<Said> want = SlowGuard{}.judge(tape.bars, tape.opens_session);
    PrintGuard guard;
    for (std::size_t i = 0; i < tape.bars.size(); ++i) {
      if (tape.opens_session[i]) guard.begin_session();
      const auto seen = guard.next(tape.bars[i]);
      RC_ASSERT(seen.open_sound == want[i].open && seen.close_sound == want[i].close);
      RC_ASSERT(seen.bar.high == want[i].high && seen.bar.low == want[i].low);
      RC_ASSERT(seen.bar.open == tape.bars[i].open && seen.bar.close == tape.bars[i].close);
      expect_same(seen.settled.above, want[i].above);
      expect_same(seen.settled.below, want[i].below);
      all.held += !seen.sound();
      all.cut += seen.sound() && (seen.bar.high != tape.bars[i].high || seen.bar.low != tape.bars[i].low);
      for (const auto& told : {seen.settled.above, seen.settled.below}) {
        if (!told) continue;
        ++(told->verdict == PrintVerdict::real ? all.real : all.bad);
      }
    }
  });
  EXPECT_GT(all.held, 100);  // or nothing was compared
  EXPECT_GT(all.cut, 100);
  EXPECT_GT(all.bad, 100);
  EXPECT_GT(all.real, 100);
}

RC_GTEST_PROP(PrintGuardProperties, KeepsBarsWhole, (unsigned seed)) {
  const Tape tape = rough_tape(seed);
  PrintGuard guard;
  for (std::size_t i = 0; i < tape.bars.size(); ++i) {
    if (tape.opens_session[i]) guard.begin_session();
    const auto seen = guard.next(tape.bars[i]);
    if (!seen.sound()) continue;
    RC_ASSERT(plausible(seen.bar));
    RC_ASSERT(seen.bar.high <= tape.bars[i].high && seen.bar.low >= tape.bars[i].low);
  }
}

}  // namespace
}  // namespace sentio
