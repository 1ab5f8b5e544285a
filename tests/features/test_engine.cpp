// What holds for the engine as a whole: causal, finite, free of price levels, no allocation, resumable.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "allocation_count.h"
#include "damaged_state.h"
#include "tape.h"

namespace sentio::testing {
namespace {

std::size_t column(std::string_view name) {
  for (std::size_t f = 0; f < kFeatureCount; ++f) {
    if (feature_table()[f].name == name) return f;
  }
  throw std::runtime_error("no such feature");
}

std::string first_infinite(const FeatureRow& row) {
  for (std::size_t f = 0; f < row.size(); ++f) {
    if (!std::isfinite(row[f])) return std::string(feature_table()[f].name);
  }
  return "";
}

TEST(FeatureEngine, DoesNotSeeTheFuture) {
  const Tape tape = random_tape(11, 4);
  const std::vector<FeatureRow> rows = rows_of(tape);
  for (const std::size_t cut : {1UL, 40UL, 353UL, 354UL, 800UL, tape.size() - 1}) {
    Tape altered = tape;
    for (std::size_t t = cut; t < altered.size(); ++t) {
      Bar& bar = altered[t].sync.bar;
      for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price *= 1.7;
      bar.volume = 1e9;
    }
    const std::vector<FeatureRow> other = rows_of(altered);
    for (std::size_t t = 0; t < cut; ++t) ASSERT_EQ(rows[t], other[t]) << "cut " << cut << ", minute " << t;
    ASSERT_NE(rows[cut], other[cut]);
  }
}

TEST(FeatureEngine, ReadsNoPriceLevelAndNoVolumeLevel) {
  const Tape tape = random_tape(12, 5);
  Tape scaled = tape;
  for (TapeMinute& row : scaled) {
    Bar& bar = row.sync.bar;
    for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price *= 37.3;
    bar.volume *= 0.07;
  }
  const auto rows = rows_of(tape), other = rows_of(scaled);
  const FeatureRow size = sizes_of(rows);
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t f = 0; f < kFeatureCount; ++f) {
      ASSERT_NEAR(rows[t][f], other[t][f], 1e-9 * std::max(size[f], std::abs(rows[t][f])))
          << feature_table()[f].name << " at minute " << t;
    }
  }
}

TEST(FeatureEngine, SeesNoSplitButInTheGap) {
  const Tape tape = random_tape(15, 6);
  for (const double split : {2.0, 0.1}) {
    Tape other = tape;
    for (TapeMinute& row : other) {
      if (row.hours.date < tape[1200].hours.date) continue;
      Bar& bar = row.sync.bar;
      for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price /= split;
      bar.volume *= split;
    }
    const auto rows = rows_of(tape), split_rows = rows_of(other);
    const FeatureRow size = sizes_of(rows);
    for (std::size_t t = 0; t < rows.size(); ++t) {
      for (std::size_t f = 0; f < kFeatureCount; ++f) {
        if (feature_table()[f].name.find("gap") != std::string_view::npos) continue;
        ASSERT_NEAR(rows[t][f], split_rows[t][f], 1e-9 * std::max(size[f], std::abs(rows[t][f])))
            << feature_table()[f].name << " at minute " << t << ", split " << split;
      }
    }
  }
}

TEST(FeatureEngine, CutsTheNightOutOfEverythingButTheGap) {
  const Tape tape = random_tape(13, 4);
  Tape moved = tape;  // each session at another price level, as after splits
  double factor = 1;
  for (TapeMinute& row : moved) {
    if (row.begins_session) factor *= 1.5;
    // Minutes filled before the session's first bar stand at the last close of the session before.
    const bool yesterday = !row.sync.real() && row.sync.age > row.minute;
    const double level = yesterday ? factor / 1.5 : factor;
    Bar& bar = row.sync.bar;
    for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price *= level;
  }
  const auto rows = rows_of(tape), other = rows_of(moved);
  const FeatureRow size = sizes_of(rows);
  const std::size_t gap = column("overnight_gap");
  int gaps = 0;
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t f = 0; f < kFeatureCount; ++f) {
      if (f == gap) continue;
      ASSERT_NEAR(rows[t][f], other[t][f], 1e-9 * std::max(size[f], std::abs(rows[t][f])))
          << feature_table()[f].name << " at minute " << t;
    }
    if (rows[t][gap] != 0) {
      ++gaps;
      ASSERT_NEAR(other[t][gap], rows[t][gap] + std::log(1.5), 1e-12);
    }
  }
  EXPECT_GT(gaps, 700);
}

