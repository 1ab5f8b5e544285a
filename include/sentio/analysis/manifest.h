#pragma once
/// What made a run's numbers: whoever averages days must know that they come from the same rules.
///
/// Hashes   16 hexadecimal digits of contents, never of names or places: the same files elsewhere agree.
/// Older    summaries have none: given() is false.
/// Threads  plain values.

#include <map>
#include <string>
#include <vector>

namespace sentio {

/// Something that a load of bars found wrong with them.
struct DataFinding {
  std::string kind, severity, symbol;  ///< symbol empty: all files together
  std::string text;                    ///< one harmless line
  bool accepted = false;               ///< refused, and --accept-data ran all the same
  friend bool operator==(const DataFinding&, const DataFinding&) = default;
};

struct Manifest {
  std::string binary;         ///< "1.0.0+dabb887b0e09": version and commit, where that was known
  std::string configuration;  ///< hash of strategy, instruments' metadata and fees
  std::string learning;       ///< hash of what shapes the learned state
  std::string calendar;       ///< years and hash of its sessions
  std::map<std::string, std::string> data_files;  ///< symbol to hash of its bar file, unpacked
  std::vector<DataFinding> data_findings;         ///< mostly none
  std::vector<std::string> accepted_data;         ///< kinds of --accept-data
  [[nodiscard]] bool given() const { return !configuration.empty(); }
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// In data_files of several days: their files differ.
inline constexpr const char* kFilesDiffer = "differs between days";

}  // namespace sentio
