/// What a TradingSession keeps from one session to the next, and what it says of its learners.

#include <algorithm>

#include "sentio/core/check.h"
#include "sentio/core/state_limits.h"
#include "sentio/session/trading_session.h"

namespace sentio {

void TradingSession::on(const SessionClosed&) {
  const CalibrationSums sums = signals_->end_session();
  calibration_.end_session(sums);
  data_.end_session();
  ledger_.check();
  in_session_ = false;
  if (!trading_) return;
  report_prints(hours_.close);
  report_learners();
}

void TradingSession::save_learning(ByteWriter& out) const {
  SENTIO_CHECK(!in_session_);
  data_.save(out);
  signals_->save(out);
  calibration_.save(out);
  out.put_span<double>(last_close_);
}

Result<> TradingSession::load_learning(ByteReader& in) {
  SENTIO_CHECK(!in_session_ && days_ == 0);
  if (auto r = data_.load(in); !r) return r;
  if (auto r = signals_->load(in); !r) return r;
  if (auto r = calibration_.load(in); !r) return r;
  in.get_span<double>(last_close_);
  if (!std::all_of(last_close_.begin(), last_close_.end(), is_state_price)) in.fail();
  // A state is saved between two sessions.
  for (std::size_t i = 0; learners_ != nullptr && i < last_close_.size(); ++i) {
    if (learners_->ensemble(static_cast<SymbolId>(i)).labels().pending()) in.fail();
  }
  if (!in.at_end()) in.fail();
  return in.result("learned state");
}

void TradingSession::judge_learners() {
  if (learners_ == nullptr) return;
  for (std::size_t i = 0; i < broken_.size(); ++i) {
    health_[i] = learners_->ensemble(static_cast<SymbolId>(i)).health();
    broken_[i] = broken_limit(health_[i], options_.config.health);
  }
  judged_ = true;
}

void TradingSession::report_learners() {
  judge_learners();
  for (std::size_t i = 0; judged_ && i < broken_.size(); ++i) {
    const auto id = static_cast<SymbolId>(i);
    actions_.emplace_back(HealthRecord{hours_.close, hours_.close - kBarLength, id, &health_[i], broken_[i]});
  }
}

}  // namespace sentio
