#include "sentio/run/run_setup.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sentio/config/trial_count.h"
#include "sentio/data/load_checks.h"
#include "sentio/run/parallel_for.h"
#include "sentio/run/problems.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

Result<ConfigSource> read_config(const std::string& named, const std::string& fallback, const fs::path& home) {
  fs::path file = named.empty() ? fs::path(fallback) : fs::path(named);
  // A default is looked for where the user stands, then beside the installation.
  if (named.empty() && !fs::exists(file) && !home.empty()) file = home / fallback;
  auto text = read_text_file(file);
  if (!text) {
    const char* next = named.empty() ? "; run where config/ is, or name the file with its flag" : "";
    return fail(Errc::usage, text.error().where, "configuration file cannot be read: " + text.error().detail + next);
  }
  return ConfigSource{.name = named.empty() ? fallback : named, .text = *std::move(text)};
}

/// "has 2025-06-27 to 2025-07-03", read again without limits: only for people, only after a failure.
std::string span_of(const SymbolBars& symbol) {
  const auto all = read_bars(symbol.file);
  if (!all || (all->bars.empty() && all->outside_session == 0)) return "has no bars at all";
  if (all->bars.empty()) {
    std::string text = "has " + std::to_string(all->outside_session) + " rows outside the sessions alone";
    for (const Finding& finding : check_load_clock(*all)) text += "; " + finding.text;
    return text;
  }
  return "has " + format_date(new_york_date(all->bars.front().start)) + " to " +
         format_date(new_york_date(all->bars.back().start));
}

/// An instrument that never trades in a run was not meant: a stale file or a wrong list.
Result<> check_all_present(const fs::path& folder, const std::vector<SymbolBars>& bars, const CsvReadOptions& options) {
  const auto absent = [](const SymbolBars& s) { return s.bars.empty(); };
  if (std::ranges::none_of(bars, absent)) return {};
  std::string read;
  if (options.first && options.last) {
    read = " in the days read, " + format_date(*options.first) + " to " + format_date(*options.last);
  }
  if (bars.size() > 1 && std::ranges::all_of(bars, absent)) {
    return fail(Errc::not_found, folder.string(),
                "no instrument has a bar" + read + "; " + fs::path(bars.front().file).filename().string() + " " +
                    span_of(bars.front()));
  }
  Problems problems;
  for (const SymbolBars& s : bars) {
    if (!absent(s)) continue;
    const char* next = bars.size() > 1 ? "; add bars or leave it out with --symbols" : "";
    problems.add({Errc::not_found, s.file, "no bar" + read + "; the file " + span_of(s) + next});
  }
  return problems.error();
}

/// A file's name may be any bytes; reports and journals are JSON, which must be UTF-8.
std::string as_utf8(const std::string& name) {
  using nlohmann::json;
  return json::parse(json(name).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

}  // namespace

Result<SymbolsConfig> load_symbols(const SetupRequest& request, const fs::path& home) {
  const auto text = read_config(request.symbols_file, "config/symbols.json", home);
  if (!text) return tl::unexpected(text.error());
  return parse_symbols(*text);
}

Result<RunSetup> load_setup(const SetupRequest& request, const fs::path& home) {
  RunSetup setup;
  std::vector<ConfigSource> sources;
  std::vector<std::string> files = request.config_files;
  if (files.empty()) files.emplace_back();
  for (const auto& file : files) {
    auto source = read_config(file, "config/rotation_strategy.json", home);
    if (!source) return tl::unexpected(source.error());
    setup.config_name += (setup.config_name.empty() ? "" : " + ") + as_utf8(source->name);
    sources.push_back(*std::move(source));
  }
  auto strategy = parse_strategy(sources);
  if (!strategy) return tl::unexpected(strategy.error());
  setup.config = *std::move(strategy);
  const auto trials = parse_trial_count(sources);
  if (!trials) return tl::unexpected(trials.error());
  setup.trials = *trials;

  const auto symbols = load_symbols(request, home);
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
  Problems problems;
  for (const SymbolInfo& symbol : universe) {
    auto file = find_bar_file(folder, symbol.name);
    if (!file) {
      problems.add(file.error());
    } else {
      files.push_back(*std::move(file));
    }
  }
  if (!problems.none()) return problems.error();
  std::vector<Result<SymbolBars>> read(files.size());
  parallel_for(jobs, static_cast<int>(files.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    read[at] = read_bars(files[at], options);
  });
  std::vector<SymbolBars> bars;
  for (auto& r : read) {
    if (r) {
      bars.push_back(*std::move(r));
    } else {
      problems.add(r.error());
    }
  }
  if (!problems.none()) return problems.error();
  if (auto present = check_all_present(folder, bars, options); !present) return tl::unexpected(present.error());
  return bars;
}

}  // namespace sentio
