#pragma once
/// What a journal's first line says: everything that a replay needs beside the events.

#include <string>

#include "sentio/session/trading_session.h"

namespace sentio {

struct RunHeader {
  Date date{};
  std::string mode;         ///< "paper", "real", "rehearse"
  TradingSession::Options options;
  std::string state_file;   ///< learned state at the session's start, beside the journal; empty = cold start
  std::string config_name;
  std::string override_preflight;  ///< the operator's reason; empty = none
};

/// Whether a day can be begun with it; others do not get into a journal, and out of none.
[[nodiscard]] constexpr bool is_capital(Usd capital) { return capital > Usd{0} && capital <= kUsdMax; }
/// One line with newline.
[[nodiscard]] std::string encode_run_header(const RunHeader& header);
[[nodiscard]] Result<RunHeader> parse_run_header(std::string_view line, std::string_view where);

}  // namespace sentio
