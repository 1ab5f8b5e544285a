#include "sentio/live/journal_replay.h"

#include <algorithm>

#include "sentio/core/bytes.h"
#include "sentio/mock/warm_up.h"

namespace sentio {

namespace {

Result<> load_state(ReplayedDay& day, const std::filesystem::path& folder) {
  if (day.header.state_file.empty()) return {};
  const auto state = load_warm_up_state(folder / day.header.state_file, day.header.options.config,
                                        day.header.options.universe, day.header.date);
  if (!state) return tl::unexpected(state.error());
  day.warmup_sessions = state->header.sessions;
  day.synthetic = state->header.synthetic;
  ByteReader in(state->payload);
  return day.session->load_learning(in);
}

RecordedOrder* recorded(ReplayedDay& day, const OrderKey& key) {
  const auto at = std::find_if(day.orders.rbegin(), day.orders.rend(),
                               [&](const RecordedOrder& o) { return o.order.key == key; });
  return at == day.orders.rend() ? nullptr : &*at;
}

void book(RecordedOrder& order, const Fill& fill) {
  order.booked_shares += fill.qty.v;
  order.booked_usd += fill.qty.v * fill.price.v;
  order.ended = order.ended || order.booked_shares >= order.order.qty.v;
}

void hear_quote(ReplayedDay& day, const std::string& text) {
  const auto quote = parse_quote_note(text);
  if (!quote) return;
  if (const auto symbol = day.header.options.universe.find(quote->first)) day.recorder->on_quote(*symbol, quote->second);
}

void note_state(ReplayedDay& day, TimePoint now, const Event& event) {
  if (const auto* e = std::get_if<SymbolHalted>(&event)) {
    e->halted ? (void)day.halted_since.insert_or_assign(e->symbol, now) : (void)day.halted_since.erase(e->symbol);
  }
  if (const auto* set = std::get_if<BarsArrived>(&event)) day.last_minute = set->minute;
  if (const auto* e = std::get_if<EntriesSuspended>(&event)) day.suspended = e->suspended;
  if (const auto* e = std::get_if<MaintenanceMode>(&event)) day.maintenance = e->on;
  if (std::holds_alternative<FlattenRequested>(event)) day.flatten_requested = true;
  if (const auto* e = std::get_if<OrderFilled>(&event)) {
    if (auto* order = recorded(day, e->fill.order)) book(*order, e->fill);
  }
  if (const auto* e = std::get_if<OrderCanceled>(&event)) {
    if (auto* order = recorded(day, e->order)) order->ended = true;
  }
  if (const auto* e = std::get_if<OrderRejected>(&event)) {
    if (auto* order = recorded(day, e->order)) order->ended = true;
  }
}

Result<> step(ReplayedDay& day, const TimedEvent& timed, const std::string& where) {
  if (auto fits = day.session->fits(timed.now, timed.event); !fits) {
    return fail(fits.error().code, where, "does not fit the lines before it: " + fits.error().detail);
  }
  day.recorder->on_event(timed.event);
  if (const auto* set = std::get_if<BarsArrived>(&timed.event)) day.recorder->on_bars(*set);
  for (const Action& action : day.session->step(timed.now, timed.event)) {
    if (const auto* submit = std::get_if<SubmitOrder>(&action)) {
      day.orders.push_back({.order = submit->order.get(), .submitted_at = timed.now});
    }
    day.recorder->on_action(action);
  }
  note_state(day, timed.now, timed.event);
  day.last_event = timed.now;
  day.closed = std::holds_alternative<SessionClosed>(timed.event);
  day.ended = false;
  return {};
}

}  // namespace

Result<ReplayedDay> replay_journal(const std::filesystem::path& journal) {
  const auto text = read_journal(journal);
  if (!text) return tl::unexpected(text.error());
  auto header = parse_run_header(text->header, journal.string() + ":1");
  if (!header) return tl::unexpected(header.error());
  ReplayedDay day{.header = *std::move(header), .torn = text->torn};
  const auto hours = NyseCalendar::session(day.header.date);
  if (!hours) return fail(Errc::malformed, journal.string() + ":1", "is dated on a day without a session");
  day.hours = *hours;
  day.session = std::make_unique<TradingSession>(day.header.options);
  day.recorder = std::make_unique<RunRecorder>(day.header.options.config, day.header.options.universe);
  if (auto loaded = load_state(day, journal.parent_path()); !loaded) return tl::unexpected(loaded.error());
  day.recorder->begin_day(day.hours, day.session->ledger().equity().v, day.session->calibration());

  const auto names = day.header.options.universe.names();
  JournalNumbers numbers;
  int number = 1;
  day.whole_bytes = text->header.size() + 1;
  for (const std::string& line : text->lines) {
    const std::string where = journal.string() + ":" + std::to_string(++number);
    day.whole_bytes += line.size() + 1;
    if (auto in_place = numbers.take(line, where); !in_place) return tl::unexpected(in_place.error());
    if (is_note(line)) {
      if (const auto logged = note_text(line, kLogNote)) day.recorder->log(*logged);
      if (const auto noted = note_text(line, kQuoteNote)) hear_quote(day, *noted);
      day.ended = day.ended || note_text(line, kEndNote).has_value();
      continue;
    }
    const auto event = parse_event(line, names, day.hours, where);
    if (!event) return tl::unexpected(event.error());
    if (auto done = step(day, *event, where); !done) return tl::unexpected(done.error());
  }
  day.next_seq = numbers.next();
  return day;
}

}  // namespace sentio
