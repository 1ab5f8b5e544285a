#pragma once
/// The reference of all configuration keys, from the tables that parse them.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sentio {

/// One key, as its table describes it.
struct KeyReference {
  enum class File : std::uint8_t { strategy, symbols, fees };
  File file = File::strategy;
  std::string section;  ///< empty: the outermost object; of symbols.json a symbol, of fees.json a row
  std::string name;
  std::vector<std::pair<std::string, std::string>> also;  ///< (section, name) of other places for the same value
  std::string range;                                      ///< for people: "1 to 12"
};
/// All keys, in the order of configuration_reference().
[[nodiscard]] std::vector<KeyReference> configuration_keys();

/// Markdown: one table per section of a strategy file, then symbols.json and fees.json, each row
/// with key, default, range and meaning. docs/configuration.md contains it; a test keeps it so.
[[nodiscard]] std::string configuration_reference();

}  // namespace sentio
