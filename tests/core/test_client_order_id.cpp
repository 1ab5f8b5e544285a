#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "sentio/core/calendar.h"
#include "sentio/core/client_order_id.h"

namespace sentio {
namespace {

TEST(ClientOrderId, OthersIdsAreNotOurs) {
  for (const char* id :
       {"", "sen-", "563fa71d-a311-41b3-9633-514e9298c07f", "sen-20250926-1000-TQQQ-X-0",
        "sen-20250926-1000-TQQQ-B-", "sen-20250926-1000-TQQQ-B-256", "sen-20251326-1000-TQQQ-B-0",
        "sen-20250926-1000--B-0", "sen-20250926-1075-TQQQ-B-0", "sen-20250926-0930-TQQQ-B-0",
        "sen-20250926-1601-TQQQ-B-0", "sen-20250926-10O0-TQQQ-B-0", "sen-20250926-1000-B-0"}) {
    EXPECT_FALSE(parse_client_order_id(id)) << id;
  }
}

RC_GTEST_PROP(ClientOrderId, ReadsBackWhatWasWritten, ()) {
  const std::string symbol = *rc::gen::element<std::string>("TQQQ", "BRK.B", "A", "X-Y", "B-0");
  OrderKey key{Date{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{26}},
               static_cast<std::int16_t>(*rc::gen::inRange(0, 390)), 3,
               *rc::gen::element(Side::buy, Side::sell), *rc::gen::arbitrary<std::uint8_t>()};
  const TimePoint decided = from_new_york(key.session, std::chrono::minutes{570 + key.minute + 1});
  const auto parts = parse_client_order_id(client_order_id(key, symbol, decided));
  RC_ASSERT(parts.has_value());
  RC_ASSERT(parts->symbol == symbol);
  RC_ASSERT(parts->session == key.session);
  RC_ASSERT(parts->minute == key.minute);
  RC_ASSERT(parts->side == key.side);
  RC_ASSERT(parts->attempt == key.attempt);
}

}  // namespace
}  // namespace sentio
