#include "sentio/mock/warm_up.h"

#include "learn_session.h"
#include "sentio/core/bytes.h"
#include "sentio/features/unified_feature_engine.h"
#include "sentio/mock/day_tape.h"

namespace sentio {

Result<StateFile> learn_warm_up(const WarmUpOptions& options, const std::vector<SymbolBars>& bars,
                                const std::function<void(int done, int total)>& progress) {
  TradingSession session({options.config, options.universe, options.fees, Usd{100'000}});
  StateFile state;
  state.header.learning_hash = learning_hash(options.config, options.universe);
  state.header.feature_schema = feature_schema_hash();
  const int total = static_cast<int>(options.sessions.size());
  for (const SessionHours& hours : options.sessions) {
    const DayTape tape(hours, bars);
    if (tape.real_bars() == 0) return fail(Errc::not_found, format_date(hours.date), "no instrument has a bar on this trading day");
    learn_session(session, tape, options.jobs);
    state.header.last_session = hours.date;
    ++state.header.sessions;
    if (progress) progress(state.header.sessions, total);
  }
  state.header.sessions_wanted = state.header.sessions;
  for (const SymbolBars& s : bars) state.header.synthetic = state.header.synthetic || s.synthetic;
  ByteWriter out;
  session.save_learning(out);
  state.payload = out.take();
  return state;
}

Result<> check_warm_up_state(const StateFile& state, const StrategyConfig& config, const Universe& universe, Date first,
                             std::string_view name) {
  const std::string where(name);
  if (state.header.feature_schema != feature_schema_hash()) {
    return fail(Errc::mismatch, where, "was made with other features than this program's; make it again with warmup-multi");
  }
  if (state.header.learning_hash != learning_hash(config, universe)) {
    return fail(Errc::mismatch, where,
                "belongs to another configuration or other instruments; make one for these with warmup-multi");
  }
  const auto before = NyseCalendar::sessions_before(first, 1);
  if (before.empty() || before.front().date != state.header.last_session) {
    return fail(Errc::mismatch, where,
                "ends with " + format_date(state.header.last_session) + ", but the session before " + format_date(first) +
                    " is " + (before.empty() ? std::string("unknown") : format_date(before.front().date)) +
                    "; make one that ends there with warmup-multi --end-date");
  }
  return {};
}

Result<StateFile> load_warm_up_state(const std::filesystem::path& file, const StrategyConfig& config,
                                     const Universe& universe, Date first) {
  auto state = read_state(file);
  if (!state) return state;
  if (auto fits = check_warm_up_state(*state, config, universe, first, file.string()); !fits) {
    return tl::unexpected(fits.error());
  }
  return state;
}

}  // namespace sentio
