#include "journal/live_files.h"

#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

struct NamedContent {
  const char* stem;
  const char* extension;
  std::string DayFiles::*content;
};

constexpr std::array<NamedContent, 7> kContents{{{"session_", ".log", &DayFiles::session_log},
                                                 {"signals_", ".jsonl", &DayFiles::signals},
                                                 {"decisions_", ".jsonl", &DayFiles::decisions},
                                                 {"trades_", ".jsonl", &DayFiles::trades},
                                                 {"positions_", ".jsonl", &DayFiles::positions},
                                                 {"health_", ".jsonl", &DayFiles::health},
                                                 {"executions_", ".jsonl", &DayFiles::executions}}};

}  // namespace

Result<LiveFiles> LiveFiles::open(const std::filesystem::path& folder, Date date, const DayFiles& files) {
  LiveFiles out;
  out.folder_ = folder;
  for (std::size_t i = 0; i < kFiles; ++i) {
    const auto file = folder / (kContents[i].stem + format_date(date) + kContents[i].extension);
    const std::string& content = files.*kContents[i].content;
    // Not synced before the day's end: until then a restart makes them again from the journal.
    const auto written = write_file_atomically(file, content, Durability::process_kill);
    if (!written) return tl::unexpected(written.error());
    auto writer = JournalWriter::open(file);
    if (!writer) return tl::unexpected(writer.error());
    out.writers_.push_back(*std::move(writer));
    out.written_[i] = content.size();
  }
  return out;
}

Result<> LiveFiles::append(const DayFiles& files) {
  for (std::size_t i = 0; i < kFiles; ++i) {
    const std::string& content = files.*kContents[i].content;
    if (content.size() == written_[i]) continue;
    if (auto done = writers_[i].append(std::string_view(content).substr(written_[i])); !done) return done;
    written_[i] = content.size();
  }
  return {};
}

Result<> LiveFiles::sync() {
  for (JournalWriter& writer : writers_) {
    if (auto done = writer.sync(); !done) return done;
  }
  const auto error = posix_files().sync_folder(folder_);
  return error ? fail(Errc::io, folder_.string(), "cannot be synced: " + error.message()) : Result<>{};
}

}  // namespace sentio
