#pragma once
/// Flags of the commands that meet a broker: which account, its keys, an exchange-sim in its place.

#include <string>

#include "options/common_options.h"
#include "sentio/live/live_endpoints.h"
#include "sentio/live/live_keys.h"

namespace sentio::cli {

struct AccountFlags {
  bool paper = false, real = false;
  std::string env_file = "config.env";
  std::string exchange;  ///< address of an exchange-sim; empty: the vendors' hosts
  std::string ca_file;   ///< PEM, trusted beside the system's authorities
};

/// Adds --paper, --real, --env-file and, under "Rehearsals", --exchange and --ca-file.
void add_account_flags(CLI::App& command, AccountFlags& flags);

/// The one account that was named; both or none end the command.
[[nodiscard]] LiveAccount account_or_finish(const AccountFlags& flags);

/// The account's keys, with a warning where others can read the file.
[[nodiscard]] Result<LiveKeys> keys_of(const AccountFlags& flags, LiveAccount account);
/// The same; problems end the command.
[[nodiscard]] LiveKeys keys_or_finish(const AccountFlags& flags, LiveAccount account);

/// The hosts, with --ca-file filled in; problems end the command.
[[nodiscard]] LiveEndpoints endpoints_or_finish(const AccountFlags& flags, LiveAccount account,
                                                const std::string& alpaca_feed = "iex");

/// Asks on the terminal; the command goes on only where `word` is typed.
void word_or_finish(const char* question, const char* word, const char* where);

}  // namespace sentio::cli
