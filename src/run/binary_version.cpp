// A file of its own: a commit compiles this and nothing else again.
#include "sentio/run/run_manifest.h"

namespace sentio {

std::string_view binary_version() {
  return SENTIO_BINARY_VERSION;
}

}  // namespace sentio
