#include "faults/fault_words.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace sentio::exchange {

tl::unexpected<Error> malformed(std::string detail) {
  return fail(Errc::malformed, "", std::move(detail));
}

Words words_of(std::string_view line) {
  Words words;
  while (true) {
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return words;
    const auto end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    line.remove_prefix(end);
  }
}

std::optional<int> integer(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::chrono::seconds> duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const auto value = integer(text.substr(0, text.size() - 1));
  if (!value) return std::nullopt;
  if (text.back() == 's') return std::chrono::seconds{*value};
  if (text.back() == 'm') return std::chrono::seconds{60LL * *value};
  return std::nullopt;
}

std::optional<std::chrono::nanoseconds> wall_time(std::string_view text) {
  if (text.size() != 5 && text.size() != 8) return std::nullopt;
  if (text[2] != ':' || (text.size() == 8 && text[5] != ':')) return std::nullopt;
  const auto h = integer(text.substr(0, 2)), m = integer(text.substr(3, 2));
  const auto s = text.size() == 8 ? integer(text.substr(6, 2)) : std::optional<int>(0);
  if (!h || !m || !s || *h < 0 || *h > 23 || *m < 0 || *m > 59 || *s < 0 || *s > 59) return std::nullopt;
  return std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s};
}

Result<Fault> end_of_line(Fault fault, const Words& words, std::size_t used) {
  if (used < words.size()) return malformed("unexpected \"" + std::string(words[used]) + "\"");
  return fault;
}

Result<Fault> parse_extent(Fault fault, const Words& words, std::size_t at) {
  if (at >= words.size()) return fault;
  if (words[at] == "for") {
    const auto lasts = at + 1 < words.size() ? duration(words[at + 1]) : std::nullopt;
    if (!lasts || *lasts <= std::chrono::seconds{0})
      return malformed("\"for\" needs a duration such as 90s or 5m");
    fault.lasts = *lasts;
    return end_of_line(fault, words, at + 2);
  }
  const auto count = words[at].front() == 'x' ? integer(words[at].substr(1)) : std::nullopt;
  if (!count || *count < 1) {
    return malformed("expected \"for 30s\" or \"x3\", found \"" + std::string(words[at]) + "\"");
  }
  fault.count = *count;
  return end_of_line(fault, words, at + 1);
}

std::string FaultWords::take_symbol() {
  const std::string_view word = peek();
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'; };
  if (word.empty() || !(word[0] >= 'A' && word[0] <= 'Z') || !std::all_of(word.begin(), word.end(), fits)) {
    return {};
  }
  return std::string(next());
}

std::optional<Side> FaultWords::take_side() {
  if (take("buy")) return Side::buy;
  if (take("sell")) return Side::sell;
  return std::nullopt;
}

std::optional<std::chrono::seconds> FaultWords::take_duration() {
  const auto found = duration(peek());
  if (!found || *found <= std::chrono::seconds{0}) return std::nullopt;
  ++at_;
  return found;
}

std::optional<double> FaultWords::take_number() {
  const auto found = plain_number(peek());
  if (found) ++at_;
  return found;
}

}  // namespace sentio::exchange
