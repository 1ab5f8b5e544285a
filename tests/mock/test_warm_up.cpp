/// Warm-up states: starting from one is the same as warming up, and a wrong one is refused.

#include <gtest/gtest.h>

#include "mock_world.h"
#include "scratch_folder.h"
#include "sentio/mock/warm_up.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

using testing::Captured;
using testing::day;
using testing::MockWorld;

constexpr int kWarmUpDays = 3;
const Date kFirst = day(2025, 7, 7);

MockWorld small_world() {
  return testing::walking_world(kFirst, day(2025, 7, 8), kWarmUpDays, 7, {.missing = 0.03});
}

Result<StateFile> state_of(const MockWorld& world, int sessions = kWarmUpDays, int jobs = 1) {
  const auto& o = world.options;
  return learn_warm_up({.config = o.config,
                        .universe = o.universe,
                        .fees = o.fees,
                        .sessions = NyseCalendar::sessions_before(o.first, sessions),
                        .jobs = jobs},
                       world.bars, {});
}

void expect_same_files(const Captured& a, const Captured& b) {
  ASSERT_EQ(a.error, "");
  ASSERT_EQ(b.error, "");
  ASSERT_EQ(a.files.size(), b.files.size());
  for (const auto& [date, files] : a.files) {
    const DayFiles& other = b.files.at(date);
    EXPECT_GT(files.signals.size(), 100'000U);
    EXPECT_TRUE(files.signals == other.signals);
    EXPECT_EQ(files.decisions, other.decisions);
    EXPECT_EQ(files.trades, other.trades);
    EXPECT_EQ(files.positions, other.positions);
    EXPECT_EQ(files.health, other.health);
    EXPECT_EQ(files.session_log, other.session_log);
  }
}

void expect_start_from_state_equals_warm_up(MockWorld world, int sessions) {
  const Captured warmed_up = world.run();
  const testing::ScratchFolder folder;
  const auto made = state_of(world, sessions);
  ASSERT_TRUE(made) << made.error().message();
  ASSERT_TRUE(write_state(folder / "state.bin", made->header, made->payload));
  auto loaded = load_warm_up_state(folder / "state.bin", world.options.config, world.options.universe,
                                   world.options.first);
  ASSERT_TRUE(loaded) << loaded.error().message();
  world.options.warmup_state = *std::move(loaded);
  // Nothing but the state may teach the run: the earlier bars are gone.
  const TimePoint open = NyseCalendar::session(world.options.first)->open;
  for (SymbolBars& s : world.bars) std::erase_if(s.bars, [&](const Bar& b) { return b.start < open; });
  expect_same_files(warmed_up, world.run());
}

TEST(WarmUp, ARunFromAStateEqualsARunWithWarmUp) {
  expect_start_from_state_equals_warm_up(small_world(), kWarmUpDays);
}

TEST(WarmUp, ARunFromAStateEqualsARunWithWarmUpOnRealBars) {
  SENTIO_NEEDS_MARKET_DATA();
  expect_start_from_state_equals_warm_up(testing::real_six(day(2025, 9, 26), 9), 9);
}

TEST(WarmUp, TheStateDoesNotDependOnTheNumberOfJobs) {
  const MockWorld world = small_world();
  const auto one = state_of(world), two = state_of(world, kWarmUpDays, 2);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->header, two->header);
  EXPECT_TRUE(one->payload == two->payload);
  EXPECT_EQ(one->header.sessions, kWarmUpDays);
  EXPECT_EQ(one->header.last_session, day(2025, 7, 3));
}

/// What load_warm_up_state() says about the small world's state under changed circumstances.
struct Refusal {
  const char* name;
  std::function<void(StrategyConfig&, Universe&, Date&)> change;
  const char* said;
};

