#pragma once
/// Fast, deterministic writer of one JSON object per line (the JSONL files are the bulk of a run's time).
/// Doubles are written with the shortest digits that read back to the same double; non-finite as null.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace sentio {

class JsonLine {
 public:
  /// Appends to `out`, which the caller owns and flushes.
  explicit JsonLine(std::string& out) : out_(out) { out_.push_back('{'); }
  /// Goes on with an object whose first members the caller wrote himself.
  [[nodiscard]] static JsonLine continuing(std::string& out) { return JsonLine(out, false); }
  /// The caller wrote the first members after the opening brace: a comma comes next.
  void continued() { first_ = false; }
  JsonLine& text(std::string_view key, std::string_view value);
  JsonLine& number(std::string_view key, double value);
  /// Rounded to `decimals` first: for values that people read and whose last bits mean nothing.
  JsonLine& number(std::string_view key, double value, int decimals);
  JsonLine& integer(std::string_view key, std::int64_t value);
  JsonLine& boolean(std::string_view key, bool value);
  JsonLine& raw(std::string_view key, std::string_view json);
  JsonLine& begin_array(std::string_view key);
  JsonLine& element(double value, int decimals);
  JsonLine& begin_object_element();
  JsonLine& end_object_element();
  JsonLine& end_array();
  void end() { out_ += "}\n"; }

 private:
  JsonLine(std::string& out, bool first) : out_(out), first_(first) {}
  void key(std::string_view k);
  void separate();
  std::string& out_;
  bool first_ = true;
};

/// Appends a double with shortest round-trip digits ("null" when not finite).
void append_number(std::string& out, double value);
/// Appends `value` rounded half away from zero to `decimals` places, trailing zeros dropped.
void append_number(std::string& out, double value, int decimals);
/// Appends `text` as a JSON string with quotes and escapes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sentio