TEST(FeatureEngine, LeavesNothingOfASpikeInAFlatWindow) {
  Tape tape = random_tape(14, 4, {.missing = 0, .first_minute = 0});
  for (std::size_t t = 500; t < tape.size(); ++t) {
    const double close = t < 505 ? 90.0 : 64.0;
    tape[t].sync.bar = {tape[t].sync.bar.start, close, close, close, close, 0};
  }
  const FeatureRow row = rows_of(tape).back();
  for (const char* name : {"momentum_390", "return_std_390", "return_skew_390", "parkinson_volatility_390",
                           "bollinger_width_60", "efficiency_ratio_60", "signed_volume_60",
                           "volume_zscore_390", "vwap_distance_390", "high_distance_390"}) {
    EXPECT_EQ(row[column(name)], 0.0) << name;
  }
  EXPECT_EQ(row[column("bollinger_position_20")], 0.5);
  EXPECT_EQ(row[column("stochastic_k_14")], 50.0);
}

/// Bars nobody wants: one price for hours, one-minute crashes and jumps by orders of magnitude, no volume or
/// enormous volume, hundreds of missing minutes, starts anywhere.
Tape nasty_tape() {
  const auto sessions = summer_sessions(6);
  const int start = *rc::gen::inRange(0, 390);
  std::map<TimePoint, Bar> bars;
  double close = *rc::gen::element(1e-4, 0.01, 1.0, 64.0, 1e6);
  bool started = false;
  for (const SessionHours& hours : sessions) {
    int minute = started ? 0 : std::min(start, hours.minutes - 1);
    while (minute < hours.minutes) {
      const int run = *rc::gen::element(1, 2, 7, 60, 400);
      const int kind = *rc::gen::inRange(0, 6);
      for (const int end = std::min(minute + run, hours.minutes); minute < end; ++minute) {
        if (kind == 0 && started) continue;
        const double open = close;
        if (kind == 1) close *= minute % 2 == 0 ? 3 : 0.25;
        if (kind == 2) close *= 1 + 1e-15;
        if (kind == 3) close *= 1.0001;
        close = std::min(std::max(close, 1e-4), 1e7);
        const double volume = kind == 4 ? 1e12 : kind == 5 ? 1e-3 : kind == 2 ? 0 : 100;
        bars[hours.minute_start(minute)] = {hours.minute_start(minute), open,  std::max(open, close),
                                            std::min(open, close),      close, volume};
        started = true;
      }
    }
  }
  return synchronise(sessions, bars);
}

RC_GTEST_PROP(FeatureEngine, StaysFiniteOnNastyBars, ()) {
  UnifiedFeatureEngine engine;
  FeatureStandardizer standardizer;
  std::array<double, kFeatureCount> z{};
  for (const TapeMinute& minute : nasty_tape()) {
    feed(engine, minute);
    RC_ASSERT(first_infinite(engine.raw()) == "");
    if (!minute.sync.real()) continue;
    standardizer.transform(engine.raw(), z);
    for (const double value : z) RC_ASSERT(std::abs(value) <= 4.0);
  }
}

TEST(FeatureEngine, AllocatesNothingAfterConstruction) {
  const Tape tape = random_tape(15, 4);
  UnifiedFeatureEngine engine;
  FeatureStandardizer standardizer;
  std::array<double, kFeatureCount> z{};
  const long before = allocation_count();
  for (const TapeMinute& minute : tape) {
    feed(engine, minute);
    standardizer.transform(engine.raw(), z);
  }
  EXPECT_EQ(allocation_count() - before, 0);
  const auto counted = std::make_unique<int>(1);
  EXPECT_GT(allocation_count() - before, 0) << "the counter counts";
}

RC_GTEST_PROP(FeatureEngine, ResumedEqualsContinuedBitForBit, ()) {
  static const Tape tape = random_tape(16, 5);
  const auto cut = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(tape.size())));
  const bool in_new_session = *rc::gen::arbitrary<bool>();
  UnifiedFeatureEngine engine;
  for (std::size_t t = 0; t < cut; ++t) feed(engine, tape[t]);
  if (in_new_session && tape[cut].begins_session) engine.begin_session(tape[cut].hours);
  ByteWriter out;
  engine.save(out);
  ByteReader in(out.bytes());
  UnifiedFeatureEngine resumed;
  RC_ASSERT(resumed.load(in).has_value());
  RC_ASSERT(in.at_end());
  RC_ASSERT(resumed.raw() == engine.raw());
  for (std::size_t t = cut; t < std::min(cut + 500, tape.size()); ++t) {
    feed(engine, tape[t]);
    feed(resumed, tape[t]);
    RC_ASSERT(std::memcmp(resumed.raw().data(), engine.raw().data(), sizeof(FeatureRow)) == 0);
  }
}

