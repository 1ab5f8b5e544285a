/// The live path over real sockets against the local exchange: it decides as mock does, and its journal
/// replays.

#include <gtest/gtest.h>

#include <malloc.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "allocation_count.h"
#include "mock_world.h"
#include "scratch_folder.h"
#include "sentio/rehearse/rehearse.h"
#include "sentio/live/replay_check.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

using testing::Captured;
using testing::day;
using testing::MockWorld;
using testing::ScratchFolder;

const Date kHalfDay = day(2025, 7, 3);

MockWorld small_world(double missing) {
  MockWorld world = testing::walking_world(kHalfDay, kHalfDay, 3, 7, {.missing = missing});
  const Universe six = world.options.universe;
  world.options.universe = Universe({six[0], six[1], six[2]});
  std::vector<SymbolBars> bars;
  for (const SymbolInfo& s : world.options.universe) {
    bars.push_back(*std::ranges::find(world.bars, s.name, &SymbolBars::symbol));
  }
  world.bars = std::move(bars);
  return world;
}

RehearseOptions options_of(const MockWorld& world, const ScratchFolder& folder) {
  RehearseOptions options;
  options.setup = {world.options.config, world.options.universe, world.options.fees, "test"};
  options.hours = *NyseCalendar::session(world.options.first);
  options.exchange.universe = world.options.universe;
  options.exchange.session = world.options.first;
  options.exchange.fill = world.options.config.fill;
  options.bars = world.bars;
  options.warmup_sessions = world.options.warmup_sessions;
  options.folder = folder.path();
  return options;
}

std::string file_of(const ScratchFolder& folder, const std::string& kind, Date date = kHalfDay) {
  return *read_text_file(folder / (kind + "_" + format_date(date) + ".jsonl"));
}

std::filesystem::path journal_of(const ScratchFolder& folder, Date date = kHalfDay) {
  return folder / ("journal_" + format_date(date) + ".jsonl");
}

void expect_rehearsal_equals_mock(const MockWorld& world) {
  const Date date = world.options.first;
  const Captured mock = world.run();
  ASSERT_EQ(mock.error, "");
  const ScratchFolder folder;
  const auto result = rehearse(options_of(world, folder));
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_TRUE(result->live.flat);
  EXPECT_GT(result->exchange.orders, 5U);
  const DayFiles& files = mock.files.at(date);
  EXPECT_GT(files.decisions.size(), 1000U);
  EXPECT_EQ(file_of(folder, "decisions", date), files.decisions);
  EXPECT_TRUE(file_of(folder, "signals", date) == files.signals);
  EXPECT_EQ(file_of(folder, "positions", date), files.positions);
  EXPECT_EQ(file_of(folder, "health", date), files.health);
  const auto verdict = check_replay(journal_of(folder, date));
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_TRUE(verdict->identical) << verdict->first_difference << "\n"
                                  << verdict->recorded << "\n"
                                  << verdict->replayed;
  EXPECT_TRUE(verdict->closed);
  EXPECT_EQ(verdict->decisions, std::count(files.decisions.begin(), files.decisions.end(), '\n'));
}

TEST(Rehearsal, WithoutFaultsDecidesAsMockByteForByte) {
  expect_rehearsal_equals_mock(small_world(0));
}

TEST(Rehearsal, WithMissingBarsDecidesAsMockByteForByte) {
  expect_rehearsal_equals_mock(small_world(0.08));
}

TEST(Rehearsal, WithBadPrintsDecidesAndTellsAsMock) {
  MockWorld world = small_world(0.03);
  testing::print_badly(world.bars);
  for (SymbolBars& s : world.bars) {  // a third of the day's opens, so that many orders meet one
    for (std::size_t i = 0; i < s.bars.size(); i += 3) {
      Bar& b = s.bars[i];
      if (new_york_date(b.start) != kHalfDay) continue;
      b.open *= i % 2 == 0 ? 1.15 : 0.85;
      b.high = std::max(b.high, b.open);
      b.low = std::min(b.low, b.open);
    }
  }
  const DayFiles mock = world.run().files.at(kHalfDay);
  const auto told = testing::print_lines(mock.session_log);
  EXPECT_GT(told.size(), 10U);
  const ScratchFolder folder;
  const auto result = rehearse(options_of(world, folder));
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(file_of(folder, "decisions"), mock.decisions);
  EXPECT_EQ(file_of(folder, "positions"), mock.positions);
  EXPECT_GT(result->exchange.orders, 10U);
  const std::string log = *read_text_file(folder / ("session_" + format_date(kHalfDay) + ".log"));
  EXPECT_EQ(testing::print_lines(log), told);
  const auto verdict = check_replay(journal_of(folder));
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_TRUE(verdict->identical) << verdict->first_difference;
}

