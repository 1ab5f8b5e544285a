#include "read/csv_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace sentio::data {

namespace {

constexpr std::string_view kNumbers = "open,high,low,close,volume";
constexpr std::array<std::string_view, 4> kTimeNames = {"timestamp", "ts_utc", "time", "datetime"};

constexpr auto* kKnownLayouts =
    "[symbol,]timestamp,open,high,low,close,volume[,…] | ts_utc,ts_nyt_epoch,open,high,low,close,volume[,…]; "
    "timestamp may be called ts_utc, time or datetime";

/// Takes `name` off the front, and the comma behind it.
bool take_name(std::string_view& header, std::string_view name) {
  if (!header.starts_with(name)) return false;
  const auto rest = header.substr(name.size());
  if (!rest.empty() && rest.front() != ',') return false;
  header = rest.empty() ? rest : rest.substr(1);
  return true;
}

/// Capitals are as good as small letters.
std::string in_small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return small;
}

std::optional<CsvLayout> recognise(std::string_view line) {
  const std::string small = in_small_letters(line);
  std::string_view header = small;
  CsvLayout layout{.columns = static_cast<int>(std::ranges::count(header, ',')) + 1};
  layout.symbol_first = take_name(header, "symbol");
  if (header.starts_with("ts_utc,ts_nyt_epoch,")) {
    layout.skip_before_time = take_name(header, "ts_utc") && take_name(header, "ts_nyt_epoch");
  } else if (std::ranges::none_of(kTimeNames, [&](std::string_view name) { return take_name(header, name); })) {
    return std::nullopt;
  }
  if (!take_name(header, kNumbers)) return std::nullopt;
  return layout;
}

bool marks_synthetic(std::string_view comment) {
  comment.remove_prefix(std::min(comment.find_first_not_of("# \t"), comment.size()));
  return comment.starts_with("SYNTHETIC");
}

}  // namespace

std::string_view take_line(std::string_view& text) {
  const auto* const at =
      static_cast<const char*>(text.empty() ? nullptr : std::memchr(text.data(), '\n', text.size()));
  const auto length = at == nullptr ? text.size() : static_cast<std::size_t>(at - text.data());
  auto line = text.substr(0, length);
  text.remove_prefix(at == nullptr ? length : length + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string out(1, '\'');
  for (const char c : text.substr(0, kShown)) out.push_back(c >= ' ' && c <= '~' ? c : '?');
  out += text.size() > kShown ? "…'" : "'";
  return out;
}

Result<CsvHeader> parse_header(std::string_view text, const std::string& where) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  CsvHeader header;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const auto line = take_line(text);
    if (line.starts_with('#')) {
      header.synthetic = header.synthetic || marks_synthetic(line);
      continue;
    }
    if (line.empty()) continue;
    const auto layout = recognise(line);
    if (!layout) {
      return fail(Errc::malformed, where + ":" + std::to_string(line_number),
                  "unknown layout " + shown(line) + "; known header lines: " + std::string(kKnownLayouts));
    }
    header.layout = *layout;
    header.rows = text;
    header.rows_line = line_number + 1;
    return header;
  }
  return fail(Errc::malformed, where, "is empty: no header line; known header lines: " + std::string(kKnownLayouts));
}

}  // namespace sentio::data
