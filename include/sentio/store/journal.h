#pragma once
/// The journal of a live day: every event before it is stepped, one JSON object a line.
///
/// Line 1 is a header (an object with the key "journal"); then events with "now" (UTC) and "event"; lines
/// with "note" instead of "event" are for people and are passed over by replays. Doubles are written with the
/// digits that read back to the same bits. Events and notes begin with "seq", their line in the file: 2, 3, 4 …
/// without a gap, so that a line that is missing or stands there twice is seen. Older journals have no "seq"; they
/// are read, and go on, without, and then no line may have one.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/core/event.h"
#include "sentio/store/file_system.h"

namespace sentio {

struct TimedEvent {
  TimePoint now{};
  Event event;
};

/// Appends one line. `symbols` by SymbolId; `seq` 0: a line without a number, as in older journals.
void append_event(std::string& out, TimePoint now, const Event& event, std::span<const std::string> symbols, int seq);
/// A line for people: {"seq":…,"now":…,"note":…,"text":…}.
void append_note(std::string& out, TimePoint now, std::string_view note, std::string_view text, int seq);
/// `where` ("journal_D.jsonl:17") goes into errors. `hours` dates the minutes.
[[nodiscard]] Result<TimedEvent> parse_event(std::string_view line, std::span<const std::string> symbols,
                                             const SessionHours& hours, std::string_view where);
/// True for note lines.
[[nodiscard]] bool is_note(std::string_view line);
/// Notes of this kind are lines of the session log: a replay writes them there again.
inline constexpr std::string_view kLogNote = "log";
/// The last quote before the execution of the same symbol that follows; for reports, never a decision.
inline constexpr std::string_view kQuoteNote = "quote_before";
/// A note of this kind: the day's files are complete.
inline constexpr std::string_view kEndNote = "ended";
/// Notes of this kind are alerts, "LEVEL: TITLE: TEXT".
inline constexpr std::string_view kAlertNote = "alert";
/// The text of a note of that kind; nullopt for any other line.
[[nodiscard]] std::optional<std::string> note_text(std::string_view line, std::string_view kind);

/// Sees that a journal's lines are all there, each once and in order.
class JournalNumbers {
 public:
  /// The next line after the header. `where` as for parse_event().
  [[nodiscard]] Result<> take(std::string_view line, std::string_view where);
  /// What the line after the last one taken bears; 0: none of this journal's lines has a number.
  [[nodiscard]] int next() const { return numbered_ ? line_ + 1 : 0; }

 private:
  int line_ = 1;  ///< the header
  bool numbered_ = true;
};

/// Append-only file. append() has handed its bytes to the kernel when it returns (they survive SIGKILL);
/// sync() waits for the disk.
class JournalWriter {
 public:
  [[nodiscard]] static Result<JournalWriter> open(const std::filesystem::path& file,
                                                  FileSystem& disk = posix_files());
  /// A new file that begins with these lines, in place of an old one. Lines and name are on the disk when it
  /// returns, or the old file is as it was.
  [[nodiscard]] static Result<JournalWriter> create(const std::filesystem::path& file, std::string_view first_lines,
                                                    FileSystem& disk = posix_files());
  [[nodiscard]] Result<> append(std::string_view lines);
  [[nodiscard]] Result<> sync();
  JournalWriter(JournalWriter&& other) noexcept;
  JournalWriter& operator=(JournalWriter&& other) noexcept;
  ~JournalWriter();

 private:
  JournalWriter(FileSystem& disk, int fd, std::filesystem::path file) : disk_(&disk), fd_(fd), file_(std::move(file)) {}
  FileSystem* disk_;
  int fd_ = -1;
  std::filesystem::path file_;
};

struct JournalText {
  std::string header;               ///< line 1
  std::vector<std::string> lines;   ///< whole lines after it
  bool torn = false;                ///< the last line was cut by a kill and is left out
};
[[nodiscard]] Result<JournalText> read_journal(const std::filesystem::path& file);

}  // namespace sentio
