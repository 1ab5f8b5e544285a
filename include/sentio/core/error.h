#pragma once
/// Failure in the return type: what went wrong, where, and which exit code it ends in.

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace sentio {

/// Process exit codes; stable, documented in docs/user-guide.md, used by cron jobs.
enum class ExitCode : int {
  ok = 0,                 ///< done and all invariants held
  internal = 1,           ///< a bug in this program
  usage = 2,              ///< command line or configuration
  data = 3,               ///< data missing, stale or invalid
  broker = 4,             ///< broker, authentication or network, before trading
  reconciliation = 5,     ///< broker state refused
  risk_halt = 6,          ///< the circuit breaker ended the day
  not_flat = 7,           ///< not flat at the close
  no_session = 8,         ///< the calendar says no session on that date
  already_running = 9,    ///< another instance holds the lock
  gate_not_met = 10,      ///< --gate: success criteria not met
};

enum class Errc : std::uint8_t {
  internal,
  usage,           // wrong flag, wrong configuration
  not_found,       // a file, a date or a symbol that is not there
  malformed,       // bytes that do not parse
  out_of_order,    // unsorted or duplicated rows
  out_of_range,    // a number no market produces
  io,              // the operating system refused (unwritable, disk full)
  rejected,        // the broker said no
  timed_out,
  unauthorized,
  network,
  mismatch,        // versions, hashes or ledgers that should agree and do not
  no_session,      // a closed day
  reconciliation,  // the broker's book is not what it must be
  already_running, // another instance holds the lock
};

/// One failure, readable by a person: "SPY.csv:1042: high 3.1 is below low 3.2".
struct Error {
  Errc code = Errc::internal;
  std::string where;   ///< file:line, flag or key; may be empty
  std::string detail;  ///< one sentence with the next step where there is one
  [[nodiscard]] std::string message() const { return where.empty() ? detail : where + ": " + detail; }
};

/// The exit code a command ends with when this error reaches its top.
[[nodiscard]] ExitCode exit_code(Errc code);

template <class T = void>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string where, std::string detail) {
  return tl::unexpected(Error{code, std::move(where), std::move(detail)});
}

}  // namespace sentio
