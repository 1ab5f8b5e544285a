/// What doctor's page ends in; its lines are tested through the binary (tests/live/test_doctor.py).

#include <gtest/gtest.h>

#include "sentio/live/doctor.h"

namespace sentio {
namespace {

DoctorPage page_of(std::vector<DoctorLine> lines, bool session = true) {
  DoctorPage page;
  if (session) page.hours = NyseCalendar::session(Date{std::chrono::year{2025}, std::chrono::October, std::chrono::day{14}});
  page.lines = std::move(lines);
  return page;
}

const DoctorLine kOk{"a", DoctorVerdict::ok, "", ExitCode::ok};
const DoctorLine kWarning{"b", DoctorVerdict::warning, "", ExitCode::ok};
const DoctorLine kSkipped{"c", DoctorVerdict::skipped, "", ExitCode::ok};
const DoctorLine kBroker{"d", DoctorVerdict::failed, "", ExitCode::broker};
const DoctorLine kData{"e", DoctorVerdict::failed, "", ExitCode::data};

TEST(DoctorPage, WarningsAreNoFailure) {
  EXPECT_EQ(page_of({kOk, kWarning, kSkipped}).exit_code(), ExitCode::ok);
}

TEST(DoctorPage, TheFirstFailureDecides) {
  EXPECT_EQ(page_of({kOk, kBroker, kData}).exit_code(), ExitCode::broker);
  EXPECT_EQ(page_of({kWarning, kData, kBroker}).exit_code(), ExitCode::data);
}

TEST(DoctorPage, OnAClosedDayNothingIsDue) {
  EXPECT_EQ(page_of({kOk}, false).exit_code(), ExitCode::no_session);
  EXPECT_EQ(page_of({kBroker}, false).exit_code(), ExitCode::no_session);
}

}  // namespace
}  // namespace sentio
