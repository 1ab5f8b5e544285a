#include "strategy_keys.h"

namespace sentio::config_detail {
namespace {

using nlohmann::json;

constexpr const char* kLearner = "oes_config";
constexpr const char* kAggregator = "signal_aggregator_config";
constexpr const char* kRotation = "rotation_manager_config";
constexpr const char* kRisk = "risk_config";
constexpr const char* kFill = "fill_config";
constexpr const char* kData = "data_config";
constexpr const char* kHealth = "health_config";
constexpr const char* kRotationSynonym = "parameters";

using Keys = std::vector<Key<StrategyConfig>>;
using C = StrategyConfig;

template <auto... Path>
using At = Member<Path...>;

/// Reads only the value `only`.
std::function<std::string(const json&, C&)> exactly(const json& only) {
  return
      [only](const json& found, C&) { return found == only ? std::string() : expected(shown(only), found); };
}

Key<C> initial_variance_key() {
  // The ridge is 1/initial_variance; bounded so that the ridge stays in its own range.
  const Codec<double> codec = number(1e-9, 1e9);
  const auto read = [codec](const json& found, C& config) {
    double variance = 0;
    std::string complaint = codec.read(found, variance);
    if (complaint.empty()) config.learner.ridge = 1.0 / variance;
    return complaint;
  };
  return accept<C>({kLearner, "initial_variance"}, codec.range,
                   "Another way to say `regularization`: its reciprocal. Given both, they must agree.", read,
                   not_written());
}

void add_top(Keys& keys) {
  const auto version = [](const json& found, C&) {
    return found.is_string() || found.is_number() ? std::string() : expected("a text or a number", found);
  };
  keys.push_back(accept<C>({"", "version"}, "any", "A note of the file's author; nothing depends on it.",
                           version, not_written()));
  keys.push_back(bind<C, At<&C::name>>({"", "name"}, text(100), "Heading of reports."));
  Key<C> symbols = bind<C, At<&C::active_symbols>>({"", "active_symbols"}, symbol_list(),
                                                   "Instruments of the run; absent: those of `symbols.json`. "
                                                   "`--symbols` wins over both.");
  symbols.write = [write = symbols.write](const C& config) {
    return config.active_symbols.empty() ? not_written() : write(config);
  };
  keys.push_back(std::move(symbols));
}

void add_learner(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning,
                               std::vector<Place> also = {}) {
    keys.push_back(bind<C, At<&C::learner, M>>({kLearner, name}, codec, meaning, std::move(also)));
  };
  using L = LearnerConfig;
  add(At<&L::lambda>{}, "ewrls_lambda", number(0, 1, Below::exclusive),
      "Forgetting factor per learned row; the memory is about 1/(1 − λ) rows.");
  // Before `regularization`, which therefore wins where a file gives both.
  keys.push_back(initial_variance_key());
  add(At<&L::ridge>{}, "regularization", number(0, 1e9, Below::exclusive), "Ridge ρ of the least squares.");
  add(At<&L::rederive_interval>{}, "rederive_interval", integer(1, 100000),
      "Learned rows between two exact re-derivations of the inverse covariance.");
  add(At<&L::warmup_samples>{}, "warmup_samples", integer(0, 1000000),
      "No signal before that many learned rows.");
  add(At<&L::horizons>{}, "horizons", horizon_list(), "Minutes ahead that are predicted.");
  add(At<&L::horizon_weights>{}, "horizon_weights", weight_list(),
      "Weights of the horizons in probability and confidence; scaled to a sum of 1 on loading.");
  add(At<&L::buy_threshold>{}, "buy_threshold", number(0, 1), "Smallest probability of an entry.",
      {{kRotation, "buy_threshold"}});
  add(At<&L::bb_amplification>{}, "bb_amplification", flag(),
      "Moves the probability up near the lower Bollinger band and down near the upper one.");
  add(At<&L::bb_amplification_factor>{}, "bb_amplification_factor", number(0, 1),
      "How far the amplification moves the probability.");
  add(At<&L::bb_proximity_threshold>{}, "bb_proximity_threshold", number(0, 0.5),
      "How near to a band, as a share of the band's width.");
}

void add_aggregator(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning) {
    keys.push_back(bind<C, At<&C::aggregator, M>>({kAggregator, name}, codec, meaning));
  };
  using A = AggregatorConfig;
  add(At<&A::min_confidence>{}, "min_confidence", number(0, 1),
      "Smallest confidence of an entry or a candidate.");
  add(At<&A::min_strength>{}, "min_strength", number(0, 10), "Smallest strength of an entry or a candidate.");
}

