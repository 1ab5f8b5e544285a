#pragma once
/// Whole outputs compared with reviewed files under tests/data/golden/. SENTIO_UPDATE_GOLDEN=1 rewrites
/// them; read `git diff` before believing the new ones.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace sentio::testing {

inline void expect_golden(const std::string& name, const std::string& got) {
  const auto path = std::filesystem::path(SENTIO_TEST_DATA) / "golden" / name;
  if (std::getenv("SENTIO_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << got;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing: set SENTIO_UPDATE_GOLDEN=1 to write it";
  const std::string want{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_EQ(got, want) << "set SENTIO_UPDATE_GOLDEN=1 if the change is intended";
}

}  // namespace sentio::testing
