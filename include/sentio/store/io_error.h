#pragma once
/// What the disk refused as an error of this module.

#include <filesystem>
#include <string>
#include <system_error>

#include "sentio/core/error.h"

namespace sentio {

/// `what` in words ("cannot be opened"); success where `reason` is empty.
inline Result<> done_or_fail(std::error_code reason, const std::filesystem::path& file, const char* what) {
  if (!reason) return {};
  return fail(Errc::io, file.string(), std::string(what) + ": " + reason.message());
}

}  // namespace sentio
