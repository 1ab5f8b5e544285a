#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "binder.h"
#include "sentio/config/strategy_config.h"
#include "tables.h"

namespace sentio {
namespace config_detail {
namespace {

std::string object_only(const nlohmann::json& found) {
  return found.is_object() ? std::string() : expected("an object", found);
}

}  // namespace

const std::vector<Key<SymbolInfo>>& symbol_keys() {
  using S = SymbolInfo;
  static const std::vector<Key<S>> keys = [] {
    std::vector<Key<S>> all;
    all.push_back(bind<S, Member<&S::leverage>>({"", "leverage"}, number(-5, 5),
                                                "Daily leverage with its sign: −3 for SQQQ; a note, `boost` is what counts."));
    all.push_back(bind<S, Member<&S::direction>>({"", "direction"},
                                                 word({"bull", "bear", "volatility", "short_volatility"}),
                                                 "What the fund gains from; a note."));
    all.push_back(
        bind<S, Member<&S::underlying>>({"", "underlying"}, text(40), "The index behind it; a note."));
    all.push_back(bind<S, Member<&S::boost>>({"", "boost"}, number(0, 10, Below::exclusive),
                                             "Factor of the strength (leverage boost)."));
    all.push_back(bind<S, Member<&S::half_spread, &Bps::v>>(
        {"", "half_spread_bps"}, number(0, 1000), "Half the bid-ask spread; never taken below half a cent."));
    all.push_back(bind<S, Member<&S::equity_side>>(
        {"", "equity_side"}, integer(-1, 1),
        "1 gains when the equity market rises, −1 when it falls, 0 unknown."));
    for (Key<S>& key : all) key.required = key.place.name != "underlying" && key.place.name != "equity_side";
    Key<S>& underlying =
        *std::ranges::find(all, "underlying", [](const Key<S>& key) { return key.place.name; });
    underlying.write = [write = underlying.write](const S& symbol) {
      return symbol.underlying.empty() ? not_written() : write(symbol);
    };
    return all;
  }();
  return keys;
}

namespace {

const std::vector<Key<SymbolsConfig>>& symbols_file_keys() {
  using S = SymbolsConfig;
  static const std::vector<Key<S>> keys = [] {
    std::vector<Key<S>> all;
    all.push_back(bind<S, Member<&S::active_symbols>>({"", "active_symbols"}, symbol_list(), ""));
    all.push_back(accept<S>(
        {"", "symbol_metadata"}, "", "", [](const nlohmann::json& found, S&) { return object_only(found); },
        not_written()));
    for (Key<S>& key : all) key.required = true;
    all.push_back(accept<S>(
        {"", "version"}, "", "", [](const nlohmann::json&, S&) { return std::string(); }, not_written()));
    return all;
  }();
  return keys;
}

void add_symbol(const std::string& name, const nlohmann::json& found, const Scope& file, SymbolsConfig& config,
                std::vector<std::string>& problems) {
  const Scope scope{file.file, dotted("symbol_metadata", name)};
  if (const std::string complaint = symbol_list().check({name}); !complaint.empty())
    problems.push_back(file.at("symbol_metadata") + " " + complaint);
  if (const std::string complaint = object_only(found); !complaint.empty()) {
    problems.push_back(file.at(scope.path) + " " + complaint);
    return;
  }
  SymbolInfo symbol;
  symbol.name = name;
  apply(collect(found, index_of(symbol_keys()), scope, problems), symbol_keys(), scope, symbol, problems);
  config.metadata.emplace(name, std::move(symbol));
}

}  // namespace
}  // namespace config_detail

using namespace config_detail;

namespace {

std::vector<std::string> known_names(const SymbolsConfig& symbols) {
  std::vector<std::string> names;
  for (const auto& [name, symbol] : symbols.metadata) names.push_back(name);
  return names;
}

/// 'unknown symbol "TQQ"; did you mean "TQQQ"?'
std::string unknown_symbol(const std::string& name, const SymbolsConfig& symbols) {
  const std::string near = nearest_name(name, known_names(symbols));
  return "unknown symbol " + shown(nlohmann::json(name)) +
         (near.empty() ? "" : "; did you mean \"" + near + "\"?");
}

}  // namespace

Result<SymbolsConfig> parse_symbols(const ConfigSource& source) {
  std::vector<std::string> problems;
  const Scope scope{source.name, ""};
  const nlohmann::json root = parse_document(source, problems);
  SymbolsConfig config;
  const auto found = collect(root, index_of(symbols_file_keys()), scope, problems);
  apply(found, symbols_file_keys(), scope, config, problems);
  if (const auto metadata = root.find("symbol_metadata"); metadata != root.end() && metadata->is_object())
    for (const auto& [name, entry] : metadata->items())
      if (!is_note(name)) add_symbol(name, entry, scope, config, problems);
  for (const std::string& name : config.active_symbols)
    if (!config.metadata.contains(name))
      problems.push_back(scope.at("active_symbols") + ": " + unknown_symbol(name, config) +
                         " (it needs an entry in symbol_metadata)");
  if (!problems.empty()) return refused(problems);
  return config;
}

nlohmann::ordered_json to_json(const SymbolsConfig& config) {
  nlohmann::ordered_json out = written(config, symbols_file_keys());
  nlohmann::ordered_json& metadata = out["symbol_metadata"] = nlohmann::ordered_json::object();
  for (const auto& [name, symbol] : config.metadata) metadata[name] = written(symbol, symbol_keys());
  return out;
}

Result<Universe> make_universe(const StrategyConfig& strategy, const SymbolsConfig& symbols,
                               const std::vector<std::string>& override_symbols) {
  const bool by_flag = !override_symbols.empty();
  const bool by_strategy = !strategy.active_symbols.empty();
  const std::vector<std::string>& names = by_flag       ? override_symbols
                                          : by_strategy ? strategy.active_symbols
                                                        : symbols.active_symbols;
  const std::string prefix = by_flag ? "--symbols: " : "active_symbols: ";
  if (names.empty()) return refused({prefix + "a run needs at least one symbol"});
  std::vector<SymbolInfo> chosen;
  std::vector<std::string> problems;
  for (const std::string& name : names) {
    if (const auto at = symbols.metadata.find(name); at != symbols.metadata.end()) {
      chosen.push_back(at->second);
      chosen.back().name = name;
    } else {
      problems.push_back(prefix + unknown_symbol(name, symbols));
    }
  }
  if (!problems.empty()) return refused(problems);
  return Universe(std::move(chosen));
}

}  // namespace sentio
