#pragma once
/// Several refusals as one error.

#include <algorithm>
#include <string>
#include <vector>

#include "sentio/core/error.h"

namespace sentio {

/// A line each, none twice, in the order they came.
class Problems {
 public:
  void add(std::string line) {
    if (std::ranges::find(lines_, line) == lines_.end()) lines_.push_back(std::move(line));
  }
  /// Ok when there were none.
  [[nodiscard]] Result<> as(Errc code) const {
    if (lines_.empty()) return {};
    std::string text;
    for (const std::string& line : lines_) text += (text.empty() ? "" : "\n") + line;
    return fail(code, "", std::move(text));
  }

 private:
  std::vector<std::string> lines_;
};

}  // namespace sentio
