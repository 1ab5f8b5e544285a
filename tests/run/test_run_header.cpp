/// A journal's first line: what replay needs to make the same orders.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "mock_world.h"
#include "sentio/run/run_header.h"

namespace sentio {
namespace {

RunHeader header_with(const OrderStyle& style) {
  return {.date = testing::day(2025, 9, 26),
          .mode = "paper",
          .options = {.universe = testing::six_instruments(), .fees = testing::fees_of_2025(), .order_style = style}};
}

TEST(RunHeader, TheStyleOfEntriesReadsBack) {
  for (const OrderStyle& style : {OrderStyle{}, OrderStyle{OrderStyle::Kind::marketable_limit, Bps{12.5}}}) {
    const std::string line = encode_run_header(header_with(style));
    const auto read = parse_run_header(line, "journal:1");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->options.order_style, style);
    EXPECT_EQ(encode_run_header(*read), line);
  }
}

TEST(RunHeader, AJournalFromBeforeStylesHasMarketOrders) {
  auto j = nlohmann::ordered_json::parse(encode_run_header(header_with({})));
  EXPECT_EQ(j.at("entries").dump(), R"({"type":"market"})");
  j.erase("entries");
  const auto read = parse_run_header(j.dump(), "journal:1");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->options.order_style, OrderStyle{});
}

TEST(RunHeader, AStyleThatIsNoneIsRefused) {
  for (const char* entries : {R"("market")", R"({"type":"auction"})", R"({"type":"marketable_limit"})",
                              R"({"type":"marketable_limit","limit_offset_bps":"20"})"}) {
    auto j = nlohmann::ordered_json::parse(encode_run_header(header_with({})));
    j["entries"] = nlohmann::ordered_json::parse(entries);
    const auto read = parse_run_header(j.dump(), "journal:1");
    ASSERT_FALSE(read) << entries;
    EXPECT_EQ(read.error().code, Errc::malformed);
  }
}

}  // namespace
}  // namespace sentio
