#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "net_test_support.h"
#include "sentio/net/alert_command.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;

class AlertCommandTest : public testing::Test {
 protected:
  AlertCommandTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sentio_alert_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~AlertCommandTest() override { std::filesystem::remove_all(folder_); }

  /// Runs a shell script of the test's own; the alert reaches it as data.
  Result<> run(const std::string& script, const Alert& alert, std::chrono::milliseconds timeout = 20s) {
    auto channel = make_alert_command({"/bin/sh", "-c", script, "sh", folder_.string()}, timeout);
    return channel.value()->deliver(alert);
  }
  std::string file(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }

  std::filesystem::path folder_;
};

const Alert kHostile{AlertLevel::warning, "a title; touch \"$1\"/pwned",
                     "$(touch pwned) `touch pwned`\n'; \"\\ é\n"};

TEST_F(AlertCommandTest, GetsTheTextOnStdinAndInTheEnvironment) {
  const auto done = run(
      R"(cat > "$1/in"; printf %s "$SENTIO_ALERT_LEVEL|$SENTIO_ALERT_TITLE|$SENTIO_ALERT_TEXT" > "$1/env")",
      kHostile);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(file("in"), kHostile.text);
  EXPECT_EQ(file("env"), "warning|" + kHostile.title + "|" + kHostile.text);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "pwned"));
}

TEST_F(AlertCommandTest, DoesNotGetTheTradingKeys) {
  ::setenv("ALPACA_SECRET_KEY", kSecret, 1);
  ::setenv("MASSIVE_API_KEY", kSecret, 1);
  ::setenv("MY_OWN_VARIABLE", "kept", 1);
  ASSERT_TRUE(run(R"(env > "$1/env")", kHostile));
  ::unsetenv("ALPACA_SECRET_KEY");
  ::unsetenv("MASSIVE_API_KEY");
  EXPECT_EQ(file("env").find(kSecret), std::string::npos);
  EXPECT_NE(file("env").find("MY_OWN_VARIABLE=kept"), std::string::npos);
}

TEST_F(AlertCommandTest, InheritsNoOpenFile) {
  const int leaky = ::dup(STDERR_FILENO);  // without close-on-exec
  ASSERT_TRUE(run(R"(ls /proc/self/fd | tr '\n' ' ' > "$1/fds")", kHostile));
  ::close(leaky);
  EXPECT_EQ(file("fds"), "0 1 2 3 ");  // 3: the folder that ls reads
}

TEST_F(AlertCommandTest, MayIgnoreAnyLengthOfText) {
  Alert alert = kHostile;
  alert.text = std::string(5'000'000, 'x');
  EXPECT_TRUE(run("exit 0", alert));
}

TEST_F(AlertCommandTest, TellsWhyItFailed) {
  EXPECT_EQ(run("exit 3", kHostile).error().detail, "alert command ended with status 3");
  EXPECT_EQ(run("kill -9 $$", kHostile).error().detail, "alert command died of signal 9");
  const auto missing = make_alert_command({"/nonexistent/program"}, 1s).value()->deliver(kHostile);
  EXPECT_EQ(missing.error().code, Errc::io);
  EXPECT_EQ(missing.error().where, "/nonexistent/program");
  for (const char* script : {"exit 3", "kill -9 $$"}) {
    Alert alert = kHostile;
    alert.text = alert.title = kSecret;
    expect_no_secret(run(script, alert).error());
  }
}

TEST_F(AlertCommandTest, IsKilledWithItsChildrenAfterTheTimeout) {
  std::string pid;
  for (auto timeout = 300ms; pid.empty(); timeout *= 2) {  // a busy machine needs longer to start the shell
    const auto done = run(R"(sleep 600 & echo $! > "$1/pid"; wait)", kHostile, timeout);
    EXPECT_EQ(done.error().code, Errc::timed_out);
    pid = file("pid");
  }
  // The orphan is reaped by init in its own time: until then it is a zombie, which counts as dead.
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  const auto is_alive = [&] {
    std::ifstream status("/proc/" + std::to_string(std::stol(pid)) + "/stat");
    std::string text;
    return std::getline(status, text) && text.find(") Z") == std::string::npos;
  };
  while (is_alive() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(is_alive());
}

TEST_F(AlertCommandTest, CancelEndsIt) {
  AlertWorker worker{make_alert_command({"/bin/sleep", "600"}, 600s).value()};
  worker.post(kHostile);
  const AlertCounts counts = worker.drain(50ms);  // would take ten minutes if cancel did not work
  EXPECT_EQ(counts.failed + counts.dropped, 1U);
}

TEST_F(AlertCommandTest, RunsOncePerAlert) {
  AlertWorker worker{
      make_alert_command({"/bin/sh", "-c", R"(cat >> "$1/all")", "sh", folder_.string()}, 20s).value()};
  for (const char* text : {"one,", "two,", "three"}) worker.post({AlertLevel::info, "t", text});
  EXPECT_EQ(worker.drain(60s).delivered, 3U);
  EXPECT_EQ(file("all"), "one,two,three");
}

struct SplitCase {
  std::string name, line;
  std::vector<std::string> want;  // empty: refused
  friend void PrintTo(const SplitCase& row, std::ostream* out) { *out << row.name; }
};

class SplitCommandTest : public testing::TestWithParam<SplitCase> {};

TEST_P(SplitCommandTest, FollowsTheTable) {
  const auto words = split_command(GetParam().line);
  if (GetParam().want.empty()) {
    ASSERT_FALSE(words);
    EXPECT_EQ(words.error().code, Errc::usage);
  } else {
    ASSERT_TRUE(words) << words.error().message();
    EXPECT_EQ(*words, GetParam().want);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, SplitCommandTest,
    testing::Values(SplitCase{"One", "notify", {"notify"}},
                    SplitCase{"Blanks", "  a\tb  c ", {"a", "b", "c"}},
                    SplitCase{"Quotes", R"(a 'b c' "d 'e'" f"g h"i)", {"a", "b c", "d 'e'", "fg hi"}},
                    SplitCase{"EmptyWord", "a '' b", {"a", "", "b"}},
                    SplitCase{"Backslash", R"(a\ b "c\"d" 'e\f')", {"a b", "c\"d", "e\\f"}},
                    SplitCase{"NothingIsExpanded", "echo $HOME *", {"echo", "$HOME", "*"}},
                    SplitCase{"Empty", "", {}}, SplitCase{"OnlyBlanks", "  ", {}},
                    SplitCase{"EmptyProgram", "'' a", {}}, SplitCase{"OpenQuote", "a 'b", {}}),
    [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio::test
