#pragma once
/// For readers of JSON that leave by an exception and are caught at their door.

#include <stdexcept>
#include <utility>

#include "sentio/core/error.h"

namespace sentio {

/// The value, or std::invalid_argument with the error's message.
template <class T>
T unwrap(Result<T> result) {
  if (!result) throw std::invalid_argument(result.error().message());
  return *std::move(result);
}

}  // namespace sentio
