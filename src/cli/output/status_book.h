#pragma once
/// What this system believes it holds, beside what the broker says.

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/live/live_status.h"
#include "sentio/ports/broker_account.h"

namespace sentio::cli {

struct OwnBook {
  std::string source;  ///< "status.json", "journal_D.jsonl", "nothing recorded today"
  std::map<std::string, double> shares;
  std::optional<double> cash;         ///< USD; none where nothing was recorded
  std::set<std::string> instruments;  ///< this system's; empty: not known, all count as ours
};

struct BookRequest {
  std::filesystem::path folder;
  Date date{};
  std::function<bool(std::string_view account)> is_ours;  ///< whether a record of that account counts
  const LiveStatus* status = nullptr;                     ///< of that account, or null
  bool running = false;                                   ///< the process that wrote it
};

/// A running process's own words; else the day's newest journal stepped again; else the day's last status;
/// else flat. Errors: a journal that does not replay, where there is no status to fall back on.
[[nodiscard]] Result<OwnBook> own_book(const BookRequest& request);

struct BookLine {
  std::string symbol;
  double own = 0;
  std::optional<double> broker;  ///< none: it could not be asked
  bool is_instrument = true;     ///< false: somebody else's symbol, left alone
  bool ok = true;
};

/// Every symbol that one of the two holds, by name. `broker` null: it could not be asked, nothing differs.
[[nodiscard]] std::vector<BookLine> compare_books(const OwnBook& own,
                                                  const std::vector<BrokerPosition>* broker);

}  // namespace sentio::cli
