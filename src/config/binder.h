#pragma once
/// Binds keys of a file to members of a struct. Each key is mentioned once, in a table of Key<C>;
/// parsing, writing, checking, suggestions and the documentation all read that table.

#include <cstddef>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec.h"
#include "json_document.h"

namespace sentio::config_detail {

/// Where a key stands: a section and a name in it. The empty section is the outermost object.
struct Place {
  std::string section;
  std::string name;
  [[nodiscard]] std::string path() const { return dotted(section, name); }
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// A path of members from a struct to one value in it.
template <auto First, auto... Rest>
struct Member {
  static auto& of(auto& object) {
    if constexpr (sizeof...(Rest) == 0) {
      return object.*First;
    } else {
      return Member<Rest...>::of(object.*First);
    }
  }
};

/// One key of a struct C.
template <class C>
struct Key {
  Place place;
  std::vector<Place> also;  ///< further places where the same value may stand
  bool required = false;    ///< absent is a problem
  std::string range;        ///< for the documentation
  std::string meaning;      ///< for the documentation
  std::function<std::string(const nlohmann::json&, C&)> read;  ///< complaint, or empty and the member is set
  std::function<std::string(const C&)> check;                  ///< complaint, or empty
  std::function<nlohmann::ordered_json(const C&)> write;       ///< discarded value: not written
};

/// The key at `place` whose value is the member M of C.
template <class C, class M, class T>
Key<C> bind(Place place, const Codec<T>& codec, std::string meaning, std::vector<Place> also = {}) {
  Key<C> key{std::move(place), std::move(also), false, codec.range, std::move(meaning), {}, {}, {}};
  key.read = [codec](const nlohmann::json& json, C& object) { return codec.read(json, M::of(object)); };
  key.check = [codec](const C& object) { return codec.check(M::of(object)); };
  key.write = [codec](const C& object) { return codec.write(M::of(object)); };
  return key;
}

/// A key that is understood but stores nothing of its own: it has one value only, or none that matters.
template <class C>
Key<C> accept(Place place, std::string range, std::string meaning,
              std::function<std::string(const nlohmann::json&, C&)> read, nlohmann::ordered_json written) {
  Key<C> key{std::move(place), {}, false, std::move(range), std::move(meaning), std::move(read), {}, {}};
  key.check = [](const C&) { return std::string(); };
  key.write = [written = std::move(written)](const C&) { return written; };
  return key;
}

/// Finds keys by where they stand and proposes names for those that are not there.
class KeyIndex {
 public:
  void add(std::size_t index, const Place& place) { keys_.emplace(place, index); }
  /// `synonym` is another spelling of `section`.
  void add_synonym(const std::string& synonym, const std::string& section) {
    synonyms_.emplace(synonym, section);
  }
  [[nodiscard]] std::optional<std::size_t> find(const std::string& section, const std::string& name) const;
  /// The section a file means by `name` ("parameters" is "rotation_manager_config"), if it is one.
  [[nodiscard]] std::optional<std::string> section(const std::string& name) const;
  /// 'unknown key "max_position"; did you mean "max_positions"?'
  [[nodiscard]] std::string unknown(const std::string& section, const std::string& name) const;

 private:
  std::map<Place, std::size_t> keys_;
  std::map<std::string, std::string> synonyms_;
};

template <class C>
[[nodiscard]] KeyIndex index_of(const std::vector<Key<C>>& keys) {
  KeyIndex index;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    index.add(i, keys[i].place);
    for (const Place& place : keys[i].also) index.add(i, place);
  }
  return index;
}

/// The object that is being read: its file and, for an object inside it, the path to it.
struct Scope {
  std::string file;
  std::string path;  ///< "symbol_metadata.TQQQ"; empty for the outermost object
  /// "file.json: symbol_metadata.TQQQ.leverage"
  [[nodiscard]] std::string at(const std::string& key_path) const {
    return file + ": " + (path.empty() ? key_path : path + "." + key_path);
  }
};

/// The value a file gives to a key, and the path it wrote ("parameters.min_hold_bars").
struct Found {
  nlohmann::json value;
  std::string path;
};

/// What one object gives to each key (by index of the table). Unknown keys, sections that are no
/// objects and one key with two values become problems.
[[nodiscard]] std::map<std::size_t, Found> collect(const nlohmann::json& object, const KeyIndex& index,
                                                   const Scope& scope, std::vector<std::string>& problems);

/// Reads what was found into `target`, in the order of the table. Returns the indices of the keys read
/// soundly.
template <class C>
std::vector<std::size_t> apply(const std::map<std::size_t, Found>& found, const std::vector<Key<C>>& keys,
                               const Scope& scope, C& target, std::vector<std::string>& problems) {
  std::vector<std::size_t> sound;
  for (const auto& [index, entry] : found) {
    const std::string complaint = keys[index].read(entry.value, target);
    if (complaint.empty()) {
      sound.push_back(index);
    } else {
      problems.push_back(scope.at(entry.path) + " " + complaint);
    }
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i].required && !found.contains(i))
      problems.push_back(scope.at(keys[i].place.path()) + " is missing");
  return sound;
}

/// The object a file would hold, section by section.
template <class C>
[[nodiscard]] nlohmann::ordered_json written(const C& object, const std::vector<Key<C>>& keys) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const Key<C>& key : keys) {
    nlohmann::ordered_json value = key.write(object);
    if (value.is_discarded()) continue;
    nlohmann::ordered_json& section = key.place.section.empty() ? json : json[key.place.section];
    section[key.place.name] = std::move(value);
  }
  return json;
}

/// Not written by written().
[[nodiscard]] inline nlohmann::ordered_json not_written() {
  return nlohmann::ordered_json(nlohmann::ordered_json::value_t::discarded);
}

/// All problems as one error of the configuration, one per line.
[[nodiscard]] tl::unexpected<Error> refused(const std::vector<std::string>& problems);

}  // namespace sentio::config_detail
