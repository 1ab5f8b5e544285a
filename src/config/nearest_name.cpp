#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/config/strategy_config.h"

namespace sentio {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Edits (insert, delete, replace, swap neighbours) between two words, letter case aside.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  std::size_t n = 0;
  while (n < a.size() && n < b.size() && lower(a[n]) == lower(b[n])) ++n;
  return n;
}

}  // namespace

std::string nearest_name(std::string_view word, const std::vector<std::string>& known) {
  // A third of the letters wrong is a guess, not a slip; four edits end the resemblance of any key.
  const std::size_t farthest = std::clamp<std::size_t>(word.size() / 3, 1, 4);
  std::string nearest;
  std::size_t nearest_distance = farthest + 1, nearest_prefix = 0;
  for (const std::string& name : known) {
    const std::size_t lengths_apart = std::max(word.size(), name.size()) - std::min(word.size(), name.size());
    if (lengths_apart > farthest) continue;
    const std::size_t distance = edit_distance(word, name);
    // Among equally far names people mean the one they began to type: "TQQ" is TQQQ, not QQQ.
    const std::size_t prefix = common_prefix(word, name);
    if (distance > nearest_distance || distance > farthest) continue;
    if (distance == nearest_distance && prefix <= nearest_prefix) continue;
    nearest = name;
    nearest_distance = distance;
    nearest_prefix = prefix;
  }
  return nearest;
}

}  // namespace sentio
