#pragma once
/// Every command. A new one: a file in commands/ that defines add_<name>(), its declaration and its place in --help here.

#include <CLI/CLI.hpp>

namespace sentio::cli {

void add_mock(CLI::App& app);
void add_live(CLI::App& app);
void add_live_trade(CLI::App& app);
void add_flatten(CLI::App& app);
void add_warmup_multi(CLI::App& app);
void add_features(CLI::App& app);
void add_learners(CLI::App& app);
void add_explain(CLI::App& app);
void add_config(CLI::App& app);
void add_replay(CLI::App& app);
void add_report(CLI::App& app);
void add_analyze_mrd(CLI::App& app);
void add_rehearse(CLI::App& app);
void add_exchange_sim(CLI::App& app);
void add_status(CLI::App& app);
void add_dashboard(CLI::App& app);
void add_doctor(CLI::App& app);
void add_verify_data(CLI::App& app);

/// In the order of --help.
inline constexpr void (*kCommands[])(CLI::App&) = {
    add_mock, add_live, add_live_trade, add_flatten, add_warmup_multi, add_features, add_learners,
    add_explain, add_config, add_replay, add_report, add_analyze_mrd, add_rehearse, add_exchange_sim,
    add_status, add_dashboard, add_doctor, add_verify_data};

}  // namespace sentio::cli
