#include "sentio/config/trial_count.h"

#include "json_document.h"

namespace sentio {

namespace {

constexpr long long kTrialsMax = 1'000'000'000;

bool whole_number_in_range(const nlohmann::json& value) {
  return value.is_number_integer() && value >= 1 && value <= kTrialsMax;
}

}  // namespace

Result<long long> parse_trial_count(const std::vector<ConfigSource>& sources) {
  long long trials = 1;
  for (const ConfigSource& source : sources) {
    std::vector<std::string> ignored;
    const nlohmann::json root = config_detail::parse_document(source, ignored);
    const auto evidence = root.find("_evidence");
    if (evidence == root.end() || !evidence->is_object() || !evidence->contains("trials")) continue;
    const nlohmann::json& value = evidence->at("trials");
    if (!whole_number_in_range(value)) {
      return fail(
          Errc::usage, source.name,
          "_evidence.trials must be a whole number from 1 to 1000000000, was " + config_detail::shown(value));
    }
    trials = value.get<long long>();
  }
  return trials;
}

}  // namespace sentio
