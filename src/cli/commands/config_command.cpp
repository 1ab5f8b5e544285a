/// `config show` and `config check`.

#include <nlohmann/json.hpp>

#include "commands.h"
#include "options/common_options.h"

namespace sentio::cli {

void add_config(CLI::App& app) {
  auto* command = app.add_subcommand("config", "Show or check the effective configuration");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  sentio_cli config show\n"
      "  sentio_cli config check --config config/rotation_strategy.json --config my_overrides.json");

  auto options = std::make_shared<CommonOptions>();
  auto* show = command->add_subcommand("show", "Print the merged configuration with every default filled in, as JSON");
  add_setup_flags(*show, *options);
  show->callback([options] {
    RunSetup setup = setup_or_finish(*options);
    setup.config.active_symbols = setup.universe.as_listed();
    print_or_finish(to_json(setup.config).dump(2) + "\n");
    finish(ExitCode::ok);
  });

  auto* check = command->add_subcommand("check", "Say whether the configuration is sound; all problems at once");
  add_setup_flags(*check, *options);
  check->callback([options] {
    const RunSetup setup = setup_or_finish(*options);
    print_or_finish("ok: " + setup.config_name + ", " + std::to_string(setup.universe.size()) + " instruments\n");
    finish(ExitCode::ok);
  });
}

}  // namespace sentio::cli
