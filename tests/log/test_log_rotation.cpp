#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "scratch_folder.h"
#include "sentio/log/log.h"

namespace sentio::testing {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

void write_lines(int first, int last) {
  for (int i = first; i <= last; ++i) log_line(LogLevel::info, "line", {{"n", i}, {"text", std::string(400, 'x')}});
}

class LogRotation : public ::testing::Test {
 protected:
  ~LogRotation() override {
    std::error_code ignored;
    fs::permissions(folder.path(), fs::perms::owner_all, ignored);
    stop_log();
  }
  void start(int files_max = 3) {
    ASSERT_TRUE(start_log({.folder = folder.path(), .bytes_max = 4096, .files_max = files_max}));
  }
  [[nodiscard]] bool holds(const char* name, int n) const {
    return text_of(folder / name).find(" n=" + std::to_string(n) + " ") != std::string::npos;
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder.path())) all.push_back(entry.path().filename());
    std::ranges::sort(all);
    return all;
  }

  ScratchFolder folder;
};

TEST_F(LogRotation, KeepsTheNewestFilesEachBelowTheBound) {
  start();
  write_lines(1, 100);  // nine a file
  stop_log();
  EXPECT_EQ(names(), (std::vector<std::string>{"sentio.1.log", "sentio.2.log", "sentio.log"}));
  for (const std::string& name : names()) EXPECT_LE(fs::file_size(folder / name), 4096U) << name;
  EXPECT_TRUE(holds("sentio.log", 100));
  EXPECT_FALSE(holds("sentio.1.log", 100));
  EXPECT_TRUE(holds("sentio.2.log", 85));
  EXPECT_EQ(log_lines_lost(), 0U);
}

TEST_F(LogRotation, OneFileIsEmptiedInItsPlace) {
  start(1);
  write_lines(1, 20);
  stop_log();
  EXPECT_EQ(names(), std::vector<std::string>{"sentio.log"});
  EXPECT_LE(fs::file_size(folder / "sentio.log"), 4096U);
  EXPECT_TRUE(holds("sentio.log", 20));
}

TEST_F(LogRotation, CountsWhatAnEarlierRunLeft) {
  start();
  write_lines(1, 6);
  start();
  write_lines(7, 12);
  stop_log();
  EXPECT_EQ(names().size(), 2U);
  EXPECT_TRUE(holds("sentio.1.log", 1));
}

TEST_F(LogRotation, AFolderThatTakesNoNewFileKeepsTheBound) {
  start();
  write_lines(1, 1);
  // A folder by that name: no file can be made under it, for the superuser neither.
  fs::create_directory(folder / "sentio.log.new");
  write_lines(2, 50);
  stop_log();
  EXPECT_FALSE(fs::exists(folder / "sentio.1.log"));
  EXPECT_LE(fs::file_size(folder / "sentio.log"), 4096U);
  EXPECT_TRUE(holds("sentio.log", 50));
  EXPECT_EQ(log_lines_lost(), 0U);
}

TEST_F(LogRotation, AProcessBesideUsHasAFileOfItsOwn) {
  int go[2];
  ASSERT_EQ(::pipe(go), 0);
  const pid_t child = ::fork();  // before there is a thread
  if (child == 0) {
    char byte = 0;
    (void)!::read(go[0], &byte, 1);
    const bool started = start_log({.folder = folder.path()}).has_value();
    log_line(LogLevel::info, "beside");
    stop_log();
    ::_exit(started ? 0 : 1);
  }
  start();
  write_lines(1, 20);  // also after the file has been replaced
  ASSERT_EQ(::write(go[1], "x", 1), 1);
  ::close(go[0]);
  ::close(go[1]);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  stop_log();
  EXPECT_NE(text_of(folder / "sentio-2.log").find("beside"), std::string::npos);
  EXPECT_EQ(text_of(folder / "sentio.log").find("beside"), std::string::npos);
}

}  // namespace
}  // namespace sentio::testing
