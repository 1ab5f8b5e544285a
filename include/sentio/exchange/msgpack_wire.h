#pragma once
/// Data-socket messages as msgpack: times are the timestamp extension, not text.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/time.h"

namespace sentio::exchange {

/// The payload of msgpack's timestamp extension (type -1): 4, 8 or 12 bytes, the shortest that holds it.
/// Source  msgpack spec, "Timestamp extension type".
[[nodiscard]] std::vector<std::uint8_t> timestamp_payload(TimePoint t);
/// An array of messages; every member "t" that is text is written as a timestamp.
[[nodiscard]] std::string to_msgpack(nlohmann::ordered_json messages);
/// Any msgpack value; discarded (is_discarded()) when malformed.
[[nodiscard]] nlohmann::ordered_json from_msgpack(std::string_view bytes);

}  // namespace sentio::exchange
