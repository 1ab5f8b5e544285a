#include "book/aggregation.h"

#include <charconv>

#include "book/tape.h"

namespace sentio::exchange {

std::optional<TimeFrame> parse_time_frame(std::string_view text) {
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || n < 1) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if ((unit == "Min" || unit == "T") && n < 60) return TimeFrame{std::chrono::minutes{n}, false};
  if ((unit == "Hour" || unit == "H") && n < 24) return TimeFrame{std::chrono::hours{n}, false};
  if ((unit == "Day" || unit == "D") && n == 1) return TimeFrame{std::chrono::hours{24}, true};
  return std::nullopt;
}

TimePoint frame_start(TimePoint t, TimeFrame frame) {
  if (frame.daily) return from_new_york(new_york_date(t), std::chrono::nanoseconds{0});
  const auto since = t.time_since_epoch();
  return TimePoint{since - since % std::chrono::nanoseconds{frame.width}};
}

std::vector<Bar> aggregate(std::span<const Bar> minutes, TimeFrame frame) {
  std::vector<Bar> out;
  while (!minutes.empty()) {
    const TimePoint start = frame_start(minutes.front().start, frame);
    std::size_t n = 1;
    while (n < minutes.size() && frame_start(minutes[n].start, frame) == start) ++n;
    out.push_back(merge_bars(minutes.first(n), start));
    minutes = minutes.subspan(n);
  }
  return out;
}

}  // namespace sentio::exchange
