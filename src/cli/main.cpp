/// sentio_cli: one file per command; commands.h lists them.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>

#include "commands.h"
#include "options/common_options.h"
#include "options/parse_problem.h"
#include "sentio/learning/dispatch.h"
#include "sentio/log/log.h"

namespace {

/// SENTIO_DISPATCH=baseline|avx2|avx512 pins the learner's instructions (golden files, comparisons).
void apply_dispatch() {
  const char* wanted = std::getenv("SENTIO_DISPATCH");
  if (wanted == nullptr || *wanted == '\0') return;
  const auto level = sentio::parse_dispatch(wanted);
  if (!level) sentio::cli::finish(sentio::Error{sentio::Errc::usage, "SENTIO_DISPATCH", level.error().detail});
  sentio::cli::value_or_finish(sentio::set_dispatch(*level));
}

int run(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::RuntimeError& done) {
    return done.get_exit_code();
  } catch (const CLI::Success& asked) {  // --help, --version
    std::ostringstream text;
    const int code = app.exit(asked, text);
    sentio::cli::print_and_go_on(text.str());
    return code;
  } catch (const CLI::ParseError& e) {
    sentio::cli::print_parse_problem(app, e);
    return static_cast<int>(sentio::ExitCode::usage);
  } catch (const std::exception& e) {
    sentio::log_line(sentio::LogLevel::error, "internal_error", {{"what", e.what()}});
    std::fprintf(stderr, "sentio_cli: internal error: %s\n", e.what());
    return static_cast<int>(sentio::ExitCode::internal);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is then an error of write(), reported like a full disk
  std::signal(SIGPIPE, SIG_IGN);  // likewise: selling must not stop because nobody reads of it any more
  CLI::App app{"sentio_cli: intraday rotation on leveraged ETFs, replayed and traded by the same code"};
  app.name("sentio_cli");
  app.set_version_flag("--version", "sentio_cli 1.0.0");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 internal error, 2 usage, configuration or a file that cannot be written,\n"
      "3 data missing, stale or invalid, 4 broker, 5 reconciliation,\n"
      "6 risk halt, 7 not flat, 8 no session that day, 9 already running, 10 gate not met.\n"
      "Each command has its own --help with examples.");
  for (const auto add : sentio::cli::kCommands) add(app);
  app.parse_complete_callback(apply_dispatch);
  const int code = sentio::cli::code_after_output(run(app, argc, argv));
  sentio::log_line(sentio::LogLevel::info, "log_ends", {{"exit_code", code}, {"lines_lost", sentio::log_lines_lost()}});
  sentio::stop_log();
  return code;
}
