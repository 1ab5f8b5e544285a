#include "options/account_flags.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "sentio/log/log.h"

namespace sentio::cli {

void add_account_flags(CLI::App& command, AccountFlags& flags) {
  auto* paper = command.add_flag("--paper", flags.paper, "The paper account");
  command.add_flag("--real", flags.real, "The account with real money")->excludes(paper);
  command.add_option("--env-file", flags.env_file, "File of keys; variables of the environment win over it")
      ->capture_default_str();
  constexpr const char* kRehearsals = "Rehearsals";
  command
      .add_option("--exchange", flags.exchange,
                  "An exchange-sim on this machine instead of the broker, e.g. http://127.0.0.1:8900")
      ->group(kRehearsals);
  command.add_option("--ca-file", flags.ca_file, "PEM file trusted beside the system's authorities")
      ->check(CLI::ExistingFile)
      ->group(kRehearsals);
}

LiveAccount account_or_finish(const AccountFlags& flags) {
  if (flags.paper != flags.real) return flags.real ? LiveAccount::real : LiveAccount::paper;
  finish(Error{Errc::usage, "account", "say which one: exactly one of --paper and --real"});
}

Result<LiveKeys> keys_of(const AccountFlags& flags, LiveAccount account) {
  auto keys = load_live_keys(account, flags.env_file, [](const char* name) { return std::getenv(name); });
  if (keys) {
    for (const std::string& key : {keys->key_id, keys->secret_key, keys->polygon_key}) keep_out_of_log(key);
  }
  if (keys && keys->file_readable_by_others) {
    print_warning(flags.env_file + ": others on this machine can read it; chmod 600 " + flags.env_file);
  }
  return keys;
}

LiveKeys keys_or_finish(const AccountFlags& flags, LiveAccount account) {
  return value_or_finish(keys_of(flags, account));
}

LiveEndpoints endpoints_or_finish(const AccountFlags& flags, LiveAccount account,
                                  const std::string& alpaca_feed) {
  auto endpoints = live_endpoints(account, alpaca_feed, flags.exchange);
  if (!endpoints && !flags.exchange.empty()) endpoints.error().where = "--exchange";
  LiveEndpoints e = value_or_finish(std::move(endpoints));
  e.extra_ca_file = flags.ca_file;
  return e;
}

void word_or_finish(const char* question, const char* word, const char* where) {
  std::fputs(question, stderr);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != word) finish(Error{Errc::usage, where, "not confirmed"});
}

}  // namespace sentio::cli
