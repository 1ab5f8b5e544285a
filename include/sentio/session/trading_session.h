#pragma once
/// The whole strategy as one pure state machine: events in, actions out.

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sentio/config/strategy_config.h"
#include "sentio/core/event.h"
#include "sentio/execution/ledger.h"
#include "sentio/execution/order_generator.h"
#include "sentio/execution/order_style.h"
#include "sentio/execution/rotation_position_manager.h"
#include "sentio/execution/simple_risk_manager.h"
#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/session/entry_pauses.h"
#include "sentio/session/working_orders.h"
#include "sentio/strategy/multi_symbol_oes_manager.h"
#include "sentio/strategy/signal_aggregator.h"

namespace sentio {

/// No I/O, no clock, no threads, no randomness: time arrives with events, and the same events give the same
/// actions byte for byte. Mock and live are two drivers of this class.
///
/// At equal times the driver steps broker events first, then the bar set, then timers. A day is
/// SessionOpened, one BarsArrived per minute (0 … minutes−1), SessionClosed. Warm-up days
/// (SessionOpened::trading false) feed data and learning only.
/// The door  what an operator, a file or a broker says is shown to fits() before it is stepped (and, live, before
///           it is journalled); what fits can be stepped. Refused: anything out of the day's order or of another
///           day, bars that are no market's, executions of an order that is not at work, of more shares than it
///           has left or under a number that is booked already.
/// Errors   a broken invariant stops the program (SENTIO_CHECK); the world's refusals are events.
/// Members  some forty: the engines of the strategy, one each; the day's state, which only their common step may change;
///          and buffers by symbol that are kept so that a step allocates nothing.
/// Threads  one at a time; run_ahead() of different symbols may run concurrently.
class TradingSession {
 public:
  struct Options {
    StrategyConfig config;
    Universe universe;
    FeeTable fees;
    Usd capital{100'000};
    OrderStyle order_style{};  ///< of entries; exits are market orders
    std::optional<std::uint64_t> placebo{};  ///< see OnlineEnsemble; then nothing is saved or loaded
  };
  /// `signals` replaces the learners (studies, tests); null = MultiSymbolOesManager.
  explicit TradingSession(Options options, std::unique_ptr<SignalSource> signals = nullptr);

  /// Whether `event` may be stepped at `now`; if not, why, in one sentence.
  [[nodiscard]] Result<> fits(TimePoint now, const Event& event) const;
  /// Applies one event at `now`, which fits. Returns what the outside must do, in order; valid until the next call.
  [[nodiscard]] std::span<const Action> step(TimePoint now, const Event& event);

  /// Works off one symbol's whole day early (between SessionOpened and the first BarsArrived); see
  /// MultiSymbolOesManager::run_ahead. `minutes[i]` = the raw bar of minute i. No effect with another source.
  void run_ahead(SymbolId symbol, std::span<const std::optional<Bar>> minutes);

  /// What has been learned, between two sessions: synchroniser, learners, calibration. Loading it into a fresh
  /// session continues bit for bit. Bytes of another shape are refused and must not be traded on: throw the
  /// session away.
  void save_learning(ByteWriter& out) const;
  [[nodiscard]] Result<> load_learning(ByteReader& in);

  [[nodiscard]] const Ledger& ledger() const { return ledger_; }
  [[nodiscard]] const Universe& universe() const { return options_.universe; }
  [[nodiscard]] const StrategyConfig& config() const { return options_.config; }
  [[nodiscard]] const Calibration& calibration() const { return calibration_; }
  [[nodiscard]] const MultiSymbolOesManager* learners() const { return learners_; }
  /// By which limit a symbol gets no entries today, by SymbolId (docs/configuration.md, health_config).
  [[nodiscard]] std::span<const BrokenLimit> broken_limits() const { return broken_; }
  /// What that was judged by, by SymbolId: as the last judged session ended.
  [[nodiscard]] std::span<const LearnerHealth> learner_health() const { return health_; }
  /// What is known of the symbol's typical range.
  [[nodiscard]] const PrintGuard& print_guard(SymbolId symbol) const { return data_.symbol(symbol).guard(); }
  [[nodiscard]] const SimpleRiskManager& risk() const { return risk_; }
  /// The latest traded set as it was decided on, for explanations: between that step and the next event.
  [[nodiscard]] std::span<const SignalOutput> signals() const { return outputs_; }
  [[nodiscard]] std::span<const SymbolView> views() const { return views_; }
  [[nodiscard]] const SetView& set_view() const { return set_view_; }
  [[nodiscard]] const RotationPositionManager& rotation() const { return rotation_; }
  /// What entries may still spend: cash less what buys at work may cost.
  [[nodiscard]] Usd free_cash() const;
  [[nodiscard]] Price half_spread(SymbolId symbol) const;
  [[nodiscard]] const WorkingOrders& working_orders() const { return working_; }
  /// What the book began with, adopted positions at their cost included.
  [[nodiscard]] Usd capital() const { return options_.capital; }
  /// Everything must go, and nothing can be sold before the open.
  [[nodiscard]] bool exit_waits_for_open() const { return exit_held_ != Reason::none; }
  [[nodiscard]] bool flat() const { return ledger_.open_positions() == 0 && working_.empty(); }

