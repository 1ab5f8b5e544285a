#pragma once
/// A whole file in memory, unpacked if it is gzip.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

#include "sentio/core/error.h"

namespace sentio::data {

/// Bytes that nobody zeroes first: a year of bars is 15 MB.
struct FileText {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const { return {bytes.get(), size}; }
};

/// gzip is told by its magic bytes, not by the file's name; several members in a row are one text.
/// Errors: not_found, io (unreadable, not a regular file), malformed (gzip damaged or cut short).
[[nodiscard]] Result<FileText> read_text(const std::filesystem::path& file);

}  // namespace sentio::data
