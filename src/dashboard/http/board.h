#pragma once
/// What was shown last and when each part of it changed (private): server-sent events are made of it.

#include <cstdint>
#include <map>
#include <string>

namespace sentio::dashboard_detail {

/// Sections as JSON texts. A reader remembers the version it was sent and gets what is newer; readers that fall
/// behind cost nothing but one event.
/// Threads  one at a time.
class Board {
 public:
  /// The version grows where `json` differs from what is there.
  void set(const std::string& section, std::string json);
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// {"version":…,"day":…,…}
  [[nodiscard]] std::string snapshot() const { return object(0); }
  /// One event, "snapshot" for a reader that has nothing (`since` 0), else "changes" with the newer sections.
  [[nodiscard]] std::string event(std::uint64_t since) const;

 private:
  struct Section {
    std::string json;
    std::uint64_t version = 0;
  };
  [[nodiscard]] std::string object(std::uint64_t since) const;
  std::map<std::string, Section> sections_;
  std::uint64_t version_ = 0;
};

}  // namespace sentio::dashboard_detail
