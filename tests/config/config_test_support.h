#pragma once
/// What the tests of configuration share.

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "sentio/config/strategy_config.h"

namespace sentio::testing {

inline std::string file_text(const std::string& path) {
  std::ifstream file(std::string(SENTIO_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline ConfigSource shipped(const std::string& name) {
  return {name, file_text("config/" + name)};
}

/// Parses one strategy file called "f.json".
inline Result<StrategyConfig> parse(const std::string& text) {
  return parse_strategy({{"f.json", text}});
}

/// The lines of what is wrong with it; empty where nothing is.
inline std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) found.push_back(line);
  return found;
}
template <class T>
std::vector<std::string> complaints(const Result<T>& result) {
  if (result) return {};
  EXPECT_EQ(result.error().code, Errc::usage);
  return lines(result.error().message());
}

/// Equal in everything that decides; warnings name files and are left out.
inline bool same_strategy(const StrategyConfig& a, const StrategyConfig& b) {
  return a.name == b.name && a.active_symbols == b.active_symbols && a.learner == b.learner &&
         a.aggregator == b.aggregator && a.rotation == b.rotation && a.risk == b.risk && a.fill == b.fill &&
         a.data == b.data;
}

}  // namespace sentio::testing
