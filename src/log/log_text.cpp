#include "log_text.h"

#include <algorithm>
#include <cstdio>

namespace sentio::log_text {
namespace {

constexpr std::size_t kValueBytesMax = 500;

std::string masked(std::string text, const std::vector<std::string>& secrets) {
  constexpr std::string_view kMask = "***";
  for (const std::string& secret : secrets) {
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kMask.size())) {
      text.replace(at, secret.size(), kMask);
    }
  }
  return text;
}

bool is_plain(char c) {
  return c > ' ' && c != '"' && c != '=' && c != '\\' && c != 0x7f;
}

/// A server's words must not begin a line of ours, or colour a terminal.
void append_value(std::string& line, const std::string& value) {
  if (!value.empty() && std::ranges::all_of(value, is_plain)) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (byte < ' ' || byte == 0x7f) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
      line += escaped;
    } else {
      line += c;
    }
  }
  line += '"';
}

}  // namespace

std::string line_of(std::string_view thread, std::string_view event, std::initializer_list<LogField> fields,
                    const std::vector<std::string>& secrets) {
  std::string line = "[" + std::string(thread) + "] " + std::string(event);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    std::string value = masked(field.value, secrets);
    if (value.size() > kValueBytesMax) {
      value.resize(kValueBytesMax);
      value += "...";
    }
    append_value(line, value);
  }
  return line;
}

}  // namespace sentio::log_text
