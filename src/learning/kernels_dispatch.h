#pragma once
/// The table of kernels that belongs to a dispatch level.

#include "kernels.h"
#include "sentio/learning/dispatch.h"

namespace sentio {

[[nodiscard]] const Kernels& kernels_of(DispatchLevel level);

}  // namespace sentio
