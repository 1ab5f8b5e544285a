#pragma once
/// Files that are either whole or not there.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/store/file_system.h"

namespace sentio {

/// What a finished write outlives. The disk is waited for only where it has to be: a mock of 250 days writes 1,750
/// files, and running it again makes them again.
enum class Durability : std::uint8_t {
  process_kill,  ///< the end of the process: everything is with the kernel. Results that can be made again
  power_cut      ///< the end of the machine: files are synced before their renames, folders after. Whatever live
                 ///< trading or a restart relies on
};

/// Writes all files under temporary names (NAME.partial-PID) and renames them when every byte is with the kernel
/// (power_cut: on the disk). Devices, pipes and links (/dev/stdout) are written in place.
///
/// One file   is the old or the new one, whole, whenever the process or (power_cut) the machine ends.
/// Several    in an error all are the old ones, none of the temporary files stays. A kill or a power cut between
///            two renames cannot be undone by anybody, so the LAST file says whether the set counts: it is taken
///            away before the first rename and put in place after the others. Where it is, all are of its write;
///            where it is not, files of two writes may lie side by side, and the set has to be made again. The
///            day's last file is its summary.
/// Leftovers  of a kill end in .partial-PID (unfinished) or .earlier-PID (what was being replaced).
/// Errors     Errc::io with the path and the system's reason. If the disk fails during the way back too, files of
///            both writes may lie there, without the last. If only the last sync fails, the new files are there.
[[nodiscard]] Result<> write_files_atomically(
    const std::vector<std::pair<std::filesystem::path, std::string_view>>& files,
    Durability durability = Durability::power_cut, FileSystem& disk = posix_files());

[[nodiscard]] Result<> write_file_atomically(const std::filesystem::path& file, std::string_view content,
                                             Durability durability = Durability::power_cut,
                                             FileSystem& disk = posix_files());

/// Creates the folder (and its parents) and proves that files can be made in it.
[[nodiscard]] Result<> ensure_writable_folder(const std::filesystem::path& folder,
                                              Durability durability = Durability::power_cut,
                                              FileSystem& disk = posix_files());

[[nodiscard]] Result<std::string> read_text_file(const std::filesystem::path& file);

}  // namespace sentio