void add_rotation_limits(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning,
                               std::vector<Place> also = {}) {
    keys.push_back(bind<C, At<&C::rotation, M>>({kRotation, name}, codec, meaning, std::move(also)));
  };
  using R = RotationConfig;
  add(At<&R::max_positions>{}, "max_positions", integer(1, 12),
      "Positions held at once; also the worst rank of an entry.");
  add(At<&R::capital_per_position>{}, "capital_per_position", number(0, 1, Below::exclusive),
      "Share of current equity put into an entry.");
  add(At<&R::min_strength_to_enter>{}, "min_strength_to_enter", number(0, 10),
      "Smallest strength of an entry.");
  add(At<&R::min_strength_to_exit>{}, "min_strength_to_exit", number(0, 10),
      "A held position whose strength falls below it is sold.");
  add(At<&R::minimum_hold_bars>{}, "minimum_hold_bars", integer(0, 390),
      "Minutes during which only stop, target, circuit breaker and EOD may sell.",
      {{kRotation, "min_hold_bars"}});
  add(At<&R::rotation_cooldown_bars>{}, "rotation_cooldown_bars", integer(0, 390),
      "Minutes before a symbol that was sold may be bought again.");
  add(At<&R::rotation_threshold>{}, "rotation_threshold", number(1, 100),
      "How many times stronger than the held one a replacement must be.");
  add(At<&R::profit_target_pct>{}, "profit_target_pct", number(0, 1, Below::exclusive),
      "Gain on the average entry price that is taken, as a fraction.");
  add(At<&R::stop_loss_pct>{}, "stop_loss_pct", number(0, 1, Below::exclusive),
      "Loss on the average entry price that ends a position, as a fraction.");
}

void add_rotation_rules(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning) {
    keys.push_back(bind<C, At<&C::rotation, M>>({kRotation, name}, codec, meaning));
  };
  using R = RotationConfig;
  keys.push_back(accept<C>({kRotation, "eod_liquidation"}, "true",
                           "Everything is sold before the close; there is no other way.", exactly(true),
                           true));
  add(At<&R::eod_exit_time_minutes>{}, "eod_exit_time_minutes", integer(1, 389),
      "Minutes after 09:30 at which everything is sold: 388 is 15:58. Half days keep the distance to the "
      "close.");
  add(At<&R::entry_cutoff_minutes>{}, "entry_cutoff_minutes", integer(0, 388),
      "No entries from then on; same reckoning, before the EOD exit.");
  add(At<&R::rank_by>{}, "rank_by", choice<RankBy>({"strength", "net_edge"}),
      "Order of the candidates: by strength, or by expected move less `cost_gate` times the costs.");
  add(At<&R::cost_gate>{}, "cost_gate", number(0, 100),
      "An entry needs an expected move of that many times its round-trip costs; 0 is off.");
  add(At<&R::forbid_opposites>{}, "forbid_opposites", flag(),
      "Never hold both sides of the equity market (`equity_side` in `symbols.json`).");
  keys.push_back(accept<C>({kRotation, "sizing_method"}, "\"EQUAL_WEIGHT\"",
                           "Every entry has the same size; there is no other way.", exactly("EQUAL_WEIGHT"),
                           "EQUAL_WEIGHT"));
}

