#pragma once
/// The page as it grows; shared by the files of doctor.

#include "sentio/live/doctor.h"
#include "sentio/live/live_pacer.h"

namespace sentio {

class DoctorLines {
 public:
  void ok(std::string name, std::string text) { add(std::move(name), DoctorVerdict::ok, std::move(text)); }
  void warn(std::string name, std::string text) { add(std::move(name), DoctorVerdict::warning, std::move(text)); }
  void skip(std::string name, std::string text) { add(std::move(name), DoctorVerdict::skipped, std::move(text)); }
  void fail(std::string name, std::string text, ExitCode code) {
    add(std::move(name), DoctorVerdict::failed, std::move(text), code);
  }
  void fail(std::string name, const Error& error) { fail(std::move(name), error.message(), exit_code(error.code)); }
  /// Ok with `text`, or the failure.
  void judge(std::string name, const Result<>& result, std::string text) {
    if (result) return ok(std::move(name), std::move(text));
    fail(std::move(name), result.error());
  }
  [[nodiscard]] std::vector<DoctorLine> take() { return std::move(lines_); }

 private:
  void add(std::string name, DoctorVerdict verdict, std::string text, ExitCode code = ExitCode::ok) {
    lines_.push_back({std::move(name), verdict, std::move(text), code});
  }
  std::vector<DoctorLine> lines_;
};

/// What the broker is asked about a day, and the bars that the day learns from.
struct DoctorDay {
  const DoctorRequest& request;
  Date date{};
  const SessionHours* hours = nullptr;  ///< null: closed
  const RunSetup* setup = nullptr;      ///< null: the configuration does not load
  const LiveKeys* keys = nullptr;       ///< null: there are none
  LivePacer* pacer = nullptr;
};

/// account, clock, broker calendar, instruments, positions; then bars, bar quality and learned state.
void examine_at_broker(const DoctorDay& day, DoctorLines& lines);

}  // namespace sentio
