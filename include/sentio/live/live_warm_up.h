#pragma once
/// The bars a live day learns from before it starts: the files', and what they lack over REST.

#include <filesystem>
#include <string>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/data/load_checks.h"
#include "sentio/feeds/bar_history.h"

namespace sentio {

struct WarmUpBarsOptions {
  std::filesystem::path folder;  ///< --data-dir; it, and files in it, may be missing; empty: nothing from files
  Universe universe;
  Date day{};  ///< the live day; the sessions are those before it
  int sessions_wanted = 20;
  BarStamp stamp = BarStamp::start;  ///< of the files
  AcceptedData accepted;             ///< --accept-data
  bool allow_short = false;       ///< --allow-short-warmup: what is missing is noted, not refused
  int jobs = 1;                   ///< threads that read files
  BarHistory* history = nullptr;  ///< of the same universe; null: files only
};

struct WarmUpBars {
  std::vector<SymbolBars> bars;        ///< by SymbolId; `file` is empty where there is none
  std::vector<SessionHours> sessions;  ///< those in which some instrument has a bar, in order
  std::vector<std::string> notes;      ///< what was fetched and what is missing, for people
  DataReview review;                   ///< what check_load found in the files
};

/// The sessions that `mock` of that day would learn, with exactly its bars where the files have any: a
/// symbol's session is fetched only when the file has no bar of it, and then whole. One fetch per run of
/// sessions. Blocks on `history`. Threads: one at a time per history. Errors   malformed files, and
/// bars that check_load refuses, whatever allow_short says, by load_bars' codes. Errc::not_found: what is missing after
///          all, a line per symbol, and why fetching did not help. With allow_short `sessions` may be empty.
[[nodiscard]] Result<WarmUpBars> load_warm_up_bars(const WarmUpBarsOptions& options);

}  // namespace sentio
