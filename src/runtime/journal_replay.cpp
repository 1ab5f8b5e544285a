#include "sentio/runtime/journal_replay.h"

#include "sentio/core/bytes.h"
#include "sentio/runtime/warm_up.h"

namespace sentio {

std::vector<std::string> symbol_names(const Universe& universe) {
  std::vector<std::string> names;
  for (const SymbolInfo& s : universe) names.push_back(s.name);
  return names;
}

namespace {

Result<> load_state(ReplayedDay& day, const std::filesystem::path& folder) {
  if (day.header.state_file.empty()) return {};
  const auto state = load_warm_up_state(folder / day.header.state_file, day.header.options.config,
                                        day.header.options.universe, day.header.date);
  if (!state) return tl::unexpected(state.error());
  ByteReader in(state->payload);
  return day.session->load_learning(in);
}

void step(ReplayedDay& day, const TimedEvent& timed) {
  for (const Action& action : day.session->step(timed.now, timed.event)) {
    if (const auto* submit = std::get_if<SubmitOrder>(&action)) day.submitted.push_back(submit->order->key);
    day.recorder->on_action(action);
  }
  day.last_event = timed.now;
  day.closed = std::holds_alternative<SessionClosed>(timed.event);
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

  const auto names = symbol_names(day.header.options.universe);
  int number = 1;
  for (const std::string& line : text->lines) {
    ++number;
    if (is_note(line)) continue;
    const auto event = parse_event(line, names, day.hours, journal.string() + ":" + std::to_string(number));
    if (!event) return tl::unexpected(event.error());
    step(day, *event);
  }
  return day;
}

}  // namespace sentio
