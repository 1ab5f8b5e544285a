#include <algorithm>
#include <system_error>

#include "sentio/data/csv_bars.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffixes[] = {"_RTH_NH.csv", "_RTH_NH.csv.gz"};  // in order of preference

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

}  // namespace

std::vector<std::string> bar_file_symbols(const fs::path& folder) {
  std::vector<std::string> symbols;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    const auto name = at->path().filename().string();
    for (const auto suffix : kSuffixes) {
      if (name.size() > suffix.size() && name.ends_with(suffix)) {
        symbols.push_back(name.substr(0, name.size() - suffix.size()));
      }
    }
  }
  std::ranges::sort(symbols);
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return symbols;
}

std::string symbol_of_file(const fs::path& file) {
  const auto name = file.filename().string();
  const auto suffix = name.find(kSuffixes[0]);  // BRK.B has a full stop of its own
  return name.substr(0, suffix != std::string::npos ? suffix : name.find_first_of("_."));
}

Result<fs::path> find_bar_file(const fs::path& folder, std::string_view symbol) {
  std::error_code problem;
  if (!fs::is_directory(folder, problem)) {
    return fail(Errc::not_found, folder.string(),
                "no such folder; give the one with the bar files as --data-dir");
  }
  // A symbol is a name, never a way into another folder.
  if (!symbol.empty() && symbol.find('/') == std::string_view::npos) {
    for (const auto suffix : kSuffixes) {
      const fs::path file = folder / std::string(symbol).append(suffix);
      if (fs::is_regular_file(file, problem)) return file;
    }
  }
  const auto present = bar_file_symbols(folder);
  return fail(Errc::not_found, folder.string(),
              std::string("neither ")
                      .append(symbol)
                      .append(kSuffixes[0])
                      .append(" nor ")
                      .append(symbol)
                      .append(kSuffixes[1])
                      .append(present.empty() ? " is there; the folder has no bar files"
                                              : " is there; symbols there: ") +
                  joined(present));
}

}  // namespace sentio
