#include "sentio/learning/dispatch.h"

#include <array>
#include <atomic>
#include <string>

#include "kernels_dispatch.h"

namespace sentio {

namespace {

constexpr std::array kLevels{DispatchLevel::baseline, DispatchLevel::avx2, DispatchLevel::avx512};

bool supported(DispatchLevel level) {
  switch (level) {
    case DispatchLevel::baseline:
      return true;
    case DispatchLevel::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case DispatchLevel::avx512:
      return supported(DispatchLevel::avx2) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  }
  return false;
}

std::atomic<DispatchLevel>& level_in_use() {
  static std::atomic<DispatchLevel> level{best_dispatch()};
  return level;
}

}  // namespace

DispatchLevel best_dispatch() {
  if (supported(DispatchLevel::avx512)) return DispatchLevel::avx512;
  return supported(DispatchLevel::avx2) ? DispatchLevel::avx2 : DispatchLevel::baseline;
}

DispatchLevel current_dispatch() {
  return level_in_use().load();
}

Result<> set_dispatch(DispatchLevel level) {
  if (!supported(level))
    return fail(Errc::usage, "dispatch", "this processor has no " + std::string(to_string(level)));
  level_in_use().store(level);
  return {};
}

Result<DispatchLevel> parse_dispatch(std::string_view name) {
  for (const DispatchLevel level : kLevels) {
    if (name != to_string(level)) continue;
    if (supported(level)) return level;
    return fail(Errc::usage, "dispatch", "this processor has no " + std::string(name));
  }
  return fail(Errc::usage, "dispatch",
              std::string(name) + " is not an instruction set; use baseline, avx2 or avx512");
}

std::string_view to_string(DispatchLevel level) {
  switch (level) {
    case DispatchLevel::baseline:
      return "baseline";
    case DispatchLevel::avx2:
      return "avx2";
    case DispatchLevel::avx512:
      return "avx512";
  }
  return "unknown";
}

const Kernels& kernels_of(DispatchLevel level) {
  switch (level) {
    case DispatchLevel::avx512:
      return kernels_avx512::kTable;
    case DispatchLevel::avx2:
      return kernels_avx2::kTable;
    case DispatchLevel::baseline:
      break;
  }
  return kernels_baseline::kTable;
}

}  // namespace sentio
