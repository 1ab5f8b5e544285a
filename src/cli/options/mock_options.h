#pragma once
/// What recorded days are replayed with: the flags that `mock` and `explain` share.

#include <string>

#include "options/common_options.h"
#include "sentio/mock/mock_driver.h"

namespace sentio::cli {

struct MockRunFlags {
  std::string date, start_date, end_date;
  double capital = 100'000;
  int warmup_days = 20;
  std::string warmup_state;
  int jobs = 0;
  std::string fill = "next-open";
  double participation = -1;
};

/// --capital, --warmup-days, --warmup-state, --jobs, --fill and --participation; the dates are the command's own.
void add_mock_run_flags(CLI::App& command, MockRunFlags& flags);

/// Problems end the command.
[[nodiscard]] MockOptions mock_options_or_finish(const std::string& command, const CommonOptions& common,
                                                 const MockRunFlags& flags);

}  // namespace sentio::cli
