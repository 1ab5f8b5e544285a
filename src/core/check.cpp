#include "sentio/core/check.h"

#include <cstdio>
#include <cstdlib>

namespace sentio {

void check_failed(const char* condition, const std::source_location& where) {
  std::fprintf(stderr, "sentio: invariant broken: %s (%s:%u, %s)\n", condition, where.file_name(),
               static_cast<unsigned>(where.line()), where.function_name());
  std::abort();
}

}  // namespace sentio
