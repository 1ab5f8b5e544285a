#include <gtest/gtest.h>

#include "sentio/exchange/msgpack_wire.h"

namespace sentio::exchange {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    const auto u = static_cast<unsigned char>(c);
    text += {kDigits[u >> 4U], kDigits[u & 15U]};
  }
  return text;
}

struct TimestampCase {
  std::string name, time, want;  // the encoding of [{"t": time}], in hex
  friend void PrintTo(const TimestampCase& row, std::ostream* out) { *out << row.name; }
};
class MsgpackTimestamp : public ::testing::TestWithParam<TimestampCase> {};

TEST_P(MsgpackTimestamp, IsTheShortestExtension) {
  EXPECT_EQ(hex(to_msgpack({{{"t", GetParam().time}}})), "9181a174" + GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Spec, MsgpackTimestamp,
    ::testing::Values(TimestampCase{"WholeSeconds", "2025-01-02T14:30:00Z", "d6ff6776a2e8"},
                      TimestampCase{"Nanoseconds", "2025-01-02T14:30:00.123456789Z", "d7ff1d6f34546776a2e8"},
                      TimestampCase{"BeforeTheEpoch", "1969-12-31T23:59:59Z",
                                    "c70cff00000000ffffffffffffffff"}),
    [](const auto& tc) { return tc.param.name; });

TEST(Msgpack, KeepsTheTypeFirstAndStringsAsStrings) {
  const std::string bytes = to_msgpack({{{"T", "b"}, {"S", "SPY"}, {"v", 7}}});
  EXPECT_EQ(hex(bytes), "9183a154a162a153a3535059a17607");
}

TEST(Msgpack, RefusesDamagedBytes) {
  EXPECT_TRUE(from_msgpack("\x91\x81").is_discarded());
  EXPECT_TRUE(from_msgpack("").is_discarded());
}

}  // namespace
}  // namespace sentio::exchange
