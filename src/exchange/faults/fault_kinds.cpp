// The words that a fault script borrows from Alpaca: movements of cash, attributes, refusals.
#include <algorithm>
#include <array>

#include "faults/fault_words.h"

namespace sentio::exchange {

namespace {

constexpr std::array kCashMoves{
    CashMoveKind{"deposit", "CSD", ""},      CashMoveKind{"withdrawal", "CSW", ""},
    CashMoveKind{"dividend", "DIV", "CDIV"}, CashMoveKind{"interest", "INT", ""},
    CashMoveKind{"fee", "FEE", "REG"},       CashMoveKind{"journal", "JNLC", ""},
};

constexpr std::array<std::string_view, 8> kAttributes{
    "ptp_no_exception",   "ptp_with_exception", "ipo",
    "has_options",        "options_late_close", "fractional_eh_enabled",
    "overnight_tradable", "overnight_halted"};

// Recorded or documented, but for the words of "intraday-margin" and "ptp", which nobody has published.
constexpr std::array kRefusals{
    RefusalKind{"pdt", 403, 40310100, "trade denied due to pattern day trading protection"},
    RefusalKind{"intraday-margin", 403, 40310100, "trade denied due to intraday margin deficit"},
    RefusalKind{"liquidation-only", 403, 40310000, "account is restricted to liquidation only"},
    RefusalKind{"buying-power", 403, 40310000, "insufficient buying power"},
    RefusalKind{"ptp", 403, 40310000,
                "asset \"{}\" is a PTP with no exception; trading is not allowed for this account"},
    RefusalKind{"not-tradable", 422, 42210000, "asset \"{}\" is not tradable"},
    RefusalKind{"not-active", 422, 42210000, "asset \"{}\" is not active"},
    RefusalKind{"wash-trade", 422, 42210000, "potential wash trade detected. use complex orders"},
};

}  // namespace

bool is_attribute(std::string_view word) {
  return std::find(kAttributes.begin(), kAttributes.end(), word) != kAttributes.end();
}

const CashMoveKind* cash_move_kind(std::string_view word) {
  for (const CashMoveKind& kind : kCashMoves) {
    if (kind.word == word) return &kind;
  }
  return nullptr;
}

const RefusalKind* refusal_kind(std::string_view word) {
  for (const RefusalKind& kind : kRefusals) {
    if (kind.word == word) return &kind;
  }
  return nullptr;
}

std::string refusal_words() {
  std::string known;
  for (const RefusalKind& kind : kRefusals) known += (known.empty() ? "" : ", ") + std::string(kind.word);
  return known;
}

}  // namespace sentio::exchange
