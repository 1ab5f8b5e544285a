#include "journal/live_journal.h"

#include <system_error>

#include "sentio/core/bytes.h"

namespace sentio {

namespace {

std::filesystem::path journal_of(const std::filesystem::path& folder, Date date) {
  return folder / ("journal_" + format_date(date) + ".jsonl");
}

/// The broker's word about money and positions is in header and `first`: what does not fit must not get into the journal.
Result<> first_events_fit(const RunHeader& header, const std::vector<Event>& first, TimePoint now) {
  if (!is_capital(header.options.capital)) return fail(Errc::mismatch, "capital", "is none to trade with");
  TradingSession trial(header.options);
  for (const Event& event : first) {
    if (auto fits = trial.fits(now, event); !fits) return fits;
    (void)trial.step(now, event);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<LiveJournal>> LiveJournal::begin(const std::filesystem::path& folder, const RunHeader& header,
                                                        const std::vector<Event>& first, TimePoint now,
                                                        FileSystem& disk) {
  if (auto fit = first_events_fit(header, first, now); !fit) return tl::unexpected(fit.error());
  std::string text = encode_run_header(header);
  auto names = header.options.universe.names();
  int line = 1;  // the header
  for (const Event& event : first) append_event(text, now, event, names, ++line);
  auto writer = JournalWriter::create(journal_of(folder, header.date), text, disk);
  if (!writer) return tl::unexpected(writer.error());
  return std::unique_ptr<LiveJournal>(new LiveJournal(*std::move(writer), std::move(names), line + 1));
}

Result<std::unique_ptr<LiveJournal>> LiveJournal::go_on(const std::filesystem::path& folder, const ReplayedDay& day) {
  const auto file = journal_of(folder, day.header.date);
  std::error_code problem;
  std::filesystem::resize_file(file, day.whole_bytes, problem);
  if (problem) return fail(Errc::io, file.string(), "cannot be cut to its whole lines: " + problem.message());
  auto writer = JournalWriter::open(file);
  if (!writer) return tl::unexpected(writer.error());
  return std::unique_ptr<LiveJournal>(
      new LiveJournal(*std::move(writer), day.header.options.universe.names(), day.next_seq));
}

Result<> LiveJournal::event(TimePoint now, const Event& event) {
  line_.clear();
  append_event(line_, now, event, names_, take_seq());
  return writer_.append(line_);
}

Result<> LiveJournal::note(TimePoint now, std::string_view kind, std::string_view text) {
  line_.clear();
  append_note(line_, now, kind, text, take_seq());
  return writer_.append(line_);
}

Result<> LiveJournal::to_disk() {
  syncer_.request();
  if (auto error = syncer_.take_error()) return tl::unexpected(*std::move(error));
  return {};
}

}  // namespace sentio
