#include "sentio/runtime/run_setup.h"

#include "parallel_for.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

Result<ConfigSource> read_config(const std::string& named, const std::string& fallback, const fs::path& home) {
  fs::path file = named.empty() ? fs::path(fallback) : fs::path(named);
  // A default is looked for where the user stands, then beside the installation.
  if (named.empty() && !fs::exists(file) && !home.empty()) file = home / fallback;
  auto text = read_text_file(file);
  if (!text) return fail(Errc::usage, text.error().where, "configuration file cannot be read: " + text.error().detail);
  return ConfigSource{.name = named.empty() ? fallback : named, .text = *std::move(text)};
}

}  // namespace

Result<RunSetup> load_setup(const SetupRequest& request, const fs::path& home) {
  RunSetup setup;
  std::vector<ConfigSource> sources;
  std::vector<std::string> files = request.config_files;
  if (files.empty()) files.emplace_back();
  for (const auto& file : files) {
    auto source = read_config(file, "config/rotation_strategy.json", home);
    if (!source) return tl::unexpected(source.error());
    setup.config_name += (setup.config_name.empty() ? "" : " + ") + source->name;
    sources.push_back(*std::move(source));
  }
  auto strategy = parse_strategy(sources);
  if (!strategy) return tl::unexpected(strategy.error());
  setup.config = *std::move(strategy);

  const auto symbols_text = read_config(request.symbols_file, "config/symbols.json", home);
  if (!symbols_text) return tl::unexpected(symbols_text.error());
  const auto symbols = parse_symbols(*symbols_text);
  if (!symbols) return tl::unexpected(symbols.error());
  auto universe = make_universe(setup.config, *symbols, request.symbols);
  if (!universe) return tl::unexpected(universe.error());
  setup.universe = *std::move(universe);

  const auto fees_text = read_config(request.fees_file, "config/fees.json", home);
  if (!fees_text) return tl::unexpected(fees_text.error());
  auto fees = parse_fees(*fees_text);
  if (!fees) return tl::unexpected(fees.error());
  setup.fees = *std::move(fees);
  return setup;
}

Result<std::vector<SymbolBars>> load_bars(const fs::path& folder, const Universe& universe,
                                          const CsvReadOptions& options, int jobs) {
  std::vector<fs::path> files;
  std::string missing;
  for (const SymbolInfo& symbol : universe) {
    auto file = find_bar_file(folder, symbol.name);
    if (!file) {
      missing += (missing.empty() ? "" : "\n") + file.error().message();
    } else {
      files.push_back(*std::move(file));
    }
  }
  if (!missing.empty()) return fail(Errc::not_found, "", missing);
  std::vector<Result<SymbolBars>> read(files.size());
  parallel_for(jobs, static_cast<int>(files.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    read[at] = read_bars(files[at], options);
  });
  std::vector<SymbolBars> bars;
  for (auto& r : read) {
    if (!r) return tl::unexpected(r.error());
    bars.push_back(*std::move(r));
  }
  return bars;
}

}  // namespace sentio
