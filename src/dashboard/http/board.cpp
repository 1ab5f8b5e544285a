#include "http/board.h"

namespace sentio::dashboard_detail {

void Board::set(const std::string& section, std::string json) {
  Section& own = sections_[section];
  if (own.version > 0 && own.json == json) return;
  own = {std::move(json), ++version_};
}

std::string Board::object(std::uint64_t since) const {
  std::string out = "{\"version\":" + std::to_string(version_);
  for (const auto& [name, section] : sections_) {
    if (section.version > since) out += ",\"" + name + "\":" + section.json;
  }
  return out + "}";
}

std::string Board::event(std::uint64_t since) const {
  // A line break within `data` would end it; JSON texts are written without any.
  return "id: " + std::to_string(version_) + "\nevent: " + (since == 0 ? "snapshot" : "changes") +
         "\ndata: " + object(since) + "\n\n";
}

}  // namespace sentio::dashboard_detail
