#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <limits>
#include <nlohmann/json.hpp>

#include "sentio/core/text/json_line.h"

namespace sentio {
namespace {

std::string number(double value) {
  std::string out;
  append_number(out, value);
  return out;
}
std::string number(double value, int decimals) {
  std::string out;
  append_number(out, value, decimals);
  return out;
}

TEST(JsonLine, WritesOneObjectWithAllKindsOfValues) {
  std::string out;
  JsonLine line(out);
  line.text("ts", "2025-09-26").integer("bar_id", -7).number("a", 0.1).number("b", 2.345678, 3);
  line.boolean("yes", true).boolean("no", false).raw("raw", "[1]");
  line.begin_array("h").element(1.25, 2).element(-0.5, 1).end_array();
  line.begin_array("rows").begin_object_element().integer("i", 1).integer("j", 2).end_object_element();
  line.begin_object_element().text("k", "v").end_object_element().end_array();
  line.begin_array("none").end_array().integer("last", 9).end();
  EXPECT_EQ(
      out,
      R"({"ts":"2025-09-26","bar_id":-7,"a":0.1,"b":2.346,"yes":true,"no":false,"raw":[1],"h":[1.25,-0.5],)"
      R"("rows":[{"i":1,"j":2},{"k":"v"}],"none":[],"last":9})"
      "\n");
  EXPECT_TRUE(nlohmann::json::accept(out));
}

TEST(JsonLine, AppendsToWhatIsThere) {
  std::string out = "{}\n";
  JsonLine(out).end();
  EXPECT_EQ(out, "{}\n{}\n");
}

struct Rounding {
  double value;
  int decimals;
  std::string want;
};

TEST(AppendNumber, RoundsHalfAwayFromZeroAndDropsTrailingZeros) {
  const Rounding rows[] = {
      {0.0, 4, "0"},
      {-0.0, 4, "0"},
      {0.5, 0, "1"},
      {-0.5, 0, "-1"},
      {0.125, 2, "0.13"},
      {2.5, 0, "3"},
      {-2.5, 0, "-3"},
      {0.00004, 4, "0"},
      {-0.00004, 4, "0"},
      {0.00005, 4, "0.0001"},
      {1.0, 3, "1"},
      {1.5, 3, "1.5"},
      {10.0, 2, "10"},
      {100.25, 2, "100.25"},
      {0.05, 2, "0.05"},
      {-0.07, 2, "-0.07"},
      {99.999, 2, "100"},
      {123456789.5, 1, "123456789.5"},
      {1e300, 4, "1e+300"},
      {std::numeric_limits<double>::infinity(), 2, "null"},
      {std::nan(""), 2, "null"},
  };
  for (const Rounding& row : rows) EXPECT_EQ(number(row.value, row.decimals), row.want) << row.value;
}

TEST(AppendNumber, WritesNonFiniteAsNull) {
  EXPECT_EQ(number(std::nan("")), "null");
  EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "null");
}

RC_GTEST_PROP(AppendNumber, ReadsBackTheSameDouble, (std::uint64_t bits)) {
  const auto value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  const std::string text = number(value);
  double back = 0;
  std::from_chars(text.data(), text.data() + text.size(), back);
  RC_ASSERT(std::bit_cast<std::uint64_t>(back) == bits);
}

RC_GTEST_PROP(AppendNumber, StaysWithinHalfAUnitOfTheLastPlace, ()) {
  const double value = *rc::gen::inRange(-1'000'000'000, 1'000'000'000) / 7919.0;
  const int decimals = *rc::gen::inRange(0, 10);
  const std::string text = number(value, decimals);
  const double unit = std::pow(10.0, -decimals);
  RC_ASSERT(std::abs(std::stod(text) - value) <= 0.5 * unit * (1 + 1e-9) + std::abs(value) * 1e-15);
  const auto point = text.find('.');
  RC_ASSERT(point == std::string::npos || text.size() - point - 1 <= static_cast<std::size_t>(decimals));
  RC_ASSERT(point == std::string::npos || text.back() != '0');
  RC_ASSERT(nlohmann::json::accept(text));
}

RC_GTEST_PROP(AppendJsonString, ReadsBackAnyAsciiText, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  std::string out;
  append_json_string(out, text);
  RC_ASSERT(nlohmann::json::parse(out).get<std::string>() == text);
}

TEST(AppendJsonString, LeavesUtf8Alone) {
  std::string out;
  append_json_string(out, "−1 % · ✅");
  EXPECT_EQ(out, "\"−1 % · ✅\"");
}

}  // namespace
}  // namespace sentio
