#pragma once
/// Names and values of HTTP headers, in the order in which they are sent. This header and websocket_client.h
/// stay within C++17 (see src/net/CMakeLists.txt).

#include <string>
#include <utility>
#include <vector>

namespace sentio {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

}  // namespace sentio
