#pragma once
/// Names and values of HTTP headers, in the order in which they are sent.

#include <string>
#include <utility>
#include <vector>

namespace sentio {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

}  // namespace sentio
