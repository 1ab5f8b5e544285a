#include "explain/explain_gates.h"

#include <algorithm>

#include "explain/explain_flips.h"

namespace sentio::mock_detail {

namespace {

constexpr std::string_view kMinimumHold = "minimum_hold";

/// Puts a symbol's gates together in the order they are asked.
class GateList {
 public:
  GateList(const TradingSession& session, SymbolId symbol, std::span<const Action> actions, Explanation& out)
      : session_(session), symbol_(symbol), view_(session.views()[symbol]), out_(out) {
    for (const Action& action : actions) {
      const auto* d = std::get_if<DecisionRecord>(&action);
      if (decision_ == nullptr && d != nullptr && !d->for_all && d->symbol == symbol) decision_ = d;
    }
  }

  void fill() {
    out_.exit_gates = view_.qty > 0 || view_.buy_working || view_.sell_working;
    if (out_.exit_gates)
      add_exit();
    else
      add_entry();
    conclude();
  }

 private:
  void add(std::string name, bool strikes, std::optional<double> value = {}, std::optional<double> limit = {},
           bool asked = true) {
    Gate gate{.name = std::move(name), .strikes = strikes, .value = value, .limit = limit, .text = ""};
    if (settled_ || !asked)
      gate.state = Gate::State::not_asked;
    else if (strikes)
      gate.state = Gate::State::decided;
    settled_ = settled_ || (asked && strikes);
    gate.text = gate_text(session_, symbol_, gate);
    out_.gates.push_back(std::move(gate));
  }

  void add(const std::vector<RuleCheck>& checks) {
    for (const RuleCheck& check : checks) {
      const std::string_view name = check.reason == Reason::none ? kMinimumHold : to_string(check.reason);
      add(std::string(name), check.strikes, check.value, check.limit, check.asked);
    }
  }

  void add_exit() {
    if (view_.sell_working) return add("order_at_work", true);
    add(session_.rotation().exit_checks(session_.set_view(), session_.views(), symbol_));
    if (!view_.buy_working) return;
    const WorkingOrder* order = session_.working_orders().find(symbol_);
    if (decided_by(Reason::entry_expired)) pass_what_kept();
    add("entry_expired", decided_by(Reason::entry_expired), order->sets, session_.config().fill.entry_working_sets);
  }

  // Every entry at work is asked how long it has worked, also where a hold keeps what it bought.
  void pass_what_kept() {
    settled_ = false;
    for (Gate& gate : out_.gates) {
      if (gate.state == Gate::State::decided) gate.state = Gate::State::passed;
    }
  }

  void add_entry() {
    const SignalOutput& s = out_.signal;
    const StrategyConfig& config = session_.config();
    const int slowest = static_cast<int>(config.learner.horizons.size()) - 1;
    const auto rows = session_.learners()->ensemble(symbol_).predictor().rows_resolved(slowest);
    add("signal", !s.own.valid, static_cast<double>(rows), config.learner.warmup_samples);
    add("buy_threshold", !s.passes_probability, s.own.probability, config.learner.buy_threshold);
    add("min_confidence", !s.passes_confidence, s.own.confidence, config.aggregator.min_confidence);
    add("min_strength", !s.passes_strength, s.strength, config.aggregator.min_strength);
    add("skipped_set", session_.set_view().skipped);
    const int slots = config.rotation.max_positions;
    const auto rank = s.rank > 0 ? std::optional<double>(s.rank) : std::nullopt;
    add("rank", s.rank == 0 || s.rank > slots, rank, slots);
    add(session_.rotation().entry_checks(session_.set_view(), session_.views(), symbol_));
    const double share = view_.last_close + session_.half_spread(symbol_).v;
    add("insufficient_cash", decided_by(Reason::insufficient_cash), session_.free_cash().v, share);
    add("risk_order_size", decided_by(Reason::risk_order_size), std::nullopt, config.risk.max_order_fraction);
    add("risk_price_band", decided_by(Reason::risk_price_band), std::nullopt, config.risk.max_price_deviation);
    add("risk_order_rate", decided_by(Reason::risk_order_rate), std::nullopt, config.risk.max_orders_per_minute);
  }

  void conclude() {
    const auto decided = std::find_if(out_.gates.begin(), out_.gates.end(),
                                      [](const Gate& g) { return g.state == Gate::State::decided; });
    out_.reason = decided != out_.gates.end() ? decided->name : "none";
    if (decision_ != nullptr) {
      out_.action = to_string(decision_->kind);
      out_.reason = to_string(decision_->reason);
    } else {
      out_.action = view_.qty > 0 ? "hold" : "none";
      if (out_.reason == "none" && view_.buy_working) out_.reason = "order_at_work";
    }
    out_.words = out_.action == "hold" && out_.reason == "none" ? "no rule sells it" : reason_in_words(out_.reason);
    out_.flips = flips_of(session_, symbol_, out_);
  }

  [[nodiscard]] bool decided_by(Reason reason) const { return decision_ != nullptr && decision_->reason == reason; }

  const TradingSession& session_;
  SymbolId symbol_;
  const SymbolView& view_;
  Explanation& out_;
  const DecisionRecord* decision_ = nullptr;
  bool settled_ = false;
};

}  // namespace

void explain_gates(const TradingSession& session, SymbolId symbol, std::span<const Action> actions,
                   Explanation& out) {
  GateList(session, symbol, actions, out).fill();
}

}  // namespace sentio::mock_detail
