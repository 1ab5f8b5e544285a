// Switching faults on.
#include "book/exchange.h"
#include "sentio/log/log.h"
#include "wire/http_types.h"

namespace sentio::exchange {

void Exchange::schedule_faults() {
  for (const Fault& fault : options_.faults) (void)inject(fault);  // the server has checked them
}

Result<> check_fault(const Fault& fault, const Universe& universe) {
  if (!fault.symbol.empty() && !universe.find(fault.symbol)) {
    return fail(Errc::not_found, "fault", "symbol " + fault.symbol + " is not on this exchange");
  }
  if (fault.kind == FaultKind::foreign_trade && universe.find(fault.other_symbol)) {
    return fail(Errc::usage, "fault", fault.other_symbol + " is on this exchange: use \"foreign order\"");
  }
  return {};
}

Result<> Exchange::inject(const Fault& fault) {
  if (auto possible = check_fault(fault, universe()); !possible) return possible;
  const TimePoint when = fault.at ? from_new_york(hours_.date, *fault.at) : now();
  if (when <= now()) {
    auto applied = apply(fault);
    flush_updates();
    return applied;
  }
  clock_.at(when, Turn::fault, [this, fault] {
    (void)apply(fault);  // a foreign order that was refused: as if nobody had sent it
    flush_updates();
  });
  return {};
}

Result<> Exchange::apply(const Fault& fault) {
  log_line(LogLevel::info, "fault", {{"kind", fault_words(fault.kind)}, {"symbol", fault.symbol}, {"market_time", format_utc(now())}});
  switch (fault.kind) {
    case FaultKind::drop_data:
      for (DataListener* listener : std::vector<DataListener*>(data_listeners_)) listener->drop();
      return {};
    case FaultKind::drop_stream:
      for (UpdateListener* listener : std::vector<UpdateListener*>(update_listeners_)) listener->drop();
      return {};
    case FaultKind::revise_bar:
      revise_later(*universe().find(fault.symbol));
      return {};
    case FaultKind::halt:
      halt(*universe().find(fault.symbol), fault.lasts);
      return {};
    case FaultKind::reject:
      matching_.reject_next(fault.count);
      return {};
    case FaultKind::partial:
      matching_.split_next(fault.count);
      return {};
    case FaultKind::cancel_race:
      matching_.race_next_cancels(fault.count);
      return {};
    case FaultKind::clock_skew:
      clock_skew_ = fault.amount;
      return {};
    case FaultKind::calendar_disagree:
      calendar_disagrees_ = true;
      return {};
    case FaultKind::account_blocked:
      matching_.block_account();
      return {};
    case FaultKind::foreign_position:
      matching_.add_foreign_position(*universe().find(fault.symbol), fault.qty);
      return {};
    case FaultKind::replace_order:
      replace_orders(fault);
      return {};
    case FaultKind::foreign_order:
      return place_foreign_order(fault);
    case FaultKind::wrong_keys_forbidden:
      wrong_keys_forbidden_ = true;
      return {};
    case FaultKind::linger:
      (fault.text == "data" ? data_lingers_ : stream_lingers_) = fault.amount;
      return {};
    case FaultKind::thin:
      thin_out(fault);
      return {};
    case FaultKind::asset_state:
    case FaultKind::asset_attributes:
      set_asset(fault);
      return {};
    case FaultKind::account_multiplier:
      matching_.set_multiplier(fault.qty);
      return {};
    case FaultKind::account_buying_power:
      matching_.set_buying_power(fault.usd);
      return {};
    case FaultKind::fees:
      matching_.set_charges(fault.rates, fault.text == "apart"    ? ChargesShown::apart
                                         : fault.text == "hidden" ? ChargesShown::hidden
                                                                  : ChargesShown::deducted);
      return {};
    case FaultKind::cent_booking:
      matching_.book_whole_cents();
      return {};
    case FaultKind::cash_move:
      move_cash(fault);
      return {};
    case FaultKind::foreign_trade:
      trade_elsewhere(fault);
      return {};
    default:
      faults_.add(fault, now());
      return {};
  }
}

void Exchange::set_asset(const Fault& fault) {
  AssetTerms& terms = matching_.asset(*universe().find(fault.symbol));
  if (fault.kind == FaultKind::asset_attributes) {
    terms.attributes = split(fault.text, ',');
  } else {
    (fault.text == "unknown"    ? terms.known
     : fault.text == "inactive" ? terms.active
                                : terms.tradable) = false;
  }
}

void Exchange::halt(SymbolId symbol, std::chrono::seconds lasts) {
  const TimePoint end = now() + lasts;
  tape_.halt(symbol, std::chrono::floor<std::chrono::minutes>(now()), end);
  DataItem item;
  item.kind = DataKind::status;
  item.symbol = symbol;
  item.halted = true;
  item.at = now();
  deliver({item}, false);
  item.halted = false;
  item.at = end;
  clock_.at(end, Turn::fault, [this, item] { deliver({item}, false); });
}

/// The correction of the minute that has just ended comes at the half minute.
void Exchange::revise_later(SymbolId symbol) {
  const TimePoint minute = std::chrono::floor<std::chrono::minutes>(now());
  const TimePoint start = minute - kBarLength;
  const TimePoint when = std::max(now(), minute + std::chrono::seconds{30});
  clock_.at(when, Turn::rest, [this, symbol, start] {
    const auto bar = tape_.revise(symbol, start);
    if (!bar) return;
    DataItem item;
    item.kind = DataKind::updated_bar;
    item.symbol = symbol;
    item.bar = *bar;
    item.at = now();
    publish({item});
  });
}

}  // namespace sentio::exchange
