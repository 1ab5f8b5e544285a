#include "sentio/config/reference.h"

#include <string>
#include <vector>

#include "binder.h"
#include "sentio/config/strategy_config.h"
#include "strategy_keys.h"
#include "tables.h"

namespace sentio {
namespace {

using namespace config_detail;

constexpr const char* kTableHead = "| key | default | range | meaning |\n|---|---|---|---|\n";

std::string code(const std::string& text) {
  std::string quoted = "`";
  return quoted.append(text).append("`");
}

template <class C>
std::string default_of(const Key<C>& key) {
  if (key.required) return "required";
  const nlohmann::ordered_json value = key.write(C{});
  return value.is_discarded() ? "–" : code(value.dump());
}

template <class C>
std::string row(const Key<C>& key) {
  std::string names = code(key.place.name);
  for (const Place& place : key.also)
    names += place.section == key.place.section ? ", also " + code(place.name)
                                                : ", also in " + code(place.section);
  std::string line = "| ";
  return line.append(names + " | " + default_of(key) + " | " + key.range + " | " + key.meaning + " |\n");
}

template <class C>
std::string flat_table(const std::string& heading, const std::vector<Key<C>>& keys) {
  std::string text = "\n### " + heading + "\n\n" + kTableHead;
  for (const Key<C>& key : keys) text += row(key);
  return text;
}

template <class C>
void add_keys(std::vector<KeyReference>& all, KeyReference::File file, const std::vector<Key<C>>& keys) {
  for (const Key<C>& key : keys) {
    KeyReference& added = all.emplace_back(KeyReference{file, key.place.section, key.place.name, {}, key.range});
    for (const Place& place : key.also) added.also.emplace_back(place.section, place.name);
  }
}

}  // namespace

std::vector<KeyReference> configuration_keys() {
  std::vector<KeyReference> all;
  add_keys(all, KeyReference::File::strategy, strategy_keys());
  add_keys(all, KeyReference::File::symbols, symbol_keys());
  add_keys(all, KeyReference::File::fees, fee_keys());
  return all;
}

std::string configuration_reference() {
  std::string text;
  std::string section = "-";
  for (const auto& key : strategy_keys()) {
    if (key.place.section != section) {
      section = key.place.section;
      text += "\n### " + (section.empty() ? std::string("Outermost object") : code(section)) + "\n\n" +
              kTableHead;
    }
    text += row(key);
  }
  text += flat_table("`symbols.json`: `symbol_metadata.<SYMBOL>`", symbol_keys());
  text += flat_table("`fees.json`: one row of `fees`", fee_keys());
  return text;
}

}  // namespace sentio