TEST(Rehearsal, OnRealBarsDecidesAsMockByteForByte) {
  SENTIO_NEEDS_MARKET_DATA();
  expect_rehearsal_equals_mock(testing::real_six(day(2025, 9, 26), 9));
}

std::vector<nlohmann::json> lines(const std::string& text) {
  std::vector<nlohmann::json> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

TEST(Rehearsal, WithFaultsEndsFlatWithoutDoubledOrdersAndReplays) {
  const MockWorld world = small_world(0.02);
  const ScratchFolder folder;
  RehearseOptions options = options_of(world, folder);
  for (const char* line : {"at 10:00 drop data", "at 10:10 lose stream 6", "at 10:20 duplicate stream x20",
                           "at 10:30 accept-then-500 x3", "at 10:40 accept-then-cut x2", "at 10:50 reject x2",
                           "at 11:00 partial x3", "at 11:10 503 orders x2", "at 11:20 reorder data x3",
                           "at 11:30 duplicate data x3", "at 11:40 delay data 30s x2", "at 11:50 drop stream",
                           "at 12:00 cancel-race"}) {
    options.exchange.faults.push_back(*exchange::parse_fault(line));
  }
  const auto result = rehearse(std::move(options));
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_TRUE(result->live.flat);
  EXPECT_EQ(result->live.held, std::vector<std::string>{});
  const auto verdict = check_replay(journal_of(folder));
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_TRUE(verdict->identical) << verdict->recorded << "\n" << verdict->replayed;
  std::set<std::string> orders;
  double shares = 0;
  for (const auto& trade : lines(file_of(folder, "trades"))) {
    orders.insert(trade["order_id"]);
    shares += (trade["side"] == "buy" ? 1 : -1) * trade["qty"].get<double>();
  }
  EXPECT_EQ(shares, 0);
  EXPECT_GT(orders.size(), 10U);
}

TEST(Rehearsal, ADryRunSendsNoOrder) {
  const MockWorld world = small_world(0);
  const ScratchFolder folder;
  RehearseOptions options = options_of(world, folder);
  options.dry_run = true;
  const auto result = rehearse(std::move(options));
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->exchange.orders, 0U);
  EXPECT_EQ(file_of(folder, "trades"), "");
  EXPECT_NE(file_of(folder, "decisions").find("\"enter"), std::string::npos);
  const auto verdict = check_replay(journal_of(folder));
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_TRUE(verdict->identical);
}

TEST(Rehearsal, AWindowStartsWithItsBackFilledMinutesAndReplays) {
  const MockWorld world = small_world(0);
  const ScratchFolder folder;
  RehearseOptions options = options_of(world, folder);
  options.exchange.from_minute = 60;
  options.exchange.to_minute = 119;
  const auto result = rehearse(std::move(options));
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_FALSE(result->live.whole_session);
  int observed = 0, sets = 0;
  for (const auto& event : lines(file_of(folder, "journal"))) {
    if (event.value("event", "") != "bars") continue;
    ++sets;
    observed += event["observe_only"].get<bool>();
    EXPECT_EQ(event["bars"].size(), 3U) << event["minute"];
  }
  EXPECT_EQ(sets, 120);
  EXPECT_GE(observed, 59);
  EXPECT_LE(observed, 60);
  const auto verdict = check_replay(journal_of(folder));
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_TRUE(verdict->identical);
  EXPECT_FALSE(verdict->closed);
}

