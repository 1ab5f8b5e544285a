// What a day's log says of suspect prices.

#include <gtest/gtest.h>

#include <algorithm>

#include "sentio/run/run_recorder.h"

namespace sentio {
namespace {

const SessionHours kDay = *NyseCalendar::session(Date{std::chrono::year{2025} / 9 / 26});

class RecordedPrints : public ::testing::Test {
 protected:
  RecordedPrints() { recorder.begin_day(kDay, 100'000, Calibration{}); }
  void tell(int minute, HeldPrint print, PrintVerdict verdict) {
    print.start = kDay.minute_start(minute);
    print.verdict = verdict;
    recorder.on_action(PrintRecord{kDay.minute_end(minute + 1), 0, print});
  }
  RunRecorder recorder{StrategyConfig{}, Universe({{.name = "TQQQ"}})};
};

TEST_F(RecordedPrints, AreNamedWithTheirMinute) {
  tell(61, {.high = true, .price = 182.4, .ranges = 41.2}, PrintVerdict::bad);
  tell(62, {.open = true, .low = true, .price = 43.137499999999996, .ranges = 210}, PrintVerdict::bad);
  tell(63, {.low = true, .close = true, .price = 90, .ranges = 20.6}, PrintVerdict::real);
  tell(389, {.high = true, .close = true, .price = 120, .ranges = 100}, PrintVerdict::undecided);
  EXPECT_EQ(recorder.files().session_log,
            "2025-09-26T10:33:00-04:00 TQQQ 10:31: high 182.4 is 41 typical ranges away and gone by 10:32: not used\n"
            "2025-09-26T10:34:00-04:00 TQQQ 10:32: open, low 43.1375 is 210 typical ranges away and gone by 10:33: not used\n"
            "2025-09-26T10:35:00-04:00 TQQQ 10:33: low, close 90 is 21 typical ranges away and real: used from 10:34 on\n"
            "2025-09-26T16:01:00-04:00 TQQQ 15:59: high, close 120 is 100 typical ranges away and no bar came after it: not used\n");
  const DayResult day = recorder.end_day(100'000, true);
  EXPECT_EQ(day.bad_prints, 3);
  EXPECT_EQ(day.late_prices, 1);
}

TEST_F(RecordedPrints, AreNamedFiftyTimesADayAndCountedAlways) {
  for (int i = 0; i < 80; ++i) tell(i, {.high = true, .price = 200, .ranges = 50}, PrintVerdict::bad);
  const std::string& log = recorder.files().session_log;
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 51);
  EXPECT_TRUE(log.ends_with("more suspect prices are counted, not named\n"));
  EXPECT_EQ(recorder.end_day(100'000, true).bad_prints, 80);
  recorder.begin_day(kDay, 100'000, Calibration{});
  tell(1, {.high = true, .price = 200, .ranges = 50}, PrintVerdict::bad);
  EXPECT_TRUE(recorder.files().session_log.ends_with("not used\n"));
}

}  // namespace
}  // namespace sentio
