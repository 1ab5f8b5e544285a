/// Every key of every configuration file changes something, or says why it does not.
///
/// The keys come from the tables that parse them, so a new one is asked as well. Each is moved to other values in its
/// range until a run in one of a few small worlds comes out differently: a day's files, the summary, or, for what only
/// live orders have, the session's actions.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <regex>
#include <set>

#include "mock_world.h"
#include "planted_signals.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/config/reference.h"
#include "sentio/mock/day_tape.h"

namespace sentio {

void PrintTo(const KeyReference& key, std::ostream* out) { *out << key.section << "." << key.name; }

namespace {

using Json = nlohmann::ordered_json;
using testing::day;

/// Keys that change no output, and why.
const std::map<std::string, std::string> kExcused{
    {"version", "a note of the file's author"},
    {"rotation_manager_config.eod_liquidation", "has one value"},
    {"rotation_manager_config.sizing_method", "has one value"},
    {"symbol_metadata.leverage", "a note; boost and equity_side are what counts"},
    {"symbol_metadata.direction", "a note"},
    {"symbol_metadata.underlying", "a note"},
};

// ---- worlds -------------------------------------------------------------------------------------

/// The texts of a run's configuration. `change` is a strategy file that is laid over the first.
struct Files {
  Json strategy, change = Json::object(), symbols, fees;
};

struct Setup {
  StrategyConfig config;
  Universe universe;
  FeeTable fees;
};

/// Nothing where a file is refused.
std::optional<Setup> load(const Files& files) {
  auto config = parse_strategy({{"strategy", files.strategy.dump()}, {"change", files.change.dump()}});
  const auto symbols = parse_symbols({"symbols", files.symbols.dump()});
  auto fees = parse_fees({"fees", files.fees.dump()});
  if (!config || !symbols || !fees) return std::nullopt;
  auto universe = make_universe(*config, *symbols, {});
  if (!universe) return std::nullopt;
  return Setup{*std::move(config), *std::move(universe), *std::move(fees)};
}

Json symbols_file() {
  Json metadata;
  Json names = Json::array();
  for (const SymbolInfo& s : testing::six_instruments()) {
    metadata[s.name] = {{"leverage", s.leverage},   {"direction", s.direction},        {"underlying", "an index"},
                        {"boost", s.boost},         {"half_spread_bps", s.half_spread.v}, {"equity_side", s.equity_side}};
    names.push_back(s.name);
  }
  return {{"active_symbols", names}, {"symbol_metadata", metadata}};
}

/// Two rows that differ in every column, the later one in force on the days below.
Json fees_file() {
  return {{"fees",
           {{{"from", "2024-05-22"}, {"sec_rate", 2.8e-5}, {"taf_per_share", 1.7e-4}, {"taf_cap", 8.3}},
            {{"from", "2025-05-14"}, {"sec_rate", 1e-5}, {"taf_per_share", 2e-4}, {"taf_cap", 8.0},
             {"cat_per_share", 3e-5}, {"commission", 0.01}}}}};
}

using Signals = std::function<std::unique_ptr<SignalSource>(std::size_t symbols)>;

/// A base configuration and what it meets.
struct World {
  std::string name;
  Json strategy;
  Date first, last;
  int warm_up = 0;
  testing::WalkOptions walk;
  Signals signals;      ///< none: the learners
  OrderStyle style;     ///< a limit: the session alone, since mock knows market orders only

  [[nodiscard]] Files files() const { return {.strategy = strategy, .symbols = symbols_file(), .fees = fees_file()}; }
  /// Everything that comes out, as one text.
  [[nodiscard]] std::string run(const Setup& setup) const {
    return style.kind == OrderStyle::Kind::market ? run_mock(setup) : run_session(setup);
  }

