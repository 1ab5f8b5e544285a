#include "sentio/core/text/json_line.h"

namespace sentio {

namespace {
constexpr double kPowersOfTen[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
}  // namespace

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, end);
}

// Scaled integers instead of to_chars(fixed, precision): four times faster, and the signals file
// alone has a million such numbers a year.
void append_number(std::string& out, double value, int decimals) {
  const double scaled = std::round(value * kPowersOfTen[decimals]);
  if (!(std::abs(scaled) < kExactIntegers)) return append_number(out, value);
  auto digits = static_cast<std::int64_t>(std::abs(scaled));
  if (scaled < 0) out.push_back('-');
  int fraction = decimals;
  while (fraction > 0 && digits % 10 == 0) {
    digits /= 10;
    --fraction;
  }
  char text[32];
  auto* const end = std::to_chars(text, text + sizeof text, digits).ptr;
  const auto length = static_cast<int>(end - text);
  if (fraction == 0) {
    out.append(text, end);
  } else if (length > fraction) {
    out.append(text, end - fraction).push_back('.');
    out.append(end - fraction, end);
  } else {
    out += "0.";
    out.append(static_cast<std::size_t>(fraction - length), '0').append(text, end);
  }
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (u < 0x20) {
      out += "\\u00";
      out.push_back(kHex[u >> 4U]);
      out.push_back(kHex[u & 15U]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void JsonLine::separate() {
  if (!first_) out_.push_back(',');
  first_ = false;
}

void JsonLine::key(std::string_view k) {
  separate();
  out_.push_back('"');
  out_ += k;
  out_ += "\":";
}

JsonLine& JsonLine::text(std::string_view k, std::string_view value) {
  key(k);
  append_json_string(out_, value);
  return *this;
}

JsonLine& JsonLine::number(std::string_view k, double value) {
  key(k);
  append_number(out_, value);
  return *this;
}

JsonLine& JsonLine::number(std::string_view k, double value, int decimals) {
  key(k);
  append_number(out_, value, decimals);
  return *this;
}

JsonLine& JsonLine::integer(std::string_view k, std::int64_t value) {
  key(k);
  char text[24];
  out_.append(text, std::to_chars(text, text + sizeof text, value).ptr);
  return *this;
}

JsonLine& JsonLine::boolean(std::string_view k, bool value) {
  key(k);
  out_ += value ? "true" : "false";
  return *this;
}

JsonLine& JsonLine::raw(std::string_view k, std::string_view json) {
  key(k);
  out_ += json;
  return *this;
}

JsonLine& JsonLine::begin_array(std::string_view k) {
  key(k);
  out_.push_back('[');
  first_ = true;
  return *this;
}

JsonLine& JsonLine::element(double value, int decimals) {
  separate();
  append_number(out_, value, decimals);
  return *this;
}

JsonLine& JsonLine::begin_object_element() {
  separate();
  out_.push_back('{');
  first_ = true;
  return *this;
}

JsonLine& JsonLine::end_object_element() {
  out_.push_back('}');
  first_ = false;
  return *this;
}

JsonLine& JsonLine::end_array() {
  out_.push_back(']');
  first_ = false;
  return *this;
}

}  // namespace sentio
