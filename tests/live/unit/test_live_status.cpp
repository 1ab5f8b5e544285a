/// status.json there and back, and what is thought of it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "scratch_folder.h"
#include "sentio/live/instance_lock.h"
#include "sentio/live/live_status.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const Date kDay{std::chrono::year{2025}, std::chrono::October, std::chrono::day{14}};  // a Tuesday

TimePoint at(int hour, int minute, int second = 0) {
  return from_new_york(
      kDay, std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second});
}

LiveStatus trading() {
  LiveStatus s;
  s.pid = ::getpid();
  s.account = "paper";
  s.date = kDay;
  s.state = "trading";
  s.written_at = at(10, 31, 2);
  s.started_at = at(9, 20);
  s.last_bar = at(10, 31);
  s.minute = 60;
  s.session_minutes = 390;
  s.feed_up = s.stream_up = true;
  s.cash = 0.1 + 0.2;
  s.equity = 100'123.45;
  s.capital = 100'000;
  s.cash_explained = -12.3;
  s.cash_allowance = 10.5;
  s.positions = {{"TQQQ", 12, 80.15, 81.02}};
  s.orders_open = 1;
  s.clock_skew_seconds = -.25;
  return s;
}

// --- the file

TEST(LiveStatus, ReadsBackToTheBit) {
  const testing::ScratchFolder folder;
  LiveStatus s = trading();
  s.breaker = s.maintenance = s.entries_suspended = true;
  s.unhealthy_symbols = {"SQQQ", "UVXY"};
  s.exit_note = "said \"no\"\n";
  ASSERT_TRUE(write_status(folder.path(), s));
  const auto read = read_status(folder.path());
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, s);
  s.last_bar.reset();
  s.positions.clear();
  ASSERT_TRUE(write_status(folder.path(), s));
  EXPECT_EQ(*read_status(folder.path()), s);
}

TEST(LiveStatus, ANoteThatIsNoTextDoesNotThrow) {
  LiveStatus s = trading();
  s.exit_note = "\xff\xfe";
  EXPECT_TRUE(parse_status(encode_status(s), "x"));
}

TEST(LiveStatus, DetailsForThoseWhoWatchAreNoneOfItsMembers) {
  const StatusDetails details{
      .learners = {{.symbol = "TQQQ", .limit = "condition", .healthy = false, .condition = 9, .horizons = {{5, .5, 1.25}}}},
      .order_latency = {.sent = 2, .p50_us = 300.5, .p99_us = NAN}};
  const std::string text = encode_status(trading(), &details);
  EXPECT_EQ(*parse_status(text, "x"), trading());
  const json j = json::parse(text);
  EXPECT_EQ(j["learners"][0]["limit"], "condition");
  EXPECT_EQ(j["learners"][0]["horizons"][0]["rmse_ratio"], 1.25);
  EXPECT_EQ(j["order_latency"]["p50_us"], 300.5);
  EXPECT_TRUE(j["order_latency"]["p99_us"].is_null());
}

TEST(LiveStatus, ThatOfADayThatGaveUpIsReadToo) {
  LiveStatus s = trading();
  s.state = "halted";
  EXPECT_EQ(*parse_status(encode_status(s), "x"), s);
  EXPECT_FALSE(written_by(s, 0));
}

TEST(LiveStatus, IsNotFoundOrMalformed) {
  const testing::ScratchFolder folder;
  EXPECT_EQ(read_status(folder.path()).error().code, Errc::not_found);
  std::ofstream(folder / "status.json") << "{\"pid\":";
  const auto cut = read_status(folder.path());
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Errc::malformed);
  EXPECT_EQ(cut.error().where, (folder / "status.json").string());
}

