#pragma once
/// Which vector instructions the learner's kernels use.

#include <string_view>

#include "sentio/core/error.h"

namespace sentio {

enum class DispatchLevel : unsigned char { baseline, avx2, avx512 };

[[nodiscard]] DispatchLevel best_dispatch();  ///< what this processor can do
[[nodiscard]] DispatchLevel current_dispatch();
/// For the whole process, before any learner runs. Results are byte-identical per level.
[[nodiscard]] Result<> set_dispatch(DispatchLevel level);
/// "baseline", "avx2", "avx512" (SENTIO_DISPATCH); unknown or unsupported names are an error.
[[nodiscard]] Result<DispatchLevel> parse_dispatch(std::string_view name);
[[nodiscard]] std::string_view to_string(DispatchLevel level);

}  // namespace sentio
