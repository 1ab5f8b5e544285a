#pragma once
/// What `live` and `live-trade` share.

#include "options/account_flags.h"

namespace sentio::cli {

struct LiveFlags {
  CommonOptions common;
  AccountFlags account;
  std::string feed = "auto", alpaca_feed = "iex", on_exit = "flatten", orders = "market", warmup_state, warmup_from = "files";
  double limit_offset_bps = 20;
  std::string alert_url, alert_command, override_preflight, targets = "handbook";
  int warmup_days = 20, jobs = 0;
  bool dry_run = false, adopt = false, allow_short_warmup = false, yes = false, quotes = false;
};

void add_live_flags(CLI::App& command, LiveFlags& flags);
[[noreturn]] void run_live_command(const LiveFlags& flags);

}  // namespace sentio::cli
