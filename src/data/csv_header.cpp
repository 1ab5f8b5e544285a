#include "csv_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace sentio::data {

namespace {

struct KnownLayout {
  std::string_view columns;
  CsvLayout layout;  // `columns` is counted from the header
  std::string_view optional_column;
  bool extras = false;  // any further columns
};

constexpr std::array<KnownLayout, 4> kKnownLayouts = {{
    {"timestamp,open,high,low,close,volume", {}, "bar_id"},
    {"ts_utc,ts_nyt_epoch,open,high,low,close,volume", {.skip_before_time = true}, ""},
    {"ts_utc,open,high,low,close,volume", {}, "", true},
    {"symbol,timestamp,open,high,low,close,volume", {.symbol_first = true}, "bar_id"},
}};

std::string known_layouts() {
  std::string text;
  for (const KnownLayout& known : kKnownLayouts) {
    text += text.empty() ? "" : " | ";
    text += known.columns;
    if (!known.optional_column.empty()) text.append("[,").append(known.optional_column).append("]");
    if (known.extras) text += "[,…]";
  }
  return text;
}

bool matches(const KnownLayout& known, std::string_view header) {
  if (!header.starts_with(known.columns)) return false;
  const auto rest = header.substr(known.columns.size());
  if (rest.empty()) return true;
  if (rest.front() != ',') return false;
  return known.extras || (!known.optional_column.empty() && rest.substr(1) == known.optional_column);
}

std::optional<CsvLayout> recognise(std::string_view header) {
  for (const KnownLayout& known : kKnownLayouts) {
    if (!matches(known, header)) continue;
    CsvLayout layout = known.layout;
    layout.columns = static_cast<int>(std::ranges::count(header, ',')) + 1;
    return layout;
  }
  return std::nullopt;
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
                  "unknown layout " + shown(line) + "; known header lines: " + known_layouts());
    }
    header.layout = *layout;
    header.rows = text;
    header.rows_line = line_number + 1;
    return header;
  }
  return fail(Errc::malformed, where, "is empty: no header line; known header lines: " + known_layouts());
}

}  // namespace sentio::data
