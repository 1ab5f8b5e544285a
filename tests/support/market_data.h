#pragma once
/// Where the real bars are, for tests that need them. They are vendor numbers and not in the
/// repository: without SENTIO_TEST_MARKET_DATA such tests skip with a clear message.

#include <cstdlib>
#include <filesystem>
#include <string>

namespace sentio::testing {

/// The folder named by SENTIO_TEST_MARKET_DATA, or an empty path.
inline std::filesystem::path market_data() {
  const char* folder = std::getenv("SENTIO_TEST_MARKET_DATA");
  if (folder == nullptr || *folder == '\0' || !std::filesystem::is_directory(folder)) return {};
  return folder;
}

}  // namespace sentio::testing

#define SENTIO_NEEDS_MARKET_DATA()                                                            \
  do {                                                                                        \
    if (::sentio::testing::market_data().empty())                                             \
      GTEST_SKIP() << "needs real bars: set SENTIO_TEST_MARKET_DATA to the market-data folder"; \
  } while (false)
