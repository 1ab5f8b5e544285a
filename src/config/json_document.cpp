#include "json_document.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sentio::config_detail {
namespace {

using nlohmann::json;

/// Builds the value like the library's own reader, which would silently keep the last of two equal
/// keys: a limit that stands twice must not depend on which line is lower.
class Reader final : public nlohmann::json_sax<json> {
 public:
  explicit Reader(std::vector<std::string>& problems, std::string name)
      : problems_(problems), name_(std::move(name)) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // JSON text has none
  bool key(string_t& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string text = error.what();  // "[json.exception.parse_error.101] parse error at line 3, ..."
    const auto id_end = text.find("] ");
    problems_.push_back(name_ + ": " + (id_end == std::string::npos ? text : text.substr(id_end + 2)));
    return false;
  }

  json take() { return std::move(root_); }

 private:
  struct Open {
    json value;
    std::string key;  ///< of the member being read
  };

  bool open(json value) {
    constexpr std::size_t kDepthMax = 32;  // the schema needs 3, notes a few more
    if (open_.size() == kDepthMax) {
      problems_.push_back(name_ + ": nested deeper than " + std::to_string(kDepthMax) + " levels");
      return false;
    }
    open_.push_back({std::move(value), {}});
    return true;
  }

  bool close() {
    json value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }

  bool add(json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Open& parent = open_.back();
    if (parent.value.is_array()) {
      parent.value.push_back(std::move(value));
      return true;
    }
    const auto [earlier, is_new] = parent.value.emplace(parent.key, value);
    if (!is_new && *earlier != value && !inside_note())
      problems_.push_back(name_ + ": " + path() + ": one key, two values: " + shown(*earlier) + " and " +
                          shown(value));
    return true;
  }

  [[nodiscard]] bool inside_note() const {
    for (const Open& level : open_)
      if (is_note(level.key)) return true;
    return false;
  }

  [[nodiscard]] std::string path() const {
    std::string path;
    for (const Open& level : open_)
      if (level.value.is_object()) path = dotted(path, level.key);
    return path;
  }

  std::vector<std::string>& problems_;
  std::string name_;
  json root_;
  std::vector<Open> open_;
};

}  // namespace

std::string shown(const json& value) {
  constexpr std::size_t kLengthMax = 60;
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > kLengthMax) text.replace(kLengthMax, std::string::npos, "...");
  return text;
}

std::string dotted(std::string_view parent, std::string_view key) {
  // Keys of the schema are plain words; anything else is shown as JSON so that a message stays one line.
  const bool plain = key.size() <= 60 && key.find_first_not_of(
                                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789_.-") == std::string_view::npos;
  const std::string text = plain ? std::string(key) : shown(json(std::string(key)));
  return parent.empty() ? text : std::string(parent) + "." + text;
}

json parse_document(const ConfigSource& source, std::vector<std::string>& problems) {
  Reader reader(problems, source.name);
  if (!json::sax_parse(source.text, &reader, json::input_format_t::json, /*strict=*/true,
                       /*ignore_comments=*/true))
    return json::object();
  json root = reader.take();
  if (root.is_object()) return root;
  problems.push_back(source.name + ": expected a JSON object, found " + shown(root));
  return json::object();
}

}  // namespace sentio::config_detail
