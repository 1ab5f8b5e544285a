#include "sentio/config/strategy_config.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "binder.h"
#include "sentio/core/bytes.h"
#include "strategy_keys.h"

namespace sentio {
namespace {

using namespace config_detail;

/// Merges files into one configuration and remembers which file said what.
class Assembly {
 public:
  void add(const ConfigSource& source) {
    const Scope scope{source.name, ""};
    const nlohmann::json root = parse_document(source, problems_);
    const auto found = collect(root, strategy_index(), scope, problems_);
    const auto sound = apply(found, strategy_keys(), scope, config_, problems_);
    for (const auto& [index, entry] : found) unsound_.insert(path_of(index));
    for (const std::size_t index : sound) {
      unsound_.erase(path_of(index));
      said_by_[path_of(index)] = names_.size();
    }
    check_ridge(found, scope);
    names_.push_back(source.name);
  }

  Result<StrategyConfig> finish() {
    follow_eod();
    for (const Finding& finding : contradictions(config_))
      if (std::ranges::none_of(finding.keys, [&](const auto& key) { return unsound_.contains(key); }))
        problems_.push_back(origin(finding.keys) + finding.text);
    if (!problems_.empty()) return refused(problems_);
    for (const Finding& finding : concerns(config_))
      config_.warnings.push_back(origin(finding.keys) + finding.text);
    normalise_weights();
    return std::move(config_);
  }

 private:
  static std::string path_of(std::size_t index) { return strategy_keys()[index].place.path(); }

  /// "file.json: " of the last file that set one of the keys; empty where all have their defaults.
  [[nodiscard]] std::string origin(const std::vector<std::string>& keys) const {
    std::size_t last = 0;
    bool said = false;
    for (const std::string& key : keys) {
      const auto at = said_by_.find(key);
      if (at == said_by_.end()) continue;
      last = std::max(last, at->second);
      said = true;
    }
    return said ? names_[last] + ": " : std::string();
  }

  /// regularization and initial_variance are one statement: in one file they must not differ.
  void check_ridge(const std::map<std::size_t, Found>& found, const Scope& scope) {
    if (unsound_.contains(kRidgeKey) || unsound_.contains(kInitialVarianceKey)) return;
    const Found* ridge = nullptr;
    const Found* variance = nullptr;
    for (const auto& [index, entry] : found) {
      if (path_of(index) == kRidgeKey) ridge = &entry;
      if (path_of(index) == kInitialVarianceKey) variance = &entry;
    }
    if (ridge == nullptr || variance == nullptr) return;
    constexpr double kTolerance = 1e-9;
    const double product = ridge->value.get<double>() * variance->value.get<double>();
    if (std::fabs(product - 1) < kTolerance) return;
    problems_.push_back(scope.at(ridge->path) + " " + shown(ridge->value) + " and " + variance->path + " " +
                        shown(variance->value) +
                        " contradict each other: one is the reciprocal of the other");
  }

  /// An earlier EOD exit takes the entry cut-off along, unless a file states the cut-off itself.
  void follow_eod() {
    RotationConfig& rotation = config_.rotation;
    if (said_by_.contains(kCutoffKey) || rotation.entry_cutoff_minutes < rotation.eod_exit_time_minutes)
      return;
    const RotationConfig usual;
    const int lead = usual.eod_exit_time_minutes - usual.entry_cutoff_minutes;
    rotation.entry_cutoff_minutes = std::max(0, rotation.eod_exit_time_minutes - lead);
    config_.warnings.push_back(origin({kEodKey}) + kCutoffKey + " is not given: taken as " +
                               std::to_string(rotation.entry_cutoff_minutes) + ", " + std::to_string(lead) +
                               " minutes before the EOD exit as usual");
  }

  /// To a sum of 1. Weights that have it already stay as they are to the last bit, so that a
  /// configuration that was written out loads back equal.
  void normalise_weights() {
    std::vector<double>& weights = config_.learner.horizon_weights;
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    constexpr double kRounding = 1e-12;
    if (std::fabs(sum - 1) < kRounding) return;
    for (double& weight : weights) weight /= sum;
  }

  StrategyConfig config_;
  std::vector<std::string> problems_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> said_by_;  ///< key path -> index of the last source that set it
  std::set<std::string> unsound_;               ///< key paths whose last value was refused
};

}  // namespace

Result<StrategyConfig> parse_strategy(const std::vector<ConfigSource>& sources) {
  Assembly assembly;
  for (const ConfigSource& source : sources) assembly.add(source);
  return assembly.finish();
}

std::vector<std::string> problems(const StrategyConfig& config) {
  std::vector<std::string> found;
  for (const auto& key : strategy_keys())
    if (const std::string complaint = key.check(config); !complaint.empty())
      found.push_back(key.place.path() + " " + complaint);
  for (const Finding& finding : contradictions(config)) found.push_back(finding.text);
  return found;
}

nlohmann::ordered_json to_json(const StrategyConfig& config) {
  return written(config, strategy_keys());
}

std::uint64_t learning_hash(const StrategyConfig& config, const Universe& universe) {
  const nlohmann::ordered_json json = to_json(config);
  // Labels end at the EOD minute; everything else of the rotation leaves what is learned alone.
  nlohmann::ordered_json shaping = {{"learner", json.at("oes_config")},
                                    {"data", json.at("data_config")},
                                    {"eod", config.rotation.eod_exit_time_minutes},
                                    {"symbols", universe.names()}};
  return fnv1a(shaping.dump());
}

}  // namespace sentio
