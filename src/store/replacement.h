#pragma once
/// Several files on their way from temporary names to their own.

#include <filesystem>
#include <string_view>
#include <vector>

#include "sentio/store/atomic_file.h"

namespace sentio {

/// stage() each file, then put_in_place() once; after an error of either abandon(). No destructor does any of it:
/// what a killed process leaves is what the next one finds.
class Replacement {
 public:
  Replacement(Durability durability, FileSystem& disk) : synced_(durability == Durability::power_cut), disk_(disk) {}
  [[nodiscard]] Result<> stage(const std::filesystem::path& file, std::string_view content);
  [[nodiscard]] Result<> put_in_place();
  /// Everything as it was before, as far as the disk lets us.
  void abandon();

 private:
  struct Part {
    std::filesystem::path file, staging, earlier;
    bool set_aside = false;  ///< the old file is at `earlier`
    bool placed = false;     ///< the new one is at `file`
  };
  [[nodiscard]] Result<> set_aside(Part& part);
  [[nodiscard]] Result<> place(Part& part);
  [[nodiscard]] Result<> sync_folders();
  /// Success: its file is as it was.
  bool take_back(const Part& part);
  void remove_earlier();

  bool synced_;
  FileSystem& disk_;
  std::vector<Part> parts_;
};

/// `file` is what the user knows it as, `path` where the bytes go.
[[nodiscard]] Result<> write_whole(const std::filesystem::path& file, const std::filesystem::path& path,
                                   std::string_view content, bool synced, FileSystem& disk);

}  // namespace sentio
