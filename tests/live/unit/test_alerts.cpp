/// One way to the desk, and what the terminal hears beside it.

#include <gtest/gtest.h>

#include <vector>

#include "sentio/live/alerts.h"

namespace sentio {
namespace {

TEST(Alerts, AWarningGoesToDeskAndTerminalAWordToTheDeskAlone) {
  std::vector<std::string> desk, terminal;
  const Alerts alerts([&](AlertKind kind, const std::string& text) { desk.push_back(std::string(title_of(kind)) + ": " + text); },
                      [&](const std::string& text) { terminal.push_back(text); });
  alerts.tell(AlertKind::start, "a");
  alerts.warn(AlertKind::not_flat, "b");
  EXPECT_EQ(desk, (std::vector<std::string>{std::string(title_of(AlertKind::start)) + ": a",
                                            std::string(title_of(AlertKind::not_flat)) + ": b"}));
  EXPECT_EQ(terminal, std::vector<std::string>{"b"});
}

TEST(Alerts, WhereNobodyIsNothingHappens) {
  Alerts().warn(AlertKind::halt, "a");
  Alerts([](AlertKind, const std::string&) {}).warn(AlertKind::halt, "a");
  std::string heard;
  Alerts({}, [&](const std::string& text) { heard = text; }).warn(AlertKind::halt, "a");
  EXPECT_EQ(heard, "a");
}

}  // namespace
}  // namespace sentio
