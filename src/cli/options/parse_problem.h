#pragma once
/// What a person reads when the command line does not parse.

#include <CLI/CLI.hpp>

namespace sentio::cli {

/// Two lines to stderr: what is wrong (with the nearest flag or verb where one was mistyped) and where to
/// read on.
void print_parse_problem(const CLI::App& app, const CLI::ParseError& error);

}  // namespace sentio::cli
