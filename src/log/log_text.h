#pragma once
/// A line of the operational log as text. Pure.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/log/log.h"

namespace sentio::log_text {

/// "[thread] event key=value"; values are masked, then cut to 500 bytes, then quoted where they are not plain.
[[nodiscard]] std::string line_of(std::string_view thread, std::string_view event,
                                  std::initializer_list<LogField> fields, const std::vector<std::string>& secrets);

}  // namespace sentio::log_text
