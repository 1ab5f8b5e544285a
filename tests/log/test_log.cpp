#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <regex>
#include <thread>

#include "scratch_folder.h"
#include "sentio/log/log.h"

namespace sentio::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Without the time.
std::vector<std::string> texts_of(const fs::path& file) {
  std::vector<std::string> texts = lines_of(file);
  for (std::string& line : texts) line.erase(0, line.find(' ') + 1);
  return texts;
}

class Log : public ::testing::Test {
 protected:
  ~Log() override { stop_log(); }
  void start(LogLevel level = LogLevel::info) { ASSERT_TRUE(start_log({.folder = folder.path(), .level = level})); }
  std::vector<std::string> written() {
    stop_log();
    return texts_of(file);
  }

  ScratchFolder folder;
  fs::path file = folder / "sentio.log";
};

TEST_F(Log, ALineHoldsTimeLevelThreadEventAndFields) {
  start();
  log_line(LogLevel::warn, "socket_failed", {{"host", "127.0.0.1"}, {"tries", 3}, {"ms", std::chrono::microseconds{1'500}}});
  stop_log();
  const auto lines = lines_of(file);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(std::regex_match(
      lines[0], std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning \[main\] socket_failed host=127\.0\.0\.1 tries=3 ms=2)")))
      << lines[0];
}

TEST_F(Log, TimesAreUtc) {
  ::setenv("TZ", "America/New_York", 1);
  ::tzset();
  start();
  log_line(LogLevel::info, "here");
  stop_log();
  ::unsetenv("TZ");
  ::tzset();
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::tm written{};
  ASSERT_NE(::strptime(lines_of(file).at(0).c_str(), "%Y-%m-%dT%H:%M:%S", &written), nullptr);
  EXPECT_LT(std::abs(std::difftime(::timegm(&written), ::timegm(&utc))), 3600);
}

struct LevelCase {
  const char* name;
  std::vector<std::string> want;
  friend void PrintTo(const LevelCase& row, std::ostream* out) { *out << row.name; }
};

class LogLevels : public Log, public ::testing::WithParamInterface<LevelCase> {};

TEST_P(LogLevels, OnlyWhatIsAskedForIsWritten) {
  const auto level = parse_log_level(GetParam().name);
  ASSERT_TRUE(level);
  start(*level);
  log_line(LogLevel::trace, "a");
  log_line(LogLevel::debug, "b");
  log_line(LogLevel::info, "c");
  log_line(LogLevel::warn, "d");
  log_line(LogLevel::error, "e");
  log_line(LogLevel::off, "f");
  std::vector<std::string> events;
  for (const std::string& text : written()) events.push_back(text.substr(text.rfind(' ') + 1));
  EXPECT_EQ(events, GetParam().want);
  EXPECT_EQ(fs::exists(file), *level != LogLevel::off);
}

INSTANTIATE_TEST_SUITE_P(Table, LogLevels,
                         ::testing::Values(LevelCase{"trace", {"a", "b", "c", "d", "e"}},
                                           LevelCase{"debug", {"b", "c", "d", "e"}}, LevelCase{"info", {"c", "d", "e"}},
                                           LevelCase{"warn", {"d", "e"}}, LevelCase{"error", {"e"}}, LevelCase{"off", {}}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Log, UnknownLevelsAreNone) {
  for (const char* name : {"", "warning", "INFO", "in", "info "}) EXPECT_FALSE(parse_log_level(name)) << name;
}

TEST_F(Log, WithoutALogLinesGoNowhere) {
  log_line(LogLevel::error, "nobody");
  EXPECT_FALSE(log_enabled(LogLevel::error));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(Log, ThreadsAreNamed) {
  start(LogLevel::debug);
  std::string system_name(16, '\0');
  std::thread([&] {
    const LogThread named("order-poller-of-the-day");
    ::pthread_getname_np(::pthread_self(), system_name.data(), system_name.size());
    log_line(LogLevel::info, "at_work");
  }).join();
  std::thread([] { log_line(LogLevel::info, "nameless"); }).join();
  const std::vector<std::string> want{
      "debug [order-poller-of-the-day] thread_begins", "info [order-poller-of-the-day] at_work",
      "debug [order-poller-of-the-day] thread_ends", "info [worker] nameless"};
  EXPECT_EQ(written(), want);
  EXPECT_STREQ(system_name.c_str(), "order-poller-of");
}

TEST_F(Log, LinesOfManyThreadsStayWhole) {
  start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 200; ++i) log_line(LogLevel::info, "n", {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<int> next(4, 0);
  for (const std::string& text : written()) {
    int thread = 0, i = 0;
    ASSERT_EQ(std::sscanf(text.c_str(), "info [worker] n thread=%d i=%d", &thread, &i), 2) << text;
    EXPECT_EQ(i, next[static_cast<std::size_t>(thread)]++);
  }
  EXPECT_EQ(next, std::vector<int>(4, 200));
}

TEST_F(Log, ASecondRunGoesOnInTheSameFile) {
  start();
  log_line(LogLevel::info, "one");
  start();
  log_line(LogLevel::info, "two");
  EXPECT_EQ(written(), (std::vector<std::string>{"info [main] one", "info [main] two"}));
}

TEST_F(Log, SecretsAreMaskedAlsoInTheServersWords) {
  keep_out_of_log("PK123");
  keep_out_of_log("PK123-AND-MORE");
  keep_out_of_log("");
  start();
  log_line(LogLevel::info, "refused", {{"error", "key PK123 is unknown, PK123-AND-MORE too"}, {"key", "PK123"}});
  EXPECT_EQ(written(), std::vector<std::string>{R"(info [main] refused error="key *** is unknown, *** too" key=***)"});
}

TEST_F(Log, AValueCannotForgeALine) {
  start();
  log_line(LogLevel::info, "told", {{"text", "a\nb\x1b[31m \"c\" \\"}, {"empty", ""}, {"long", std::string(2'000, 'x')}});
  EXPECT_EQ(written(), std::vector<std::string>{R"(info [main] told text="a\x0ab\x1b[31m \"c\" \\" empty="" long=)" +
                                                std::string(500, 'x') + "..."});
}

TEST_F(Log, AFolderThatCannotBeMadeIsSaidOnceAndLinesGoNowhere) {
  std::ofstream(folder / "a file") << "x";
  const auto started = start_log({.folder = folder / "a file"});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::io);
  log_line(LogLevel::error, "nobody");
  EXPECT_FALSE(log_enabled(LogLevel::error));
}

TEST_F(Log, AFullDiskLosesLinesAndNothingElse) {
  fs::create_symlink("/dev/full", file);
  start();
  for (int i = 0; i < 5; ++i) log_line(LogLevel::error, "lost");
  stop_log();
  EXPECT_EQ(log_lines_lost(), 5U);
}

TEST_F(Log, AProcessThatDiesHasItsLinesInTheFile) {
  const auto die = [this] {
    (void)start_log({.folder = folder.path()});
    log_line(LogLevel::info, "the_last");
    // Milliseconds' worth may be lost: wait for what is not.
    for (int i = 0; i < 1'000 && texts_of(file).empty(); ++i) ::usleep(10'000);
    std::abort();
  };
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(die(), "");
}

/// What the thread of that name blocks; 0: there is none.
std::uint64_t blocked_in(const std::string& thread) {
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::string name;
    for (const std::string& line : lines_of(task.path() / "status")) {
      if (line.starts_with("Name:\t")) name = line.substr(6);
      if (name == thread && line.starts_with("SigBlk:\t")) return std::stoull(line.substr(8), nullptr, 16);
    }
  }
  return 0;
}

// Or SIGINT could reach it, and not the thread that sells everything.
TEST_F(Log, ItsThreadTakesNoSignals) {
  start();
  log_line(LogLevel::info, "at_work");
  for (int i = 0; i < 10'000 && texts_of(file).empty(); ++i) ::usleep(1'000);  // it names itself
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) EXPECT_TRUE(blocked_in("log") >> (number - 1) & 1U) << number;
}

}  // namespace
}  // namespace sentio::testing
