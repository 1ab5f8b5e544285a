#include "binder.h"

#include <algorithm>

#include "sentio/core/text/text.h"

namespace sentio::config_detail {
namespace {

using nlohmann::json;

/// Reads one section (or the outermost object's own keys) into `found`.
class Collector {
 public:
  Collector(const KeyIndex& index, const Scope& scope, std::vector<std::string>& problems)
      : index_(index), scope_(scope), problems_(problems) {}

  void outermost(const json& object) {
    for (const auto& [name, value] : object.items()) {
      if (is_note(name)) continue;
      if (const auto section = index_.section(name)) {
        members(name, *section, value);
      } else {
        member("", "", name, value);
      }
    }
  }
  std::map<std::size_t, Found> take() { return std::move(found_); }

 private:
  /// The file and the path of a section, or of the outermost object where `spelling` is empty.
  [[nodiscard]] std::string owner(const std::string& spelling) const {
    if (!spelling.empty()) return scope_.at(spelling);
    return scope_.path.empty() ? scope_.file : scope_.file + ": " + scope_.path;
  }

  void members(const std::string& spelling, const std::string& section, const json& object) {
    if (!object.is_object()) {
      problems_.push_back(scope_.at(spelling) + " " + expected("an object", object));
      return;
    }
    for (const auto& [name, value] : object.items())
      if (!is_note(name)) member(spelling, section, name, value);
  }

  void member(const std::string& spelling, const std::string& section, const std::string& name,
              const json& value) {
    const auto key = index_.find(section, name);
    if (!key) {
      problems_.push_back(owner(spelling) + ": " + index_.unknown(section, name));
      return;
    }
    const std::string path = dotted(spelling, name);
    const auto [earlier, is_new] = found_.emplace(*key, Found{value, path});
    if (!is_new && earlier->second.value != value)
      problems_.push_back(scope_.at(path) + ": one key, two values: " + shown(value) + " here, " +
                          shown(earlier->second.value) + " as " + earlier->second.path);
  }

  const KeyIndex& index_;
  const Scope& scope_;
  std::vector<std::string>& problems_;
  std::map<std::size_t, Found> found_;
};

}  // namespace

std::optional<std::size_t> KeyIndex::find(const std::string& section, const std::string& name) const {
  const auto at = keys_.find({section, name});
  return at == keys_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::string> KeyIndex::section(const std::string& name) const {
  const auto synonym = synonyms_.find(name);
  const std::string& section = synonym == synonyms_.end() ? name : synonym->second;
  const bool known = !section.empty() && std::ranges::any_of(keys_, [&](const auto& entry) {
    return entry.first.section == section;
  });
  return known ? std::optional(section) : std::nullopt;
}

std::string KeyIndex::unknown(const std::string& section, const std::string& name) const {
  std::vector<std::string> known;
  std::string home;
  for (const auto& [place, index] : keys_) {
    if (place.section == section) known.push_back(place.name);
    if (section.empty() && !place.section.empty()) known.push_back(place.section);
    if (place.name == name) home = place.section;
  }
  if (section.empty())
    for (const auto& [synonym, meant] : synonyms_) known.push_back(synonym);
  const std::string what = "unknown key " + shown(json(name));
  if (!home.empty()) return what + "; it belongs in \"" + home + "\"";
  const std::string near = nearest_name(name, known);
  return near.empty() ? what : what + "; did you mean \"" + near + "\"?";
}

std::map<std::size_t, Found> collect(const json& object, const KeyIndex& index, const Scope& scope,
                                     std::vector<std::string>& problems) {
  Collector collector(index, scope, problems);
  collector.outermost(object);
  return collector.take();
}

tl::unexpected<Error> refused(const std::vector<std::string>& problems) {
  return fail(Errc::usage, "", joined(problems, "\n"));
}

}  // namespace sentio::config_detail
