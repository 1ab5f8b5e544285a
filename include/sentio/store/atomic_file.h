#pragma once
/// Files that are either whole or not there.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sentio/core/error.h"

namespace sentio {

/// Writes all files under temporary names and renames them only when every byte is on disk, so that a full
/// disk or a kill leaves the old files or none. Devices, pipes and links (/dev/stdout) are written in place.
/// Errors: Errc::io with the path and the system's reason.
[[nodiscard]] Result<> write_files_atomically(
    const std::vector<std::pair<std::filesystem::path, std::string_view>>& files);

[[nodiscard]] Result<> write_file_atomically(const std::filesystem::path& file, std::string_view content);

/// Creates the folder (and its parents) and proves that files can be made in it.
[[nodiscard]] Result<> ensure_writable_folder(const std::filesystem::path& folder);

[[nodiscard]] Result<std::string> read_text_file(const std::filesystem::path& file);

}  // namespace sentio
