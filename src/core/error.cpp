#include "sentio/core/error.h"

namespace sentio {

ExitCode exit_code(Errc code) {
  switch (code) {
    case Errc::internal: return ExitCode::internal;
    case Errc::usage:
    case Errc::io: return ExitCode::usage;
    case Errc::not_found:
    case Errc::malformed:
    case Errc::out_of_order:
    case Errc::out_of_range:
    case Errc::mismatch: return ExitCode::data;
    case Errc::rejected:
    case Errc::timed_out:
    case Errc::unauthorized:
    case Errc::network: return ExitCode::broker;
    case Errc::no_session: return ExitCode::no_session;
    case Errc::reconciliation: return ExitCode::reconciliation;
    case Errc::already_running: return ExitCode::already_running;
  }
  return ExitCode::internal;
}

}  // namespace sentio