void add_risk(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning) {
    keys.push_back(bind<C, At<&C::risk, M>>({kRisk, name}, codec, meaning));
  };
  using R = RiskConfig;
  add(At<&R::max_session_drawdown>{}, "max_session_drawdown", number(0, 1, Below::exclusive),
      "Circuit breaker: a fall from the session's equity peak, as a fraction, that sells everything and ends "
      "the day.");
  add(At<&R::max_order_fraction>{}, "max_order_fraction", number(0, 1, Below::exclusive),
      "Largest entry as a share of equity, at its limit where it has one.");
  add(At<&R::max_price_deviation>{}, "max_price_deviation", number(0, 1, Below::exclusive),
      "Farthest a limit may be from the last close, as a fraction (`live --entries marketable-limit`; market orders "
      "have no price of their own).");
  add(At<&R::max_orders_per_minute>{}, "max_orders_per_minute", integer(1, 1000),
      "Orders accepted in one minute.");
}

void add_fill(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning) {
    keys.push_back(bind<C, At<&C::fill, M>>({kFill, name}, codec, meaning));
  };
  using F = FillConfig;
  add(At<&F::participation>{}, "participation", number(0, 1),
      "Largest share of a bar's volume that an entry takes in mock; 0 is no limit.");
  add(At<&F::entry_working_sets>{}, "entry_working_sets", integer(1, 390),
      "Minutes an entry may work before its rest is cancelled.");
  add(At<&F::timing>{}, "timing", choice<FillTiming>({"next_open", "same_close"}),
      "When mock orders fill. `same_close` only shows the bias: its reports say NOT ACHIEVABLE.");
}

void add_data(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning) {
    keys.push_back(bind<C, At<&C::data, M>>({kData, name}, codec, meaning));
  };
  using D = DataConfig;
  add(At<&D::max_forward_fills>{}, "max_forward_fills", integer(0, 390),
      "Minutes in a row without a bar that are bridged; after more the symbol is stale.");
  add(At<&D::max_missing_symbols>{}, "max_missing_symbols", integer(0, 1000),
      "With more symbols missing in a minute, that minute is skipped: no ranking and no entries.");
}

void add_health(Keys& keys) {
  const auto add = [&]<auto M>(At<M>, const char* name, const auto& codec, const char* meaning) {
    keys.push_back(bind<C, At<&C::health, M>>({kHealth, name}, codec, meaning));
  };
  using H = HealthConfig;
  add(At<&H::max_factorization_failures>{}, "max_factorization_failures", integer(0, 1000000),
      "Most failed factorisations in one session. Beyond this limit or one of those below at a session's end, "
      "a symbol gets no entries in the next session.");
  add(At<&H::max_condition>{}, "max_condition", number(0, 1e18),
      "Largest condition number of the learner's matrix; 0 is no limit.");
  add(At<&H::min_effective_window>{}, "min_effective_window", number(0, 1e9),
      "Least effective number of rows the learner remembers (it has 126 features); 0 is no limit.");
  add(At<&H::max_weight_drift>{}, "max_weight_drift", number(0, 1e9),
      "Largest change of a horizon's weights in one session, as a share of their norm; 0 is no limit.");
  add(At<&H::max_rmse_ratio>{}, "max_rmse_ratio", number(0, 1e9),
      "Largest error of a session's predictions over that of predicting zero, which is 1; 0 is no limit.");
  add(At<&H::max_prediction_variance_ratio>{}, "max_prediction_variance_ratio", number(0, 1e9),
      "Largest variance of a session's predictions over that of their labels; 0 is no limit.");
}

}  // namespace

const Keys& strategy_keys() {
  static const Keys keys = [] {
    Keys all;
    add_top(all);
    add_learner(all);
    add_aggregator(all);
    add_rotation_limits(all);
    add_rotation_rules(all);
    add_risk(all);
    add_fill(all);
    add_data(all);
    add_health(all);
    return all;
  }();
  return keys;
}

const KeyIndex& strategy_index() {
  static const KeyIndex index = [] {
    KeyIndex made = index_of(strategy_keys());
    made.add_synonym(kRotationSynonym, kRotation);
    return made;
  }();
  return index;
}

}  // namespace sentio::config_detail
