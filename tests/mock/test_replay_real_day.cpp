// A whole real day of random orders: the book keeps its invariants and ends flat, to the cent.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "market_data.h"
#include "replay_support.h"
#include "sentio/execution/ledger.h"
#include "sentio/execution/order_generator.h"
#include "sentio/mock/day_tape.h"
#include "sentio/mock/replay_broker.h"

namespace sentio::testing {
namespace {

constexpr FeeRates kRates{std::chrono::year{2025} / 5 / 14, 20.60e-6, 0.000166, 8.30, 0.0000265, 0};
constexpr double kCapital = 100'000;

/// Orders drawn at random, one working per symbol, everything sold from minute 388 on.
class RandomDay {
 public:
  RandomDay(const Universe& universe, const std::vector<SymbolBars>& recordings, const SessionHours& hours,
            FillConfig fill, unsigned seed)
      : hours_(hours),
        tape_(hours, recordings),
        broker_(fill, universe),
        ledger_(Usd{kCapital}, universe.size()),
        random_(seed) {}

  void run() {
    broker_.begin_session();
    orders_.on_session_open(hours_.date);
    std::vector<std::optional<Bar>> bars;
    for (int minute = 0; minute < hours_.minutes; ++minute) {
      tape_.minute(minute, bars);
      broker_.on_minute(hours_.minute_start(minute), bars);
      apply(broker_.poll());
      for (std::size_t id = 0; id < bars.size(); ++id) {
        if (bars[id]) ledger_.mark(static_cast<SymbolId>(id), Price{bars[id]->close});
      }
      decide(minute);
      apply(broker_.poll());
      check();
    }
    broker_.end_session(hours_.close);
    apply(broker_.poll());
    check();
  }

  void expect_flat_and_settled() const {
    EXPECT_TRUE(working_.empty());
    EXPECT_EQ(ledger_.open_positions(), 0U);
    EXPECT_EQ(ledger_.equity(), ledger_.cash());
    EXPECT_NEAR(ledger_.cash().v - kCapital, ledger_.realized().v - buy_fees_, 0.005);
  }
  [[nodiscard]] int executions() const { return executions_; }
  [[nodiscard]] int cancels() const { return cancels_; }

 private:
  bool chance(double p) { return std::uniform_real_distribution<double>(0, 1)(random_) < p; }

  void decide(int minute) {
    for (SymbolId id = 0; id < 6; ++id) {
      const Position& held = ledger_.position(id);
      const auto mine = std::find_if(working_.begin(), working_.end(),
                                     [id](const auto& entry) { return entry.first.symbol == id; });
      const bool eod = minute >= 387;
      if (mine != working_.end()) {
        if (mine->first.key.side == Side::buy && (eod || chance(.1))) broker_.cancel(mine->first.key);
        if (!eod) continue;
        apply(broker_.poll());
        if (is_working(id)) continue;
      }
      if (held.qty.v > 0 && (eod || chance(.1))) {
        const double part = eod || chance(.7) ? held.qty.v : std::ceil(held.qty.v / 2);
        submit(minute, id, Side::sell, Qty{part}, held.mark);
      } else if (!eod && held.mark.v > 0 && chance(.05)) {
        const Qty size = orders_.entry_size(ledger_.equity(), free_cash(), held.mark, Price{0.05});
        if (size.v > 0) submit(minute, id, Side::buy, size, held.mark);
      }
    }
  }

  [[nodiscard]] bool is_working(SymbolId id) const {
    return std::any_of(working_.begin(), working_.end(),
                       [id](const auto& entry) { return entry.first.symbol == id; });
  }
  [[nodiscard]] Usd free_cash() const {
    Usd free{ledger_.cash().v * .9};
    for (const auto& [order, left] : working_) {
      if (order.key.side == Side::buy) free -= Usd{left * order.reference.v * 1.1};
    }
    return free;
  }

