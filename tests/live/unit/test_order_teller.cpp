#include <gtest/gtest.h>

#include "day/order_teller.h"

namespace sentio {
namespace {

OrderKey key(SymbolId symbol, std::int16_t minute) { return {.minute = minute, .symbol = symbol}; }

TEST(OrderTeller, TellsEachReasonOfASymbolOnceWhateverItsFigures) {
  OrderTeller teller;
  const auto refused = [&](SymbolId symbol, const std::string& why, RefusalScope scope) {
    return teller.refused({key(symbol, 1), why, scope}, symbol == 0 ? "AAA" : "BBB").value_or("");
  };
  EXPECT_EQ(refused(0, "422 not tradable", RefusalScope::symbol),
            "AAA: the entry was refused by the broker: 422 not tradable; its purchases pause, longer each time");
  EXPECT_EQ(refused(0, "422 not tradable", RefusalScope::symbol), "");
  EXPECT_NE(refused(1, "422 not tradable", RefusalScope::symbol), "");
  EXPECT_NE(refused(0, "403 buying power 12.40", RefusalScope::account), "");
  EXPECT_EQ(refused(1, "403 buying power 11.90", RefusalScope::account), "") << "of the account, whichever symbol";
  EXPECT_NE(refused(0, "500", RefusalScope::order), "");
}

TEST(OrderTeller, TellsOfACancelWhenItIsRepeatedAndThenSeldom) {
  OrderTeller teller;
  std::string told;
  for (int i = 0; i < 13; ++i) told += teller.cancels(key(0, 7), "AAA") ? 'T' : '-';
  EXPECT_EQ(told, "-T---------T-");
  EXPECT_FALSE(teller.cancels(key(0, 8), "AAA"));
  EXPECT_FALSE(teller.cancels(key(1, 7), "BBB"));
  EXPECT_TRUE(teller.cancels(key(1, 7), "BBB"));
}

}  // namespace
}  // namespace sentio
