/// Members of foreign JSON: a row a shape, of both kinds of tree.

#include "sentio/core/text/json_fields.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sentio {
namespace {

constexpr const char* kObject =
    R"({"text":"TQQQ","number":1.5,"decimal":"12.3400","true":true,"null":null,"list":["a",1,"b"],)"
    R"("time":"2025-09-26T13:30:00Z","ms":1758893400000,"before":-1,"far":9.1e12})";

template <class J>
class JsonFields : public ::testing::Test {
 protected:
  J object = J::parse(kObject);
};
using Trees = ::testing::Types<nlohmann::json, nlohmann::ordered_json>;
TYPED_TEST_SUITE(JsonFields, Trees);

TYPED_TEST(JsonFields, ReadWhatIsThere) {
  const auto& o = this->object;
  EXPECT_EQ(fields::text(o, "text"), "TQQQ");
  EXPECT_EQ(fields::number(o, "number"), 1.5);
  EXPECT_EQ(fields::decimal(o, "decimal"), (Decimal{"12.3400", 12.34}));
  EXPECT_EQ(fields::decimal(o, "number"), (Decimal{"1.5", 1.5}));
  EXPECT_TRUE(fields::boolean(o, "true"));
  EXPECT_EQ(fields::texts(o, "list"), (std::vector<std::string>{"a", "b"}));
  ASSERT_TRUE(fields::time(o, "time"));
  EXPECT_EQ(fields::time(o, "time"), fields::milliseconds(o, "ms"));
}

TYPED_TEST(JsonFields, AreEmptyWhereTheyAreAbsentNullOrOfAnotherType) {
  const auto& o = this->object;
  for (const char* key : {"absent", "null", "true", "list", "number"}) {
    EXPECT_EQ(fields::text(o, key), "") << key;
    EXPECT_FALSE(fields::time(o, key)) << key;
  }
  for (const char* key : {"absent", "null", "text", "list"}) {
    EXPECT_TRUE(std::isnan(fields::number(o, key))) << key;
    EXPECT_FALSE(fields::decimal(o, key)) << key;
    EXPECT_FALSE(fields::boolean(o, key)) << key;
    EXPECT_FALSE(fields::milliseconds(o, key)) << key;
  }
  EXPECT_TRUE(fields::texts(o, "text").empty());
  EXPECT_FALSE(fields::milliseconds(o, "before"));
  EXPECT_FALSE(fields::milliseconds(o, "far")) << "no TimePoint holds it";
  EXPECT_EQ(fields::member(o, "null"), nullptr);
}

TYPED_TEST(JsonFields, OfWhatIsNoObjectAreAbsent) {
  const TypeParam list = TypeParam::array({1, 2});
  EXPECT_EQ(fields::member(list, "text"), nullptr);
  EXPECT_EQ(fields::text(list, "text"), "");
  EXPECT_TRUE(fields::parse("{\"cut").is_discarded());
}

}  // namespace
}  // namespace sentio
