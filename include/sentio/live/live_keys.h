#pragma once
/// Keys of the accounts that live trading uses: the environment first, then config.env.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "sentio/core/error.h"

namespace sentio {

enum class LiveAccount { paper, real };
[[nodiscard]] std::string_view to_string(LiveAccount account);  ///< "paper", "real"

struct LiveKeys {
  std::string key_id, secret_key;  ///< never empty; never in a log, an error or a file
  std::string polygon_key;         ///< empty: none, or one that cannot be a key
  bool file_readable_by_others = false;
};

/// Reads ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY (paper) or ALPACA_API_KEY and ALPACA_SECRET_KEY
/// (real), and POLYGON_API_KEY or MASSIVE_API_KEY. Each name by itself: a variable of the environment that is
/// not empty wins over the file. The file may be absent.
///
/// environment  as std::getenv: null where a variable is not set
/// Errors       Errc::unauthorized: a key is missing, or holds what no key does (blanks, control characters,
///              bytes beyond ASCII). Errc::usage: a file that does not parse or cannot be read; for
///              LiveAccount::real also one that its group or others may read. No text repeats a value.
/// Threads      one at a time with whatever changes the environment.
[[nodiscard]] Result<LiveKeys> load_live_keys(LiveAccount account, const std::filesystem::path& env_file,
                                              const std::function<const char*(const char*)>& environment);

}  // namespace sentio