TEST(WarmUp, AStateOfAnotherConfigurationUniverseOrDayIsRefused) {
  const MockWorld world = small_world();
  const testing::ScratchFolder folder;
  const auto state = state_of(world, 1);
  ASSERT_TRUE(state);
  ASSERT_TRUE(write_state(folder / "state.bin", state->header, state->payload));
  const Refusal rows[] = {
      {"another forgetting", [](auto& config, auto&, auto&) { config.learner.lambda = 0.99; },
       "another configuration"},
      {"other horizons",
       [](auto& config, auto&, auto&) {
         config.learner.horizons = {1, 5, 15};
       },
       "another configuration"},
      {"fewer instruments",
       [](auto&, Universe& universe, auto&) {
         universe = Universe({universe[0], universe[1]});
       },
       "other instruments"},
      {"a later day", [](auto&, auto&, Date& first) { first = day(2025, 7, 8); }, "2025-07-07"},
      {"an earlier day", [](auto&, auto&, Date& first) { first = day(2025, 7, 3); }, "2025-07-02"},
  };
  for (const Refusal& row : rows) {
    SCOPED_TRACE(row.name);
    StrategyConfig config = world.options.config;
    Universe universe = world.options.universe;
    Date first = kFirst;
    ASSERT_TRUE(load_warm_up_state(folder / "state.bin", config, universe, first));
    row.change(config, universe, first);
    const auto loaded = load_warm_up_state(folder / "state.bin", config, universe, first);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(exit_code(loaded.error().code), ExitCode::data);
    EXPECT_NE(loaded.error().message().find(row.said), std::string::npos) << loaded.error().message();
    EXPECT_NE(loaded.error().message().find("state.bin"), std::string::npos);
  }
}

TEST(WarmUp, AStateMayStartRunsThatOnlyTradeDifferently) {
  const MockWorld world = small_world();
  const auto state = state_of(world, 1);
  ASSERT_TRUE(state);
  StrategyConfig config = world.options.config;
  config.rotation.max_positions = 1;
  EXPECT_TRUE(check_warm_up_state(*state, config, world.options.universe, kFirst, "s"));
}

TEST(WarmUp, OtherFeaturesThanThisProgramsAreRefused) {
  const MockWorld world = small_world();
  auto state = state_of(world, 1);
  ASSERT_TRUE(state);
  ++state->header.feature_schema;
  const auto fits = check_warm_up_state(*state, world.options.config, world.options.universe, kFirst, "s");
  ASSERT_FALSE(fits);
  EXPECT_EQ(exit_code(fits.error().code), ExitCode::data);
  EXPECT_NE(fits.error().detail.find("features"), std::string::npos);
}

TEST(WarmUp, ADamagedOrMissingStateIsRefused) {
  const MockWorld world = small_world();
  const testing::ScratchFolder folder;
  const auto state = state_of(world, 1);
  ASSERT_TRUE(state);
  const auto load = [&] {
    return load_warm_up_state(folder / "state.bin", world.options.config, world.options.universe, kFirst);
  };
  EXPECT_EQ(exit_code(load().error().code), ExitCode::data);  // not there
  ASSERT_TRUE(write_state(folder / "state.bin", state->header, state->payload));
  std::string bytes = *read_text_file(folder / "state.bin");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(write_file_atomically(folder / "state.bin", bytes));
  EXPECT_EQ(exit_code(load().error().code), ExitCode::data);
  ASSERT_TRUE(
      write_file_atomically(folder / "state.bin", std::string_view(bytes).substr(0, bytes.size() / 2)));
  EXPECT_EQ(exit_code(load().error().code), ExitCode::data);
}

/// A payload that fits its header but is not a learner's must not be traded on.
TEST(WarmUp, APayloadOfAnotherShapeEndsTheRunBeforeItTrades) {
  MockWorld world = small_world();
  auto state = state_of(world, 1);
  ASSERT_TRUE(state);
  const std::vector<std::uint8_t> whole = state->payload;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, whole.size() / 3, whole.size() - 1}) {
    state->payload.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    world.options.warmup_state = *state;
    const Captured run = world.run();
    EXPECT_NE(run.error, "") << size;
    EXPECT_TRUE(run.files.empty()) << size;
  }
}

TEST(WarmUp, ASessionWithoutBarsIsNamed) {
  const auto state = state_of(small_world(), kWarmUpDays + 1);  // the bars begin a session later
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, Errc::not_found);
  EXPECT_EQ(state.error().where, "2025-06-30");
}

}  // namespace
}  // namespace sentio
