#pragma once
/// Several refusals as one error.

#include <algorithm>
#include <string>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/core/text/text.h"

namespace sentio {

/// A line each, none twice, in the order they came.
class Problems {
 public:
  void add(std::string line) {
    if (std::ranges::find(lines_, line) == lines_.end()) lines_.push_back(std::move(line));
  }
  /// The code of the first one is the code of all where error() is asked.
  void add(const Error& error) {
    if (lines_.empty()) code_ = error.code;
    add(error.message());
  }
  [[nodiscard]] bool none() const { return lines_.empty(); }
  /// Ok when there were none.
  [[nodiscard]] Result<> as(Errc code) const {
    if (none()) return {};
    return fail(code, "", joined(lines_, "\n"));
  }
  /// Of errors only, and where there was one.
  [[nodiscard]] tl::unexpected<Error> error() const { return fail(code_, "", joined(lines_, "\n")); }

 private:
  Errc code_ = Errc::internal;
  std::vector<std::string> lines_;
};

}  // namespace sentio