 private:
  [[nodiscard]] testing::MockWorld mock(const Setup& setup) const;
  [[nodiscard]] std::string run_mock(const Setup& setup) const;
  [[nodiscard]] std::string run_session(const Setup& setup) const;
};

testing::MockWorld World::mock(const Setup& setup) const {
  // Made once for all instruments: which of them trade must not change their bars.
  static std::map<std::string, std::map<std::string, SymbolBars>> made;
  auto& bars = made[name];
  testing::MockWorld world = testing::walking_world(first, last, bars.empty() ? warm_up : 0, 5, walk);
  if (bars.empty()) {
    for (SymbolBars& s : world.bars) bars.emplace(s.symbol, std::move(s));
  }
  world.options.config = setup.config;
  world.options.universe = setup.universe;
  world.options.fees = setup.fees;
  world.options.warmup_sessions = warm_up;
  world.bars.clear();
  for (const SymbolInfo& s : setup.universe) world.bars.push_back(bars.at(s.name));
  return world;
}

std::string World::run_mock(const Setup& setup) const {
  const auto out = mock(setup).run(signals ? signals(setup.universe.size()) : nullptr);
  EXPECT_EQ(out.error, "") << name;
  std::string text;
  for (const auto& [date, f] : out.files) {
    for (const std::string* file : {&f.decisions, &f.trades, &f.positions, &f.signals, &f.health}) text += *file;
  }
  auto summary = summary_json(out.result, analyze(out.result, handbook_targets()));
  summary.erase("manifest");  // repeats the configuration, whether it binds or not
  return text + summary.dump();
}

/// One day through a session whose orders fill at their own price a minute later.
std::string World::run_session(const Setup& setup) const {
  const auto world = mock(setup);
  const SessionHours hours = *NyseCalendar::session(first);
  const DayTape tape(hours, world.bars);
  TradingSession session({setup.config, setup.universe, setup.fees, Usd{100'000}, style}, signals(setup.universe.size()));
  RunRecorder recorder(setup.config, setup.universe);
  recorder.begin_day(hours, 100'000, session.calibration());
  std::vector<Order> sent;
  const auto step = [&](TimePoint now, const Event& event) {
    for (const Action& action : session.step(now, event)) {
      recorder.on_action(action);
      if (const auto* submit = std::get_if<SubmitOrder>(&action)) sent.push_back(submit->order.get());
    }
  };
  step(hours.open, SessionOpened{.hours = hours});
  std::uint64_t executions = 0;
  for (int i = 0; i < hours.minutes; ++i) {
    for (const Order& o : std::exchange(sent, {})) {
      const TimePoint at = hours.minute_start(i);
      step(at, OrderFilled{{.order = o.key, .qty = o.qty, .price = o.price(), .at = at, .execution = ++executions}});
    }
    BarsArrived set{.minute = i};
    tape.minute(i, set.bars);
    step(hours.minute_end(i), set);
  }
  return recorder.files().decisions;
}

std::unique_ptr<SignalSource> random_signals(std::size_t symbols) { return testing::random_signals(symbols, 5); }

const std::vector<World>& worlds() {
  const Date one = day(2025, 7, 7), next = day(2025, 7, 8);
  static const std::vector<World> all{
      {.name = "random signals, thin and gappy bars",
       .strategy = Json::object(),
       .first = one, .last = one,
       .walk = {.volatility = 2e-3, .missing = 0.15, .volume = 3'000},
       .signals = random_signals},
      {.name = "limits, no opposites",
       .strategy = {{"rotation_manager_config", {{"forbid_opposites", true}}}},
       .first = one, .last = one,
       .signals = random_signals,
       .style = {OrderStyle::Kind::marketable_limit, Bps{20}}},
      {.name = "learners",
       .strategy = {{"oes_config", {{"bb_amplification", true}}}},
       .first = one, .last = next,
       .warm_up = 2},
      // A ridge below rounding: factorisations fail.
      {.name = "learners that break",
       .strategy = {{"oes_config", {{"regularization", 1e-15}}}},
       .first = one, .last = next,
       .warm_up = 2},
  };
  return all;
}

const std::string& base_output(const World& world) {
  static std::map<std::string, std::string> outputs;
  auto& text = outputs[world.name];
  if (text.empty()) text = world.run(load(world.files()).value());
  return text;
}

// ---- values -------------------------------------------------------------------------------------

/// Other values to try; the file's own parser throws out those that are not in range.
std::vector<Json> other_values(const Json& base, const std::string& range) {
  std::vector<Json> values;
  if (base.is_boolean()) return {!base.get<bool>()};
  if (base.is_array()) {
    if (base.size() > 1) values.emplace_back(Json(base.begin(), base.end() - 1));
    Json turned = base;
    std::rotate(turned.begin(), turned.begin() + 1, turned.end());
    values.push_back(turned);
    if (base.front().is_number_integer()) {
      turned = base;
      turned.back() = base.back().get<int>() + 7;
      values.push_back(turned);
    }
    return values;
  }
  if (base.is_string()) {
    values.emplace_back(base.get<std::string>() + " changed");
    values.emplace_back("2020-01-01");
    values.emplace_back("2031-01-01");
  }
  const std::regex quoted("\"([^\"]+)\"");
  for (std::sregex_iterator at(range.begin(), range.end(), quoted), end; at != end; ++at) values.emplace_back((*at)[1].str());
  if (base.is_string()) return values;
  const double v = base.is_number() ? base.get<double>() : 1;
  for (const double x : {v / 2, v * 2, v / 10, v * 10, v / 1000, v + 1, v - 1, 0.0, 1.0, 2.0, 0.6, 0.2, 0.01, 1e-4, 1e6, 194.0}) {
    if (!base.is_number() || x != v) values.emplace_back(x);
  }
  return values;
}

std::string path_of(const KeyReference& key) {
  const std::string section = key.file == KeyReference::File::symbols ? "symbol_metadata"
                              : key.file == KeyReference::File::fees  ? "fees"
                                                                      : key.section;
  return section.empty() ? key.name : section + "." + key.name;
}

Json& place_in(Json& object, const std::string& section, const std::string& name) {
  return section.empty() ? object[name] : object[section][name];
}

/// The files with the key at `value`: in the strategy, in every symbol, or in the last row of the fees.
Files changed(Files files, const KeyReference& key, const Json& value) {
  if (key.file == KeyReference::File::strategy) {
    place_in(files.change, key.section, key.name) = value;
  } else if (key.file == KeyReference::File::symbols) {
    for (auto& [name, symbol] : files.symbols["symbol_metadata"].items()) symbol[key.name] = value;
  } else {
    files.fees["fees"].back()[key.name] = value;
  }
  return files;
}

/// What the key is in the world's own files; null where nothing stands there.
Json base_value(const World& world, const KeyReference& key) {
  Json whole;
  if (key.file == KeyReference::File::strategy) {
    whole = to_json(load(world.files())->config);
  } else if (key.file == KeyReference::File::symbols) {
    whole = *world.files().symbols["symbol_metadata"].begin();
  } else {
    whole = world.files().fees["fees"].back();
  }
  const Json value = place_in(whole, key.section, key.name);
  return value.is_null() && key.name == "active_symbols" ? world.files().symbols["active_symbols"] : value;
}

/// "world: value" of the first change that shows, or empty.
std::string what_it_changes(const KeyReference& key) {
  for (const World& world : worlds()) {
    for (const Json& value : other_values(base_value(world, key), key.range)) {
      const auto setup = load(changed(world.files(), key, value));
      if (setup && world.run(*setup) != base_output(world)) return world.name + ": " + value.dump();
    }
  }
  return {};
}

// ---- tests --------------------------------------------------------------------------------------

class EveryKey : public ::testing::TestWithParam<KeyReference> {};

TEST_P(EveryKey, Binds) {
  const auto excuse = kExcused.find(path_of(GetParam()));
  const std::string change = what_it_changes(GetParam());
  if (excuse != kExcused.end()) {
    EXPECT_EQ(change, "") << "it binds: take away its excuse (" << excuse->second << ")";
  } else {
    EXPECT_NE(change, "") << path_of(GetParam()) << " changes nothing that comes out, and has no excuse";
  }
}

/// Wherever else a key may stand it means the same.
TEST_P(EveryKey, MeansTheSameInAllItsPlaces) {
  const KeyReference& key = GetParam();
  const World& world = worlds().front();
  for (const auto& [section, name] : key.also) {
    int understood = 0;
    for (const Json& value : other_values(base_value(world, key), key.range)) {
      KeyReference there = key;
      there.section = section;
      there.name = name;
      const auto here = load(changed(world.files(), key, value)), elsewhere = load(changed(world.files(), there, value));
      ASSERT_EQ(here.has_value(), elsewhere.has_value());
      if (!here) continue;
      EXPECT_EQ(to_json(here->config), to_json(elsewhere->config)) << section << "." << name << " " << value;
      ++understood;
    }
    EXPECT_GT(understood, 0);
  }
}

std::string test_name(const ::testing::TestParamInfo<KeyReference>& key) {
  return std::regex_replace(path_of(key.param), std::regex("[^A-Za-z0-9]"), "_");
}
INSTANTIATE_TEST_SUITE_P(Configuration, EveryKey, ::testing::ValuesIn(configuration_keys()), test_name);

TEST(EveryKeyBinds, ExcusesAreOfKeysThatExist) {
  std::set<std::string> known;
  for (const KeyReference& key : configuration_keys()) known.insert(path_of(key));
  for (const auto& [key, why] : kExcused) EXPECT_TRUE(known.contains(key)) << key;
}

}  // namespace
}  // namespace sentio
