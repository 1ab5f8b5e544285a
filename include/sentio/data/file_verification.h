#pragma once
/// All checks over a folder of bar files.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "sentio/data/bar_checks.h"

namespace sentio {

/// One symbol's file and what was found in it.
struct FileVerification {
  std::string symbol{};
  std::string file{};  ///< empty where there is none
  bool readable = false;
  std::int64_t rows = 0;                     ///< of the wanted dates, that could be read
  std::int64_t bars = 0;                     ///< sound, each minute once, inside sessions
  std::int64_t minutes = 0;                  ///< of the sessions that have a bar
  std::optional<TimePoint> first{}, last{};  ///< of `bars`
  BarVerification measured{};
};

struct FolderVerification {
  std::vector<FileVerification> files;  ///< one per symbol asked for, in that order
  Findings findings;                    ///< by file, then what concerns several
  [[nodiscard]] Findings of(std::string_view symbol) const;
  [[nodiscard]] FindingCounts counts() const { return count_findings(findings); }
};

/// The checks of one symbol; `rows` are used up. `history` is what they were made of, for check_relations,
/// where `comparable`: its minutes are what they say.
struct SymbolChecks {
  FileVerification file{};
  SymbolHistory history{};
  Findings findings{};
  bool comparable = false;
};
[[nodiscard]] SymbolChecks verify_rows(BarRows rows, const WantedRange& wanted);

/// Reads each symbol's file and asks everything. A file that cannot be read is a finding; the others are
/// still verified. `known`: the entries of symbols.json.
[[nodiscard]] FolderVerification verify_folder(const std::filesystem::path& folder,
                                               std::span<const std::string> symbols,
                                               std::span<const SymbolInfo> known, const WantedRange& wanted);

}  // namespace sentio