  void submit(int minute, SymbolId id, Side side, Qty qty, Price close) {
    const TimePoint decided = hours_.minute_end(minute);
    const Order order = orders_.make(minute, decided, id, side, qty, close, Reason::none);
    working_.push_back({{order.key, id, close}, qty.v});
    broker_.submit(approved(order), decided + std::chrono::seconds{2});
  }

  void apply(const std::vector<Event>& events) {
    for (const Event& event : events) {
      if (const auto* filled = std::get_if<OrderFilled>(&event)) {
        apply(filled->fill);
      } else {
        const OrderKey key = std::get<OrderCanceled>(event).order;
        EXPECT_EQ(std::erase_if(working_, [&key](const auto& e) { return e.first.key == key; }), 1U);
        ++cancels_;
      }
    }
  }

  void apply(const Fill& fill) {
    const auto mine = std::find_if(working_.begin(), working_.end(),
                                   [&fill](const auto& entry) { return entry.first.key == fill.order; });
    ASSERT_NE(mine, working_.end()) << "a fill of an order that is not working";
    const Fees fees = fees_of(kRates, fill.order.side, fill.qty, fill.price);
    const double sign = fill.order.side == Side::buy ? -1 : 1;
    cash_ += sign * fill.qty.v * fill.price.v - fees.total().v;
    shares_[fill.order.symbol] -= sign * fill.qty.v;
    if (fill.order.side == Side::buy) buy_fees_ += fees.total().v;
    (void)ledger_.apply(fill, fill.order.side, fill.order.symbol, fees);
    mine->second -= fill.qty.v;
    EXPECT_GE(mine->second, 0);
    if (mine->second <= 0) working_.erase(mine);
    ++executions_;
  }

  /// The ledger's own check, and the same sums kept by hand.
  void check() {
    ledger_.check();
    double equity = cash_;
    for (SymbolId id = 0; id < 6; ++id) {
      ASSERT_EQ(ledger_.position(id).qty.v, shares_[id]);
      equity += shares_[id] * ledger_.position(id).mark.v;
    }
    ASSERT_NEAR(ledger_.cash().v, cash_, 0.005);
    ASSERT_NEAR(ledger_.equity().v, equity, 0.005);
    ASSERT_GE(cash_, 0);
  }

  struct Sent {
    OrderKey key;
    SymbolId symbol;
    Price reference;
  };
  SessionHours hours_;
  DayTape tape_;
  ReplayBroker broker_;
  Ledger ledger_;
  OrderGenerator orders_{RotationConfig{}};
  std::mt19937 random_;
  std::vector<std::pair<Sent, double>> working_;
  std::map<SymbolId, double> shares_;
  double cash_ = kCapital, buy_fees_ = 0;
  int executions_ = 0, cancels_ = 0;
};

TEST(ReplayOnRealBars, AWholeDayOfRandomOrdersKeepsTheBook) {
  SENTIO_NEEDS_MARKET_DATA();
  const Universe universe = universe_of({"TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY"});
  const Date day = full_day().date;
  std::vector<SymbolBars> recordings;
  for (const SymbolInfo& symbol : universe) {
    const auto file = find_bar_file(market_data() / "six", symbol.name);
    ASSERT_TRUE(file) << file.error().message();
    auto bars = read_bars(*file, {.first = day, .last = day});
    ASSERT_TRUE(bars) << bars.error().message();
    ASSERT_GT(bars->bars.size(), 300U) << symbol.name;
    recordings.push_back(std::move(*bars));
  }
  int cancels = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    // Small shares make entries work over several bars and split the exits' prices.
    const FillConfig fill{.participation = seed % 2 == 0 ? 0.10 : 0.002,
                          .timing = seed % 5 == 0 ? FillTiming::same_close : FillTiming::next_open};
    RandomDay random_day(universe, recordings, full_day(), fill, seed);
    random_day.run();
    random_day.expect_flat_and_settled();
    EXPECT_GT(random_day.executions(), 50);
    cancels += random_day.cancels();
  }
  EXPECT_GT(cancels, 50);
}

}  // namespace
}  // namespace sentio::testing