TEST(FeatureEngine, ResumesBetweenBeginSessionAndItsFirstMinute) {
  const Tape tape = random_tape(17, 3);
  UnifiedFeatureEngine engine, resumed;
  std::size_t t = 0;
  for (; t == 0 || !tape[t].begins_session; ++t) feed(engine, tape[t]);
  engine.begin_session(tape[t].hours);
  ByteWriter out;
  engine.save(out);
  ByteReader in(out.bytes());
  ASSERT_TRUE(resumed.load(in));
  for (; t < tape.size(); ++t) {
    engine.update(tape[t].minute, tape[t].sync);
    resumed.update(tape[t].minute, tape[t].sync);
    ASSERT_EQ(engine.raw(), resumed.raw());
    if (t + 1 < tape.size() && tape[t + 1].begins_session) break;
  }
}

TEST(FeatureEngine, RefusesBrokenStateAndKeepsItsOwn) {
  const Tape tape = random_tape(18, 2);
  UnifiedFeatureEngine engine;
  for (const TapeMinute& minute : tape) feed(engine, minute);
  ByteWriter out;
  engine.save(out);
  const FeatureRow row = engine.raw();
  for (const std::size_t length : {0UL, 7UL, 8UL, 1000UL, out.bytes().size() - 1}) {
    ByteReader in(std::span(out.bytes()).first(length));
    EXPECT_FALSE(engine.load(in)) << length;
  }
  auto other_schema = out.bytes();
  other_schema[0] ^= 1U;
  ByteReader of_other_schema(other_schema);
  const auto refused = engine.load(of_other_schema);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::mismatch);
  auto garbage = out.bytes();
  for (std::size_t i = 16; i < garbage.size(); ++i) garbage[i] = 0xff;
  ByteReader of_garbage(garbage);
  EXPECT_FALSE(engine.load(of_garbage));
  EXPECT_EQ(engine.raw(), row);
}

// A damaged counter must not become an index: every word of the state set to a large integer, one at a time,
// and what still loads is run (the address sanitizer watches). As a price such a word is only a wrong number.
TEST(FeatureEngine, NeverIndexesOutOfItsArraysAfterLoadingDamagedState) {
  const Tape tape = random_tape(19, 2);
  UnifiedFeatureEngine engine;
  for (const TapeMinute& minute : tape) feed(engine, minute);
  ByteWriter out;
  engine.save(out);
  int refused = 0;
  for (std::size_t at = 16; at + 8 <= out.bytes().size(); at += 8) {
    auto damaged = out.bytes();
    const std::int64_t large = 100000;
    std::memcpy(damaged.data() + at, &large, sizeof large);
    UnifiedFeatureEngine loaded;
    ByteReader in(damaged);
    if (!loaded.load(in)) {
      ++refused;
      continue;
    }
    loaded.begin_session(tape.front().hours);
    loaded.update(0, tape.front().sync);
  }
  EXPECT_GE(refused, 26);  // the positions of 21 windows, two flags, three counters of the session
}

// Sums that do not belong together: a square below zero, nearly nothing to divide by.
TEST(FeatureEngine, ADamagedNumberMakesNoColumnThatIsNone) {
  const Tape tape = random_tape(19, 2);
  UnifiedFeatureEngine engine;
  for (const TapeMinute& minute : tape) feed(engine, minute);
  const Bytes whole = saved(engine);
  int loaded_and_run = 0;
  for (std::size_t at = 16, n = 0; at + 8 <= whole.size(); at += 8, ++n) {
    for (const double number : {-1.0, 1e-300}) {
      UnifiedFeatureEngine loaded;
      const Bytes damaged = with(whole, at, number);
      ByteReader in(damaged);
      if (n % 5 != 0 || !loaded.load(in)) continue;
      ++loaded_and_run;
      loaded.begin_session(tape.front().hours);
      for (int minute = 0; minute < 10; ++minute) {
        loaded.update(minute, tape[static_cast<std::size_t>(minute)].sync);
        for (const double value : loaded.raw()) ASSERT_TRUE(std::isfinite(value)) << "word " << n;
      }
    }
  }
  EXPECT_GT(loaded_and_run, 1000);
}

}  // namespace
}  // namespace sentio::testing
