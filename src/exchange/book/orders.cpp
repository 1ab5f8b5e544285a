#include "sentio/exchange/orders.h"

#include <array>
#include <cstdio>

#include "sentio/core/bytes.h"
#include "sentio/core/text/json_line.h"

namespace sentio::exchange {

namespace {
constexpr std::array<std::string_view, 5> kTypes{"market", "limit", "stop", "stop_limit", "trailing_stop"};
constexpr std::array<std::string_view, 6> kTimes{"day", "gtc", "opg", "cls", "ioc", "fok"};
constexpr std::array<std::string_view, 10> kStatuses{
    "accepted",       "pending_new", "new",     "partially_filled", "filled",
    "pending_cancel", "canceled",    "expired", "replaced",         "rejected"};

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}
}  // namespace

std::string_view to_string(OrderType type) {
  return kTypes[static_cast<std::size_t>(type)];
}
std::string_view to_string(TimeInForce tif) {
  return kTimes[static_cast<std::size_t>(tif)];
}
std::string_view to_string(OrderStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}
std::optional<OrderType> parse_order_type(std::string_view text) {
  return find_name<OrderType>(kTypes, text);
}
std::optional<TimeInForce> parse_time_in_force(std::string_view text) {
  return find_name<TimeInForce>(kTimes, text);
}

std::string make_uuid(std::string_view kind, std::uint64_t number) {
  const std::uint64_t hash = fnv1a(std::string(kind) + std::to_string(number));
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(hash >> 32),
                static_cast<unsigned>(hash >> 16) & 0xffffU, static_cast<unsigned>(hash >> 4) & 0xfffU,
                static_cast<unsigned>(fnv1a(kind)) & 0xfffU, static_cast<unsigned long long>(number));
  return text.data();
}

std::string decimal(double value, int places) {
  std::string text;
  append_number(text, value, places);
  return text == "-0" ? "0" : text;
}

}  // namespace sentio::exchange
