#include "sentio/exchange/msgpack_wire.h"

namespace sentio::exchange {

namespace {

constexpr std::uint8_t kTimestampType = 0xff;  // -1

void append_big_endian(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

std::vector<std::uint8_t> timestamp_payload(TimePoint t) {
  const auto seconds = epoch_seconds(t);
  const auto nanoseconds = static_cast<std::uint64_t>((t - from_epoch_seconds(seconds)).count());
  std::vector<std::uint8_t> out;
  if (seconds < 0 || seconds >= std::int64_t{1} << 34) {
    append_big_endian(out, nanoseconds, 4);
    append_big_endian(out, static_cast<std::uint64_t>(seconds), 8);
  } else if (nanoseconds != 0 || seconds >= std::int64_t{1} << 32) {
    append_big_endian(out, nanoseconds << 34U | static_cast<std::uint64_t>(seconds), 8);
  } else {
    append_big_endian(out, static_cast<std::uint64_t>(seconds), 4);
  }
  return out;
}

std::string to_msgpack(nlohmann::ordered_json messages) {
  for (auto& message : messages) {
    const auto found = message.find("t");
    if (found == message.end() || !found->is_string()) continue;
    if (const auto time = parse_timestamp(found->get_ref<const std::string&>())) {
      *found = nlohmann::ordered_json::binary(timestamp_payload(*time), kTimestampType);
    }
  }
  std::string out;
  nlohmann::ordered_json::to_msgpack(messages, out);
  return out;
}

nlohmann::ordered_json from_msgpack(std::string_view bytes) {
  return nlohmann::ordered_json::from_msgpack(bytes.begin(), bytes.end(), true, false);
}

}  // namespace sentio::exchange