 private:
  struct Door;  // session_door.cpp
  void on(const SessionOpened& e);
  void on(const BarsArrived& e);
  void on(const OrderFilled& e);
  void on(const OrderCanceled& e);
  void on(const OrderRejected& e);
  void on(const PositionAdopted& e);
  void on(const PositionClosedByBroker& e);
  void on(const EodTimer& e);
  void on(const SessionClosed& e);
  void on(const EntriesSuspended& e) { entries_suspended_ = e.suspended; }
  void on(const MaintenanceMode& e) { maintenance_ = e.on; }
  void on(const SymbolHalted& e) { halted_[e.symbol] = e.halted; }
  void on(const BreakerLatched&) { risk_.latch_breaker(); }
  void on(const FlattenRequested& e);

  void mark_book(const SynchronizedBarSet& set);
  void compute_costs();
  void report_prints(TimePoint at);
  void report_signals();
  void build_views(const SynchronizedBarSet& set);
  void apply_rules(const SynchronizedBarSet& set, bool observe_only);
  void expire_entries();
  void renew_exits();
  void repeat_cancels();
  void leave(SymbolId symbol, Reason reason, DecisionKind kind = DecisionKind::exit);
  void submit_exit(SymbolId symbol, Reason reason);
  void enter(SymbolId symbol);
  void block(SymbolId symbol, Reason reason);
  void report_positions(bool skipped);
  void judge_learners();
  void report_learners();
  void leave_all(Reason reason);
  void get_out(Reason reason);
  [[nodiscard]] int order_minute() const;
  [[nodiscard]] TimePoint order_time() const;
  [[nodiscard]] DecisionRecord decision(SymbolId symbol, DecisionKind kind, Reason reason) const;
  void finish_order(SymbolId symbol);
  Qty book(Fill fill, Side side, Reason reason, TimePoint decided_at);

  Options options_;
  MultiSymbolDataManager data_;
  MultiSymbolOesManager* learners_ = nullptr;
  std::unique_ptr<SignalSource> signals_;
  Calibration calibration_;
  SignalAggregator aggregator_;
  RotationPositionManager rotation_;
  SimpleRiskManager risk_;
  OrderGenerator orders_;
  Ledger ledger_;
  WorkingOrders working_;
  EntryPauses pauses_;

  // the day
  SessionHours hours_;
  FeeRates rates_;
  bool trading_ = false;
  bool in_session_ = false;
  int days_ = 0;
  int eod_minute_ = 388;
  TimePoint set_end_{};
  TimePoint now_{};  ///< of the latest event
  int minute_ = -1;  ///< of the latest set
  bool entries_suspended_ = false, maintenance_ = false;
  bool flatten_requested_ = false;         ///< no more entries today
  Reason exit_held_ = Reason::none;        ///< of an exit that waits for the open
  std::vector<std::uint64_t> executions_;  ///< booked today
  std::uint8_t broker_sales_ = 0;          ///< booked today; begins again after 255
  std::vector<bool> halted_;
  std::vector<LearnerHealth> health_;   // as the last judged session ended
  std::vector<BrokenLimit> broken_;     // by it; today's entries depend on them
  bool judged_ = false;                 // the session that just ended

  // per set, by SymbolId
  std::vector<double> last_close_, costs_bps_;
  std::span<const SignalOutput> outputs_;
  std::vector<SymbolView> views_;
  SetView set_view_;
  std::vector<PositionLine> position_lines_;
  std::vector<Action> actions_;
};

}  // namespace sentio
