#pragma once
/// What `verify-data` prints.

#include <string>

#include "sentio/core/error.h"
#include "sentio/data/file_verification.h"

namespace sentio::cli {

struct VerifiedData {
  std::string folder;
  WantedRange wanted;
  FolderVerification found;
  ExitCode code = ExitCode::ok;
};

/// The table, a line per symbol, and below it a line per finding, the worst first.
[[nodiscard]] std::string verification_text(const VerifiedData& data);
/// One object; its members are described in docs/data-checks.md.
[[nodiscard]] std::string verification_json(const VerifiedData& data);

}  // namespace sentio::cli
