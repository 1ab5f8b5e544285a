#include "sentio/core/time.h"

#include <array>
#include <optional>

#include "sentio/core/check.h"

namespace sentio {

namespace {

using namespace std::chrono;

constexpr seconds kDaylightOffset = -hours{4};
constexpr seconds kStandardOffset = -hours{5};

// Both changes happen at 02:00 of the clock that is in force before them.
constexpr sys_seconds daylight_begins(year y) {
  return sys_days{y / March / Sunday[2]} + hours{7};
}
constexpr sys_seconds daylight_ends(year y) {
  return sys_days{y / November / Sunday[1]} + hours{6};
}

// Years whose every instant fits 64-bit nanoseconds since 1970.
constexpr int kFirstYear = 1678, kLastYear = 2261;

void put_digits(char* to, unsigned value, int count) {
  for (int i = count - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

std::string format_local(TimePoint local) {
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss clock{local - day};
  std::string text = "0000-00-00T00:00:00";
  put_digits(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put_digits(text.data() + 5, static_cast<unsigned>(date.month()), 2);
  put_digits(text.data() + 8, static_cast<unsigned>(date.day()), 2);
  put_digits(text.data() + 11, static_cast<unsigned>(clock.hours().count()), 2);
  put_digits(text.data() + 14, static_cast<unsigned>(clock.minutes().count()), 2);
  put_digits(text.data() + 17, static_cast<unsigned>(clock.seconds().count()), 2);
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    std::array<char, 9> digits{};
    put_digits(digits.data(), static_cast<unsigned>(fraction), 9);
    std::size_t length = digits.size();
    while (digits[length - 1] == '0') --length;
    text.push_back('.');
    text.append(digits.data(), length);
  }
  return text;
}

/// Takes characters off the front; every failure is remembered and ends the parse.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `count` digits.
  std::optional<int> number(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      const auto digit = next_digit();
      if (!digit) return std::nullopt;
      value = value * 10 + *digit;
    }
    return value;
  }
  std::optional<int> next_digit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return std::nullopt;
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }

 private:
  std::string_view rest_;
};

/// Texts come from files and vendors: printable ASCII only, so that a message stays one line.
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string quoted_text(1, '\'');
  for (const char c : text.substr(0, kShown)) quoted_text.push_back(c >= ' ' && c <= '~' ? c : '?');
  quoted_text += text.size() > kShown ? "…'" : "'";
  return quoted_text;
}

std::optional<Date> scan_date(Scanner& in) {
  const auto y = in.number(4);
  if (!y || !in.accept('-')) return std::nullopt;
  const auto m = in.number(2);
  if (!m || !in.accept('-')) return std::nullopt;
  const auto d = in.number(2);
  if (!d) return std::nullopt;
  const Date date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<nanoseconds> scan_fraction(Scanner& in) {
  std::int64_t value = 0, scale = 1'000'000'000;
  while (const auto digit = in.next_digit()) {
    if (scale == 1) return std::nullopt;  // a tenth digit
    scale /= 10;
    value += *digit * scale;
  }
  if (scale == 1'000'000'000) return std::nullopt;  // a point without digits
  return nanoseconds{value};
}

std::optional<nanoseconds> scan_clock(Scanner& in) {
  const auto h = in.number(2);
  if (!h || *h > 23 || !in.accept(':')) return std::nullopt;
  const auto m = in.number(2);
  if (!m || *m > 59 || !in.accept(':')) return std::nullopt;
  const auto s = in.number(2);
  if (!s || *s > 59) return std::nullopt;
  nanoseconds clock = hours{*h} + minutes{*m} + seconds{*s};
  if (in.accept('.')) {
    const auto fraction = scan_fraction(in);
    if (!fraction) return std::nullopt;
    clock += *fraction;
  }
  return clock;
}

std::optional<minutes> scan_offset(Scanner& in) {
  if (in.accept('Z') || in.accept('z')) return minutes{0};
  const bool west = in.accept('-');
  if (!west && !in.accept('+')) return std::nullopt;
  const auto h = in.number(2);
  if (!h || *h > 23 || !in.accept(':')) return std::nullopt;
  const auto m = in.number(2);
  if (!m || *m > 59) return std::nullopt;
  const minutes offset = hours{*h} + minutes{*m};
  return west ? -offset : offset;
}

}  // namespace

seconds new_york_offset(TimePoint utc) {
  const year_month_day date{floor<days>(utc)};
  const auto m = static_cast<unsigned>(date.month());
  if (m > 3 && m < 11) return kDaylightOffset;
  if (m == 3) return utc >= daylight_begins(date.year()) ? kDaylightOffset : kStandardOffset;
  if (m == 11) return utc < daylight_ends(date.year()) ? kDaylightOffset : kStandardOffset;
  return kStandardOffset;
}

TimePoint from_new_york(Date date, nanoseconds since_midnight) {
  SENTIO_CHECK(date.ok());
  const TimePoint local = TimePoint{sys_days{date}} + since_midnight;
  // Daylight time first: of the hour that happens twice, the earlier one. A wall time that the
  // clocks jump over in March matches neither offset; read as standard time it falls after the jump.
  const TimePoint daylight = local - kDaylightOffset;
  return new_york_offset(daylight) == kDaylightOffset ? daylight : local - kStandardOffset;
}

Date new_york_date(TimePoint utc) {
  return Date{floor<days>(utc + new_york_offset(utc))};
}

nanoseconds new_york_time_of_day(TimePoint utc) {
  const TimePoint local = utc + new_york_offset(utc);
  return local - floor<days>(local);
}

std::string format_new_york(TimePoint utc) {
  const auto offset = new_york_offset(utc);
  return format_local(utc + offset) + (offset == kDaylightOffset ? "-04:00" : "-05:00");
}

std::string format_utc(TimePoint utc) {
  return format_local(utc) + "Z";
}

std::string format_date(Date date) {
  std::string text = "0000-00-00";
  put_digits(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put_digits(text.data() + 5, static_cast<unsigned>(date.month()), 2);
  put_digits(text.data() + 8, static_cast<unsigned>(date.day()), 2);
  return text;
}

Result<TimePoint> parse_timestamp(std::string_view text) {
  constexpr auto* kWanted = " is not a time such as 2025-09-26T09:31:00-04:00";
  Scanner in(text);
  const auto date = scan_date(in);
  if (!date || !(in.accept('T') || in.accept(' ') || in.accept('t'))) {
    return fail(Errc::malformed, "", quoted(text) + kWanted);
  }
  const auto clock = scan_clock(in);
  if (!clock) return fail(Errc::malformed, "", quoted(text) + kWanted);
  if (in.at_end()) {
    return fail(Errc::malformed, "",
                quoted(text) + " has no offset from UTC; append Z or an offset such as -04:00");
  }
  const auto offset = scan_offset(in);
  if (!offset || !in.at_end()) return fail(Errc::malformed, "", quoted(text) + kWanted);
  if (const int y = static_cast<int>(date->year()); y < kFirstYear || y > kLastYear) {
    return fail(Errc::out_of_range, "", quoted(text) + " is outside the years 1678-2261");
  }
  return TimePoint{sys_days{*date}} + *clock - *offset;
}

Result<Date> parse_date(std::string_view text) {
  Scanner in(text);
  const auto date = scan_date(in);
  if (!date || !in.at_end())
    return fail(Errc::malformed, "", quoted(text) + " is not a date such as 2025-09-26");
  return *date;
}

}  // namespace sentio
