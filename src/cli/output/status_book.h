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
  double cash_explained = 0;          ///< USD that the account has moved past it, as far as a process explained that
  double cash_allowance = 0;          ///< USD that the account's cash may differ by without a reason
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

/// What to think of the broker's cash beside ours; empty: nothing.
/// "own less broker's: 0.13, within what fees and rounding do".
[[nodiscard]] std::string cash_word(const OwnBook& own, double broker_cash, double pending_fees);

}  // namespace sentio::cli
