#pragma once
/// The last system call's failure as an error of this module.

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "sentio/core/error.h"

namespace sentio {

/// `what` in words ("cannot be opened"); the system's reason comes from errno.
inline tl::unexpected<Error> io_error(const std::filesystem::path& file, const char* what) {
  return fail(Errc::io, file.string(), std::string(what) + ": " + std::strerror(errno));
}

}  // namespace sentio