TEST(LiveStatus, EveryMemberIsNeededAndChecked) {
  const json whole = json::parse(encode_status(trading()));
  EXPECT_EQ(whole.size(), 25U);
  for (const auto& [key, value] : whole.items()) {
    json without = whole, other = whole;
    without.erase(key);
    other[key] = json::object();
    for (const json& bad : {without, other}) {
      const auto status = parse_status(bad.dump(), "x");
      ASSERT_FALSE(status) << key;
      EXPECT_EQ(status.error().code, Errc::malformed) << key;
      EXPECT_EQ(status.error().where, "x");
    }
  }
  for (const auto& [key, bad] : {std::pair{"pid", json(0)},
                                 {"pid", json(-1)},
                                 {"pid", json(1.5)},
                                 {"pid", json(1LL << 40)},
                                 {"account", json("demo")},
                                 {"state", json("asleep")},
                                 {"date", json("2025-02-30")},
                                 {"written_at", json("yesterday")},
                                 {"pace", json(0)},
                                 {"minute", json(-2)},
                                 {"orders_open", json(-1)},
                                 {"positions", json::array({1})},
                                 {"unhealthy_symbols", json::array({1})},
                                 {"cash", json(nullptr)}}) {
    json changed = whole;
    changed[key] = bad;
    EXPECT_FALSE(parse_status(changed.dump(), "x")) << key << " " << bad;
  }
  for (const char* text : {"", "[]", "1", "{}", "\xff"}) EXPECT_FALSE(parse_status(text, "x")) << text;
}

TEST(LiveStatus, KnowsARunningProcess) {
  const testing::ScratchFolder folder;
  EXPECT_EQ(running_pid(folder.path()), std::nullopt);
  ASSERT_TRUE(write_status(folder.path(), trading()));
  EXPECT_EQ(running_pid(folder.path()), std::nullopt) << "the status of a process that was killed";
  {
    const auto lock = InstanceLock::take(folder.path());
    ASSERT_TRUE(lock);
    EXPECT_EQ(running_pid(folder.path()), ::getpid());
    LiveStatus s = trading();
    s.state = "ended";
    ASSERT_TRUE(write_status(folder.path(), s));
    EXPECT_EQ(running_pid(folder.path()), ::getpid()) << "the status is of the run before";
  }
  EXPECT_EQ(running_pid(folder.path()), std::nullopt) << "freed";
}

// --- what is thought of it

HealthFacts running() {
  return {.status = trading(),
          .lock_holder_pid = ::getpid(),
          .now = at(10, 31, 4),
          .today = NyseCalendar::session(kDay),
          .disk_free_bytes = std::uintmax_t{5} << 30};
}

/// Names of the lines that are not fine.
std::string bad(const HealthFacts& facts) {
  std::string names;
  for (const HealthLine& l : assess_health(facts)) {
    EXPECT_FALSE(l.text.empty()) << l.name;
    if (!l.ok) names += (names.empty() ? "" : ",") + l.name;
  }
  return names;
}

std::string text_of(const HealthFacts& facts, const std::string& name) {
  for (const HealthLine& l : assess_health(facts)) {
    if (l.name == name) return l.text;
  }
  return "no such line";
}

TEST(Health, LinesAreAlwaysTheSame) {
  std::string names;
  for (const HealthLine& l : assess_health(running())) names += l.name + ",";
  EXPECT_EQ(names, "process,last bar,feed,trade_updates,entries,clock,disk,calendar,learners,");
  HealthFacts nothing{.now = at(3, 0), .disk_free_bytes = std::uintmax_t{5} << 30};
  EXPECT_EQ(assess_health(nothing).size(), 9U);
}

struct HealthCase {
  std::string name;
  void (*change)(HealthFacts&);
  std::string want;
  friend void PrintTo(const HealthCase& row, std::ostream* out) { *out << row.name; }
};

class HealthTest : public ::testing::TestWithParam<HealthCase> {};

TEST_P(HealthTest, NamesWhatIsBad) {
  HealthFacts facts = running();
  GetParam().change(facts);
  EXPECT_EQ(bad(facts), GetParam().want);
}