/// What C libraries hold too: curl, OpenSSL, zlib. Of all arenas; nothing under a sanitizer's allocator.
std::size_t heap_bytes() {
  const auto heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

// Blocks, not resident pages: how many pages a heap of several threads keeps depends on who ran beside whom.
TEST(Rehearsal, FiveDaysInOneProcessNeedNoMoreMemoryThanTwo) {
  const MockWorld world = small_world(0);
  testing::LiveMemory after_two, after_five;
  std::size_t heap_after_two = 0;
  for (int day_number = 1; day_number <= 5; ++day_number) {
    {
      const ScratchFolder folder;
      const auto result = rehearse(options_of(world, folder));
      ASSERT_TRUE(result) << result.error().message();
      ASSERT_GT(result->exchange.orders, 5U);
    }
    after_five = testing::live_memory();
    if (day_number == 2) after_two = after_five, heap_after_two = heap_bytes();
  }
  EXPECT_EQ(after_five.blocks, after_two.blocks);
  EXPECT_LT(after_five.bytes, after_two.bytes + 1024) << "the allocator may round another way";
  EXPECT_LT(heap_bytes(), heap_after_two + 128 * 1024) << "beside the free blocks a thread keeps for itself";
}

TEST(Rehearsal, MinutesOfRefusedRequestsEndOnSimulatedTime) {
  const MockWorld world = small_world(0);
  const ScratchFolder folder;
  RehearseOptions options = options_of(world, folder);
  options.exchange.to_minute = 60;
  for (const char* line : {"at 09:40 429 rest for 3m", "at 09:50 500 orders for 3m", "at 10:00 503 rest for 2m"}) {
    options.exchange.faults.push_back(*exchange::parse_fault(line));
  }
  // A back-off on the machine's clock would keep simulated time standing, until the pacer gives the day up.
  const auto result = rehearse(std::move(options));
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_NE(file_of(folder, "journal").find("\"minute\":60,"), std::string::npos);
  EXPECT_EQ(result->live.differences, std::vector<std::string>{});
  const auto verdict = check_replay(journal_of(folder));
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_TRUE(verdict->identical) << verdict->recorded << "\n" << verdict->replayed;
}

/// A day's journal and decisions to damage; one rehearsal serves all the rows below.
TEST(ReplayCheck, NamesTheFirstLineThatDiffersAndForgivesOnlyAJournalThatIsAhead) {
  const MockWorld world = small_world(0);
  const ScratchFolder folder;
  ASSERT_TRUE(rehearse(options_of(world, folder)));
  const auto decisions_file = folder / ("decisions_" + format_date(kHalfDay) + ".jsonl");
  const std::string decisions = file_of(folder, "decisions");
  const std::string journal = file_of(folder, "journal");
  const auto second = decisions.find('\n') + 1;
  const auto check = [&](const std::string& decided, const std::string& journalled) {
    EXPECT_TRUE(write_file_atomically(decisions_file, decided));
    EXPECT_TRUE(write_file_atomically(journal_of(folder), journalled));
    auto verdict = check_replay(journal_of(folder));
    EXPECT_TRUE(verdict) << verdict.error().message();
    return verdict.value_or(ReplayVerdict{});
  };
  std::string changed = decisions;
  changed[second + 5] = '#';
  EXPECT_EQ(check(changed, journal).first_difference, 2);
  EXPECT_EQ(check(decisions.substr(second), journal).first_difference, 1);
  EXPECT_EQ(check(decisions + "{}\n", journal).recorded, "{}");
  const std::string shorter = decisions.substr(0, second);
  EXPECT_EQ(check(shorter, journal).first_difference, 2);
  EXPECT_EQ(check(shorter, journal).recorded, "");

  // Killed in mid-line, late in the day.
  const std::string torn = journal.substr(0, journal.rfind("\"event\":\"bars\""));
  const ReplayVerdict ahead = check(shorter, torn);
  EXPECT_TRUE(ahead.identical && ahead.torn && !ahead.closed);
  EXPECT_FALSE(check(decisions + "{}\n", torn).identical);
}

}  // namespace
}  // namespace sentio
