// The book against a slow obvious one, and its invariants.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "slow_book.h"

namespace sentio {

/// A ledger with one of its amounts changed: money that appeared or vanished.
struct LedgerTampering {
  static constexpr std::array kAmounts{&Ledger::start_cash_, &Ledger::cash_, &Ledger::realized_, &Ledger::buy_fees_};
  static Ledger changed(Ledger ledger, std::size_t amount, double by) {
    (ledger.*kAmounts[amount]).v += by;
    return ledger;
  }
};

namespace testing {
namespace {

constexpr std::size_t kSymbols = 4;
constexpr FeeRates kRates{std::chrono::year{2025} / 1 / 1, 27.80e-6, 0.000166, 8.30, 0.0000265, 0};

Fill fill(double qty, double price) {
  Fill f;
  f.qty = Qty{qty};
  f.price = Price{price};
  return f;
}

TEST(Ledger, BooksARoundTrip) {
  Ledger ledger(Usd{10'000}, kSymbols);
  const Booked bought = ledger.apply(fill(100, 50), Side::buy, 1, {.cat = Usd{0.25}});
  EXPECT_TRUE(bought.opened);
  EXPECT_FALSE(bought.closed);
  EXPECT_EQ(bought.pnl, Usd{0});
  EXPECT_DOUBLE_EQ(ledger.cash().v, 4'999.75);
  EXPECT_DOUBLE_EQ(ledger.position(1).mark.v, 50);  // until a close comes
  EXPECT_DOUBLE_EQ(ledger.equity().v, 9'999.75);
  ledger.mark(1, Price{51});
  EXPECT_DOUBLE_EQ(ledger.equity().v, 10'099.75);
  EXPECT_EQ(ledger.open_positions(), 1U);

  const Booked half = ledger.apply(fill(50, 52), Side::sell, 1, {.sec = Usd{1}});
  EXPECT_FALSE(half.closed);
  EXPECT_DOUBLE_EQ(half.pnl.v, 99);
  EXPECT_DOUBLE_EQ(half.pnl_fraction, 99.0 / 2'500);
  EXPECT_DOUBLE_EQ(ledger.position(1).avg_entry.v, 50);
  const Booked rest = ledger.apply(fill(50, 49), Side::sell, 1, {});
  EXPECT_TRUE(rest.closed);
  EXPECT_DOUBLE_EQ(rest.pnl.v, -50);
  EXPECT_DOUBLE_EQ(ledger.cash().v, 10'048.75);
  EXPECT_DOUBLE_EQ(ledger.equity().v, ledger.cash().v);
  EXPECT_DOUBLE_EQ(ledger.realized().v, 49);
  EXPECT_DOUBLE_EQ(ledger.fees_paid().v, 1.25);
  EXPECT_EQ(ledger.open_positions(), 0U);
  ledger.check();
}

TEST(Ledger, AveragesTheEntryOverPartialFills) {
  Ledger ledger(Usd{10'000}, kSymbols);
  EXPECT_TRUE(ledger.apply(fill(10, 50), Side::buy, 0, {}).opened);
  EXPECT_FALSE(ledger.apply(fill(30, 54), Side::buy, 0, {}).opened);
  EXPECT_DOUBLE_EQ(ledger.position(0).avg_entry.v, 53);
  EXPECT_DOUBLE_EQ(ledger.position(0).qty.v, 40);
}

TEST(Ledger, OpensAfreshAfterBeingFlat) {
  Ledger ledger(Usd{10'000}, kSymbols);
  (void)ledger.apply(fill(10, 50), Side::buy, 0, {});
  (void)ledger.apply(fill(10, 60), Side::sell, 0, {});
  EXPECT_DOUBLE_EQ(ledger.position(0).avg_entry.v, 0);
  EXPECT_TRUE(ledger.apply(fill(5, 70), Side::buy, 0, {}).opened);
  EXPECT_DOUBLE_EQ(ledger.position(0).avg_entry.v, 70);
  EXPECT_DOUBLE_EQ(ledger.position(0).mark.v, 70);
}

TEST(Ledger, ImpossibleExecutionsAreBrokenInvariants) {
  Ledger ledger(Usd{10'000}, kSymbols);
  (void)ledger.apply(fill(10, 50), Side::buy, 0, {});
  EXPECT_DEATH((void)ledger.apply(fill(11, 50), Side::sell, 0, {}), "qty");
  EXPECT_DEATH((void)ledger.apply(fill(1, 50), Side::sell, 1, {}), "qty");
  EXPECT_DEATH((void)ledger.apply(fill(0, 50), Side::buy, 0, {}), "qty");
  EXPECT_DEATH((void)ledger.apply(fill(1, 0), Side::buy, 0, {}), "price");
  EXPECT_DEATH((void)ledger.apply(fill(1, 50), Side::buy, kSymbols, {}), "symbol");
  EXPECT_DEATH(ledger.mark(0, Price{0}), "last_close");
}

TEST(Ledger, ACentThatAppearedStopsTheProgram) {
  Ledger ledger(Usd{10'000}, kSymbols);
  (void)ledger.apply(fill(10, 50), Side::buy, 0, {.cat = Usd{0.1}});
  ledger.check();
  for (std::size_t amount = 0; amount < LedgerTampering::kAmounts.size(); ++amount) {
    EXPECT_DEATH(LedgerTampering::changed(ledger, amount, 0.01).check(), "kCentTolerance") << "amount " << amount;
    LedgerTampering::changed(ledger, amount, 0.001).check();
  }
}

/// Random executions of whole shares at plausible prices, on both books.
struct TwoBooks {
  Ledger ledger{Usd{100'000}, kSymbols};
  SlowBook slow{100'000, kSymbols};

  void random_step() {
    const auto symbol = static_cast<SymbolId>(*rc::gen::inRange(0, static_cast<int>(kSymbols)));
    const double price = *rc::gen::inRange(10'000, 5'000'000) / 1e4;
    const double held = ledger.position(symbol).qty.v;
    const int what = *rc::gen::inRange(0, 4);
    if (what == 0) {
      ledger.mark(symbol, Price{price});
      slow.mark(symbol, price);
    } else if (what == 1 || held == 0) {
      const double qty = *rc::gen::inRange(1, 2'000);
      const Fees fees = fees_of(kRates, Side::buy, Qty{qty}, Price{price});
      const Booked booked = ledger.apply(fill(qty, price), Side::buy, symbol, fees);
      RC_ASSERT(booked.opened == (held == 0));
      slow.buy(symbol, qty, price, fees.total().v);
    } else {
      const double qty = what == 2 ? held : *rc::gen::inRange(1, static_cast<int>(held) + 1);
      const Fees fees = fees_of(kRates, Side::sell, Qty{qty}, Price{price});
      const Booked booked = ledger.apply(fill(qty, price), Side::sell, symbol, fees);
      RC_ASSERT(booked.closed == (qty == held));
      RC_ASSERT(std::abs(booked.pnl.v - slow.sell(symbol, qty, price, fees.total().v)) < 1e-4);
    }
  }
};

RC_GTEST_PROP(LedgerProperty, AgreesWithTheListOfLots, ()) {
  TwoBooks books;
  const int steps = *rc::gen::inRange(1, 120);
  for (int i = 0; i < steps; ++i) {
    books.random_step();
    books.ledger.check();
  }
  std::size_t open = 0;
  for (SymbolId id = 0; id < kSymbols; ++id) {
    const Position& position = books.ledger.position(id);
    RC_ASSERT(position.qty.v == books.slow.held(id));
    RC_ASSERT(std::abs(position.avg_entry.v - books.slow.average(id)) < 1e-6);
    open += position.qty.v > 0;
  }
  RC_ASSERT(books.ledger.open_positions() == open);
  RC_ASSERT(std::abs(books.ledger.cash().v - books.slow.cash()) < 1e-4);
  RC_ASSERT(std::abs(books.ledger.equity().v - books.slow.equity()) < 1e-4);
  RC_ASSERT(std::abs(books.ledger.realized().v - books.slow.realized()) < 1e-4);
  RC_ASSERT(std::abs(books.ledger.fees_paid().v - books.slow.fees()) < 1e-6);
}

RC_GTEST_PROP(LedgerProperty, FlatMeansCashMovedByRealisedLessBuyFees, ()) {
  TwoBooks books;
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) books.random_step();
  for (SymbolId id = 0; id < kSymbols; ++id) {
    const Qty held = books.ledger.position(id).qty;
    if (held.v > 0) (void)books.ledger.apply(fill(held.v, 77), Side::sell, id, {.taf = Usd{0.01}});
  }
  const double moved = books.ledger.cash().v - 100'000;
  RC_ASSERT(books.ledger.equity() == books.ledger.cash());
  RC_ASSERT(std::abs(moved - (books.ledger.realized().v - books.slow.buy_fees())) < 1e-4);
}

}  // namespace
}  // namespace testing
}  // namespace sentio
