#include "sentio/config/env_file.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sentio {
namespace {

bool blank(char c) {
  return c == ' ' || c == '\t';
}
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// What may follow a value: nothing, or a comment set off by a blank.
bool ends_here(std::string_view rest) {
  if (rest.empty()) return true;
  const std::string_view text = trimmed(rest);
  return text.empty() || (blank(rest.front()) && text.front() == '#');
}

/// A value or what is wrong with it. Complaints never repeat any part of the value.
struct Value {
  std::string text;
  const char* complaint = nullptr;
};

Value single_quoted(std::string_view rest) {
  const auto close = rest.find('\'', 1);
  if (close == std::string_view::npos) return {{}, "the single quote is not closed"};
  if (!ends_here(rest.substr(close + 1))) return {{}, "text after the closing quote"};
  return {std::string(rest.substr(1, close - 1)), nullptr};
}

Value double_quoted(std::string_view rest) {
  Value value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      if (!ends_here(rest.substr(i + 1))) return {{}, "text after the closing quote"};
      return value;
    }
    // The characters a shell un-escapes between double quotes; before any other the backslash stays.
    const bool escape = rest[i] == '\\' && i + 1 < rest.size() &&
                        std::string_view("\"\\$`").find(rest[i + 1]) != std::string_view::npos;
    if (escape) ++i;
    value.text.push_back(rest[i]);
  }
  return {{}, "the double quote is not closed"};
}

Value unquoted(std::string_view rest) {
  const auto end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(0, end);
  if (word.find_first_of("'\"") != std::string_view::npos) return {{}, "a quote inside an unquoted value"};
  if (!ends_here(rest.substr(end))) return {{}, "a value with blanks needs quotes"};
  return {std::string(word), nullptr};
}

Value parse_value(std::string_view rest) {
  const auto control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  };
  if (std::ranges::any_of(rest, control)) return {{}, "a control character in the value"};
  if (rest.empty()) return {};
  if (rest.front() == '\'') return single_quoted(rest);
  if (rest.front() == '"') return double_quoted(rest);
  return unquoted(rest);
}

/// Adds the line's assignment, if it has one; returns what is wrong with it, or null.
const char* parse_line(std::string_view line, std::map<std::string, std::string>& values) {
  line = trimmed(line);
  if (line.empty() || line.front() == '#') return nullptr;
  constexpr std::string_view kExport = "export";
  if (line.starts_with(kExport) && line.size() > kExport.size() && blank(line[kExport.size()]))
    line = trimmed(line.substr(kExport.size()));
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return "expected KEY=value";
  const std::string_view key = line.substr(0, equals);
  if (!key.empty() && blank(key.back())) return "no blanks around '=' (a shell would not accept them)";
  if (key.empty() || digit(key.front()) ||
      !std::ranges::all_of(key, [](char c) { return letter(c) || digit(c); }))
    return "the part before '=' is not a name";
  if (line.size() > equals + 1 && blank(line[equals + 1]) && !ends_here(line.substr(equals + 1)))
    return "no blanks around '=' (a shell would not accept them)";
  const bool only_comment = ends_here(line.substr(equals + 1));
  Value value = parse_value(only_comment ? std::string_view{} : line.substr(equals + 1));
  if (value.complaint != nullptr) return value.complaint;
  values[std::string(key)] = std::move(value.text);  // as in a shell, the later assignment counts
  return nullptr;
}

}  // namespace

Result<std::map<std::string, std::string>> parse_env(std::string_view text, std::string_view name) {
  std::map<std::string, std::string> values;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const char* complaint = parse_line(line, values))
      return fail(Errc::usage, std::string(name) + ":" + std::to_string(line_number), complaint);
  }
  return values;
}

}  // namespace sentio
