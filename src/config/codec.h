#pragma once
/// How one value is read from JSON, checked and described. Codecs know types and ranges, not keys.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "json_document.h"

namespace sentio::config_detail {

/// A rule for values of type T. Complaints read after a key path: "must be >= 1, was 0".
template <class T>
struct Codec {
  using Value = T;
  std::string range;  ///< for documentation: "1 to 12"
  /// Reads `json` into the value; on a complaint the value is left as it was. Checks the range too.
  std::function<std::string(const nlohmann::json&, T&)> read;
  std::function<std::string(const T&)> check;  ///< empty: in range
  std::function<nlohmann::ordered_json(const T&)> write;
};

enum class Below { inclusive, exclusive };  ///< whether the lower bound itself is allowed

[[nodiscard]] Codec<double> number(double low, double high, Below below = Below::inclusive);
[[nodiscard]] Codec<int> integer(int low, int high);
[[nodiscard]] Codec<bool> flag();
[[nodiscard]] Codec<std::string> text(std::size_t length_max);
[[nodiscard]] Codec<std::string> word(std::vector<std::string> words);
/// 1-4 whole minutes from 1 to 120, ascending.
[[nodiscard]] Codec<std::vector<int>> horizon_list();
/// 1-4 numbers >= 0 whose sum is positive.
[[nodiscard]] Codec<std::vector<double>> weight_list();
/// Names like "TQQQ" or "BRK.B". Empty is sound (it means "those of symbols.json") but not accepted from a
/// file.
[[nodiscard]] Codec<std::vector<std::string>> symbol_list();

/// Digits that read back to the same double, without an exponent where people would not write one.
[[nodiscard]] std::string digits(double value);
[[nodiscard]] std::string expected(const std::string& what, const nlohmann::json& found);

/// An enumeration whose values are words in order, starting at 0.
template <class E>
requires std::is_enum_v<E>
[[nodiscard]] Codec<E> choice(std::vector<std::string> words) {
  const Codec<std::string> names = word(words);
  Codec<E> codec;
  codec.range = names.range;
  codec.read = [names, words](const nlohmann::json& json, E& value) {
    std::string name;
    std::string complaint = names.read(json, name);
    if (complaint.empty())
      value = static_cast<E>(std::find(words.begin(), words.end(), name) - words.begin());
    return complaint;
  };
  codec.check = [count = words.size()](const E& value) {
    return static_cast<std::size_t>(value) < count ? std::string() : std::string("is no known choice");
  };
  codec.write = [words](const E& value) {
    return nlohmann::ordered_json(words.at(static_cast<std::size_t>(value)));
  };
  return codec;
}

}  // namespace sentio::config_detail
