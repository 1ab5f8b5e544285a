#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "sentio/core/bytes.h"
#include "sentio/core/check.h"

namespace sentio {
namespace {

std::vector<std::uint8_t> sample_bytes() {
  ByteWriter out;
  const std::array<double, 3> three = {1.0, -0.0, 1e-310};
  out.put(std::int32_t{-5});
  out.put(true);
  out.put(std::string_view("TQQQ"));
  out.put_span(std::span<const double>(three));
  out.put_span(std::span<const double>(three));
  return out.take();
}

struct Sample {
  std::int32_t number = 0;
  bool flag = false;
  std::string text;
  std::vector<double> any;
  std::array<double, 3> three{};
  bool load(ByteReader& in) {
    in.get(number);
    in.get(flag);
    in.get(text);
    in.get_vector(any);
    in.get_span(std::span<double>(three));
    return in.ok() && in.at_end();
  }
};

TEST(Bytes, ReadBackWhatWasWritten) {
  const auto bytes = sample_bytes();
  ByteReader in(bytes);
  Sample s;
  ASSERT_TRUE(s.load(in));
  EXPECT_EQ(s.number, -5);
  EXPECT_TRUE(s.flag);
  EXPECT_EQ(s.text, "TQQQ");
  EXPECT_EQ(s.any, (std::vector<double>{1.0, -0.0, 1e-310}));
  EXPECT_TRUE(std::signbit(s.three[1]));
  EXPECT_TRUE(in.result("sample").has_value());
}

TEST(Bytes, FailAtEveryCutWithoutReadingPastIt) {
  const auto bytes = sample_bytes();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    ByteReader in(cut);
    Sample s;
    EXPECT_FALSE(s.load(in)) << n;
    EXPECT_EQ(in.result("sample").error().code, Errc::malformed);
    EXPECT_EQ(in.result("sample").error().where, "sample");
  }
}

TEST(Bytes, FailAfterTheFirstFailureAndLeaveTargetsAlone) {
  ByteWriter out;
  out.put(std::uint16_t{7});
  ByteReader in(out.bytes());
  std::uint64_t wide = 42;
  std::uint16_t narrow = 43;
  EXPECT_FALSE(in.get(wide));
  EXPECT_FALSE(in.get(narrow));
  EXPECT_EQ(wide, 42U);
  EXPECT_EQ(narrow, 43U);
}

TEST(Bytes, RefuseLengthsThatNoBufferHolds) {
  ByteWriter out;
  out.put(~std::uint64_t{0});
  std::string text = "kept";
  std::vector<double> values = {1.0};
  std::array<double, 2> two{};
  ByteReader a(out.bytes()), b(out.bytes()), c(out.bytes());
  EXPECT_FALSE(a.get(text));
  EXPECT_FALSE(b.get_vector(values));
  EXPECT_FALSE(c.get_span(std::span<double>(two)));
  EXPECT_EQ(text, "kept");
  EXPECT_EQ(values.size(), 1U);
}

enum class Two : std::uint8_t { first, second };
static_assert(!PlainValue<bool> && !PlainValue<Two>, "not every byte is one");

TEST(Bytes, AByteAboveOneIsNoBool) {
  for (int byte = 0; byte < 256; ++byte) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(byte));
    ByteReader in(out.bytes());
    bool flag = true;
    EXPECT_EQ(in.get(flag), byte <= 1) << byte;
    EXPECT_EQ(in.ok(), byte <= 1) << byte;
    EXPECT_EQ(flag, byte != 0) << "a refused byte leaves the target alone";
  }
}

TEST(Bytes, ANumberOutsideItsRangeIsRefused) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();
  for (const double number : {kNan, -kNan, kInf, -kInf, -1.5, 2.5, std::nextafter(2, 3)}) {
    ByteWriter out;
    out.put(number);
    const std::array<double, 2> two{0, number};
    out.put_span(std::span<const double>(two));
    ByteReader alone(out.bytes()), among(std::span(out.bytes()).subspan(sizeof number));
    double value = 42;
    EXPECT_FALSE(alone.get_within(value, -1.0, 2.0)) << number;
    EXPECT_EQ(value, 42);
    std::array<double, 2> read{};
    EXPECT_FALSE(among.get_span_within(read, -1.0, 2.0)) << number;
    EXPECT_FALSE(among.ok());
  }
  ByteWriter out;
  for (const double number : {-1.0, 2.0}) out.put(number);
  ByteReader in(out.bytes());
  double value = 0;
  EXPECT_TRUE(in.get_within(value, -1.0, 2.0));
  EXPECT_EQ(value, -1);
  EXPECT_TRUE(in.get_within(value, -1.0, 2.0));
  EXPECT_EQ(value, 2);
}

RC_GTEST_PROP(Bytes, SurviveAnyInput, (const std::vector<std::uint8_t>& bytes)) {
  ByteReader in(bytes);
  Sample s;
  s.load(in);
  RC_ASSERT(in.remaining() <= bytes.size());
}

// Published FNV-1a test vectors (Fowler, Noll, Vo).
TEST(Fnv1a, EqualsThePublishedVectors) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8ULL);
  EXPECT_EQ(fnv1a("bar", fnv1a("foo")), fnv1a("foobar"));
}

}  // namespace
}  // namespace sentio
