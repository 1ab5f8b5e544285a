#include "codec.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string_view>
#include <system_error>

namespace sentio::config_detail {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

template <class T>
ordered_json write_plainly(const T& value) {
  return ordered_json(value);
}

/// Completes a codec whose reader only has to convert: "" or a complaint about the type.
template <class T>
Codec<T> checked(std::string range, std::function<std::string(const json&, T&)> convert,
                 std::function<std::string(const T&)> check) {
  Codec<T> codec;
  codec.range = std::move(range);
  codec.read = [convert = std::move(convert), check](const json& json_value, T& value) {
    T converted{};
    std::string complaint = convert(json_value, converted);
    if (complaint.empty()) complaint = check(converted);
    if (complaint.empty()) value = std::move(converted);
    return complaint;
  };
  codec.check = std::move(check);
  codec.write = write_plainly<T>;
  return codec;
}

/// Complaint about a number outside its bounds; also for NaN, which compares with nothing.
std::string bounds(double value, double low, double high, Below below) {
  const bool above_low = below == Below::inclusive ? value >= low : value > low;
  if (!above_low)
    return "must be " + std::string(below == Below::inclusive ? ">= " : "> ") + digits(low) + ", was " +
           digits(value);
  if (!(value <= high)) return "must be <= " + digits(high) + ", was " + digits(value);
  return {};
}

std::string as_number(const json& found, double& value) {
  if (!found.is_number()) return expected("a number", found);
  value = found.get<double>();
  return {};
}

/// 5.0 is whole (some tools write it so), 5.5 is not.
std::string as_integer(const json& found, int low, int high, int& value) {
  if (!found.is_number()) return expected("a whole number", found);
  const double number = found.get<double>();
  if (number != std::floor(number)) return expected("a whole number", found);
  std::string complaint = bounds(number, low, high, Below::inclusive);
  if (complaint.empty()) value = static_cast<int>(number);
  return complaint;
}

std::string as_text(const json& found, std::string& value) {
  if (!found.is_string()) return expected("a text in quotes", found);
  value = found.get<std::string>();
  return {};
}

template <class T, class Element>
std::string as_list(const std::string& what, const json& found, std::vector<T>& values, Element element) {
  if (!found.is_array() || found.empty()) return expected(what, found);
  for (const json& item : found) {
    T value{};
    if (std::string complaint = element(item, value); !complaint.empty())
      return "has a value that " + complaint;
    values.push_back(std::move(value));
  }
  return {};
}

bool is_symbol(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.";
  return !name.empty() && name.size() <= 12 && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

constexpr int kHorizonsMax = 4;
constexpr int kHorizonMinutesMax = 120;

std::string check_horizons(const std::vector<int>& values) {
  if (values.empty() || values.size() > kHorizonsMax)
    return "must have 1 to 4 values, had " + std::to_string(values.size());
  for (const int value : values)
    if (std::string complaint = bounds(value, 1, kHorizonMinutesMax, Below::inclusive); !complaint.empty())
      return "has a value that " + complaint;
  if (std::ranges::adjacent_find(values, std::greater_equal<>()) != values.end()) return "must be ascending";
  return {};
}

std::string check_weights(const std::vector<double>& values) {
  constexpr double kWeightMax = 1e6;
  if (values.empty() || values.size() > kHorizonsMax)
    return "must have 1 to 4 values, had " + std::to_string(values.size());
  for (const double value : values)
    if (std::string complaint = bounds(value, 0, kWeightMax, Below::inclusive); !complaint.empty())
      return "has a value that " + complaint;
  // Not only "> 0": weights are divided by their sum, which must not be a denormal.
  constexpr double kSumMin = 1e-6;
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (sum < kSumMin) return "must have a sum >= " + digits(kSumMin) + ", was " + digits(sum);
  return {};
}

std::string check_symbols(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (!is_symbol(name)) return "has " + shown(json(name)) + ", which is not a symbol like \"TQQQ\"";
  return {};
}

}  // namespace

std::string digits(double value) {
  char buffer[64];
  const double size = std::fabs(value);
  const auto format =
      value == 0 || (size >= 1e-6 && size < 1e10) ? std::chars_format::fixed : std::chars_format::general;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format);
  return {buffer, end.ptr};
}

std::string expected(const std::string& what, const json& found) {
  return "must be " + what + ", found " + shown(found);
}

Codec<double> number(double low, double high, Below below) {
  std::string range = (below == Below::exclusive ? "above " : "") + digits(low) + " to " + digits(high);
  return checked<double>(std::move(range), as_number,
                         [=](const double& value) { return bounds(value, low, high, below); });
}

Codec<int> integer(int low, int high) {
  return checked<int>(
      std::to_string(low) + " to " + std::to_string(high),
      [=](const json& found, int& value) { return as_integer(found, low, high, value); },
      [=](const int& value) { return bounds(value, low, high, Below::inclusive); });
}

Codec<bool> flag() {
  return checked<bool>(
      "true or false",
      [](const json& found, bool& value) {
        if (!found.is_boolean()) return expected("true or false", found);
        value = found.get<bool>();
        return std::string();
      },
      [](const bool&) { return std::string(); });
}

Codec<std::string> text(std::size_t length_max) {
  return checked<std::string>("1 to " + std::to_string(length_max) + " characters", as_text,
                              [=](const std::string& value) -> std::string {
                                if (value.empty()) return "must not be empty";
                                if (value.size() > length_max)
                                  return "must have at most " + std::to_string(length_max) +
                                         " characters, had " + std::to_string(value.size());
                                // It is printed as a heading of one line.
                                const auto control = [](char c) {
                                  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                                };
                                if (std::ranges::any_of(value, control))
                                  return "must not hold control characters";
                                return {};
                              });
}

Codec<std::string> word(std::vector<std::string> words) {
  std::string range;
  for (const std::string& name : words) {
    if (!range.empty()) range += &name == &words.back() ? " or " : ", ";
    range += '"' + name + '"';
  }
  return checked<std::string>(range, as_text, [words, range](const std::string& value) -> std::string {
    if (std::ranges::find(words, value) != words.end()) return {};
    return "must be " + range + ", was " + shown(json(value));
  });
}

Codec<std::vector<int>> horizon_list() {
  return checked<std::vector<int>>(
      "1 to 4 values, each 1 to 120, ascending",
      [](const json& found, std::vector<int>& values) {
        return as_list("a list of whole numbers", found, values, [](const json& item, int& value) {
          return as_integer(item, 1, kHorizonMinutesMax, value);
        });
      },
      check_horizons);
}

Codec<std::vector<double>> weight_list() {
  return checked<std::vector<double>>(
      "as many as horizons, each 0 or more, sum above 0",
      [](const json& found, std::vector<double>& values) {
        return as_list("a list of numbers", found, values, as_number);
      },
      check_weights);
}

Codec<std::vector<std::string>> symbol_list() {
  return checked<std::vector<std::string>>(
      "at least one symbol",
      [](const json& found, std::vector<std::string>& names) {
        return as_list("a list of symbols", found, names, as_text);
      },
      check_symbols);
}

}  // namespace sentio::config_detail