/// Without a process, at that time.
void stopped(HealthFacts& f, TimePoint now) {
  f.lock_holder_pid.reset();
  f.now = now;
}
/// The process goes on; its status is as fresh as before.
void move(HealthFacts& f, TimePoint now) {
  f.now = now;
  f.status->written_at = now - 2s;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, HealthTest,
    ::testing::Values(
        HealthCase{"AllIsWell", [](HealthFacts&) {}, ""},
        HealthCase{"Silent", [](HealthFacts& f) { f.status->written_at = f.now - 31s; }, "process"},
        HealthCase{"ARehearsalHasItsOwnPace",
                   [](HealthFacts& f) { f.status->pace = 60, f.status->written_at = f.now - 30min; }, ""},
        HealthCase{"SilentAtAFastPace",
                   [](HealthFacts& f) { f.status->pace = 60, f.status->written_at = f.now - 31min; }, "process"},
        HealthCase{"BarsOfAFastPace",
                   [](HealthFacts& f) { f.status->pace = 60, f.status->last_bar = f.now - 31min; }, ""},
        HealthCase{"NoBarsAtAFastPace",
                   [](HealthFacts& f) { f.status->pace = 60, f.status->last_bar = f.now - 32min; }, "last bar"},
        HealthCase{"OnlyTheStatusOfTheRunBefore",
                   [](HealthFacts& f) {
                     f.lock_holder_pid = ::getpid() + 1;
                     f.status->state = "ended", f.status->written_at = f.now - 20h, f.status->breaker = true;
                   },
                   ""},
        HealthCase{"OfAProcessWhoseNumberCannotBeRead",
                   [](HealthFacts& f) { f.lock_holder_pid = 0, f.status->breaker = true; }, "entries"},
        HealthCase{"NoStatusYet", [](HealthFacts& f) { f.status.reset(); }, ""},
        HealthCase{"StoppedInTheSession", [](HealthFacts& f) { stopped(f, at(10, 31)); }, "process"},
        HealthCase{"NeverStarted", [](HealthFacts& f) { stopped(f, at(9, 25)), f.status.reset(); },
                   "process"},
        HealthCase{"NotDueYet", [](HealthFacts& f) { stopped(f, at(9, 24, 59)); }, ""},
        HealthCase{"DueToTheEnd", [](HealthFacts& f) { stopped(f, at(15, 59, 59)); }, "process"},
        HealthCase{"NotDueAfterTheClose", [](HealthFacts& f) { stopped(f, at(16, 0)); }, ""},
        HealthCase{"NotDueOnAClosedDay",
                   [](HealthFacts& f) { stopped(f, at(10, 31) + 96h), f.today.reset(); }, ""},
        HealthCase{"BarOf90Seconds", [](HealthFacts& f) { move(f, at(10, 32, 30)); }, ""},
        HealthCase{"BarOlderThan90Seconds", [](HealthFacts& f) { move(f, at(10, 32, 31)); }, "last bar"},
        HealthCase{"NoBarSinceTheOpen",
                   [](HealthFacts& f) { f.status->last_bar.reset(), move(f, at(9, 31, 31)); }, "last bar"},
        HealthCase{"FirstBarMayTakeItsTime",
                   [](HealthFacts& f) { f.status->last_bar.reset(), move(f, at(9, 31, 20)); }, ""},
        HealthCase{"StartedLate",
                   [](HealthFacts& f) { f.status->last_bar.reset(), f.status->started_at = at(10, 30); }, ""},
        HealthCase{"RestartedAfterAnOutage",
                   [](HealthFacts& f) { f.status->last_bar = at(10, 0), f.status->started_at = at(10, 30); },
                   ""},
        HealthCase{"NoBarsBeforeTheOpen",
                   [](HealthFacts& f) { f.status->last_bar.reset(), move(f, at(9, 29, 59)); }, ""},
        HealthCase{"NoBarsAfterTheClose", [](HealthFacts& f) { move(f, at(16, 10)); }, ""},
        HealthCase{"FeedDown", [](HealthFacts& f) { f.status->feed_up = false; }, "feed"},
        HealthCase{"StreamDown", [](HealthFacts& f) { f.status->stream_up = false; }, "trade_updates"},
        HealthCase{
            "NotConnectedBeforeTheOpen",
            [](HealthFacts& f) { f.status->feed_up = f.status->stream_up = false, move(f, at(9, 21)); }, ""},
        HealthCase{"Suspended", [](HealthFacts& f) { f.status->entries_suspended = true; }, "entries"},
        HealthCase{"SuspendedBeforeTheOpen",
                   [](HealthFacts& f) { f.status->entries_suspended = true, move(f, at(9, 21)); }, ""},
        HealthCase{"Maintenance", [](HealthFacts& f) { f.status->maintenance = true; }, "entries"},
        HealthCase{"Breaker", [](HealthFacts& f) { f.status->breaker = true; }, "entries"},
        HealthCase{"ClockAhead", [](HealthFacts& f) { f.status->clock_skew_seconds = 2.1; }, "clock"},
        HealthCase{"ClockBehind", [](HealthFacts& f) { f.status->clock_skew_seconds = -2.1; }, "clock"},
        HealthCase{"DiskNearlyFull", [](HealthFacts& f) { f.disk_free_bytes = (1U << 30) - 1; }, "disk"},
        HealthCase{"DiskOfOneGibibyte", [](HealthFacts& f) { f.disk_free_bytes = 1U << 30; }, ""},
        HealthCase{"SickLearner", [](HealthFacts& f) { f.status->unhealthy_symbols = {"UVXY"}; }, "learners"},
        HealthCase{"WhatADeadProcessSaidIsOver",
                   [](HealthFacts& f) {
                     f.status->breaker = true;
                     f.status->feed_up = false;
                     f.status->unhealthy_symbols = {"UVXY"};
                     stopped(f, at(18, 0));
                   },
                   ""}),
    [](const auto& tc) { return tc.param.name; });

