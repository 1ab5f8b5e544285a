#pragma once
/// One recorded session through the learners, on a few threads, without trading.

#include "sentio/mock/day_tape.h"
#include "sentio/run/parallel_for.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// Runs every symbol's learner ahead over the day; call between SessionOpened and the first set.
inline void run_learners_ahead(TradingSession& session, const DayTape& tape, int jobs) {
  parallel_for(jobs, static_cast<int>(session.universe().size()), [&](int i) {
    session.run_ahead(static_cast<SymbolId>(i), tape.symbol(static_cast<SymbolId>(i)));
  });
}

inline void learn_session(TradingSession& session, const DayTape& tape, int jobs) {
  const SessionHours& hours = tape.hours();
  (void)session.step(hours.open, SessionOpened{.hours = hours, .trading = false});
  run_learners_ahead(session, tape, jobs);
  BarsArrived minute;
  for (int i = 0; i < hours.minutes; ++i) {
    minute.minute = i;
    tape.minute(i, minute.bars);
    (void)session.step(hours.minute_end(i), minute);
  }
  (void)session.step(hours.close, SessionClosed{});
}

}  // namespace sentio
