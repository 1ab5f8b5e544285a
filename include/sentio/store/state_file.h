#pragma once
/// A learned state on disk: versioned, checksummed, bound to the configuration that made it.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/core/time.h"
#include "sentio/store/file_system.h"

namespace sentio {

/// What a state belongs to. Everything but `sessions` must match to be loaded.
struct StateHeader {
  std::uint64_t learning_hash = 0;   ///< learner, data rules, instruments
  std::uint64_t feature_schema = 0;  ///< names, order and constants of the features
  Date last_session{};               ///< the last session learned
  std::int32_t sessions = 0;         ///< how many sessions were learned
  std::int32_t sessions_wanted = 0;  ///< how many were asked for
  bool synthetic = false;            ///< any of the bars were made up
  friend bool operator==(const StateHeader&, const StateHeader&) = default;
};

struct StateFile {
  StateHeader header;
  std::vector<std::uint8_t> payload;
};

inline constexpr std::uint32_t kStateVersion = 2;

/// Magic, version, header, payload length, payload, FNV-1a of all of it. Little-endian.
[[nodiscard]] std::vector<std::uint8_t> encode_state(const StateHeader& header, std::span<const std::uint8_t> payload);
/// Errors (Errc::malformed or Errc::mismatch, exit 3): not a state file, another version, truncated, corrupted.
[[nodiscard]] Result<StateFile> decode_state(std::span<const std::uint8_t> bytes, std::string_view name);

/// On the disk when it returns: a restart begins with it.
[[nodiscard]] Result<> write_state(const std::filesystem::path& file, const StateHeader& header,
                                   std::span<const std::uint8_t> payload, FileSystem& disk = posix_files());
[[nodiscard]] Result<StateFile> read_state(const std::filesystem::path& file);

}  // namespace sentio