TEST(Health, AHalfDayEndsAtOne) {
  const Date half{std::chrono::year{2025}, std::chrono::July, std::chrono::day{3}};
  HealthFacts f{.now = from_new_york(half, 12h + 59min), .today = NyseCalendar::session(half)};
  f.disk_free_bytes = std::uintmax_t{5} << 30;
  EXPECT_EQ(bad(f), "process");
  f.now = from_new_york(half, 13h);
  EXPECT_EQ(bad(f), "");
}

TEST(Health, TheCalendarSaysWhatComes) {
  EXPECT_EQ(text_of(running(), "calendar"), "session 09:30-16:00 New York; table to 2030-12-31");
  HealthFacts f = running();
  const Date friday{std::chrono::year{2026}, std::chrono::April, std::chrono::day{3}};
  f.now = from_new_york(friday, 10h);
  f.today = NyseCalendar::session(friday);
  EXPECT_EQ(text_of(f, "calendar"),
            "closed today (Good Friday), next session 2026-04-06; table to 2030-12-31");
  const Date late{std::chrono::year{2030}, std::chrono::December, std::chrono::day{2}};
  f.lock_holder_pid.reset();
  f.now = from_new_york(late, 3h);
  f.today = NyseCalendar::session(late);
  EXPECT_EQ(bad(f), "calendar");
  f.now -= 24h;
  f.today.reset();
  EXPECT_EQ(bad(f), "");
  f.now += 24h * 40;
  EXPECT_EQ(bad(f), "calendar") << "beyond the table";
}

TEST(Health, SaysHowTheLastOneEnded) {
  HealthFacts f = running();
  stopped(f, at(17, 0));
  EXPECT_EQ(text_of(f, "process"),
            "does not run, none is due; the last one was killed or crashed after 2025-10-14 10:31");
  f.status->state = "halted";
  f.status->exit_note = "disk full";
  EXPECT_EQ(text_of(f, "process"),
            "does not run, none is due; the last one gave up 2025-10-14 10:31 (disk full)");
  f.status->state = "ended";
  f.status->exit_note = "flat at the close";
  EXPECT_EQ(text_of(f, "process"),
            "does not run, none is due; the last one ended 2025-10-14 10:31 (flat at the close)");
}

}  // namespace
}  // namespace sentio
