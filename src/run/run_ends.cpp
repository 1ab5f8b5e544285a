#include "sentio/run/run_ends.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sentio/core/text/json_line.h"
#include "sentio/core/unwrap.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kOutcomes{"ended", "halted", "refused", "closed"};

bool traded(const RunEnd& end) {
  return end.outcome == RunOutcome::ended || end.outcome == RunOutcome::halted;
}

std::string seconds_text(TimePoint at) {
  return format_new_york(std::chrono::floor<std::chrono::seconds>(at));
}

RunOutcome outcome_named(const std::string& name) {
  const auto found = std::ranges::find(kOutcomes, name);
  if (found == kOutcomes.end()) throw std::invalid_argument("unknown outcome \"" + name + "\"");
  return static_cast<RunOutcome>(found - kOutcomes.begin());
}

/// Throws what parse_run_end() catches.
RunEnd decode_run_end(const nlohmann::json& j) {
  if (j.at("record").get<std::string>() != "run_end") throw std::invalid_argument("is not a run_end");
  RunEnd end{.date = unwrap(parse_date(j.at("date").get<std::string>())),
             .mode = j.at("mode").get<std::string>(),
             .outcome = outcome_named(j.at("outcome").get<std::string>()),
             .exit_code = j.at("exit_code").get<int>(),
             .reason = j.at("reason").get<std::string>()};
  if (!j.at("started").is_null()) end.started = unwrap(parse_timestamp(j.at("started").get<std::string>()));
  end.ended = unwrap(parse_timestamp(j.at("ended").get<std::string>()));
  if (!j.at("flat").is_null()) end.flat = j.at("flat").get<bool>();
  if (!j.at("mrd").is_null()) end.mrd = j.at("mrd").get<double>();
  end.simulated = j.at("simulated").get<bool>();
  return end;
}

/// Every line without its newline; a missing file has none.
Result<std::vector<std::string>> lines_of(const fs::path& file) {
  std::error_code problem;
  if (!fs::exists(file, problem) && !problem) return std::vector<std::string>{};
  const auto text = read_text_file(file);
  if (!text) return tl::unexpected(text.error());
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    lines.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::string_view to_string(RunOutcome outcome) {
  return kOutcomes[static_cast<std::size_t>(outcome)];
}

fs::path run_ends_file(const fs::path& folder) {
  return folder / "runs.jsonl";
}

std::string encode_run_end(const RunEnd& end) {
  std::string out;
  JsonLine line(out);
  line.text("record", "run_end").text("date", format_date(end.date)).text("mode", end.mode);
  line.text("outcome", to_string(end.outcome)).integer("exit_code", end.exit_code);
  // It may quote a broker: bytes that are no UTF-8 would make the file unreadable.
  line.raw("reason", nlohmann::json(end.reason).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (end.started) {
    line.text("started", seconds_text(*end.started));
  } else {
    line.raw("started", "null");
  }
  line.text("ended", seconds_text(end.ended));
  line.raw("flat", !end.flat ? "null" : *end.flat ? "true" : "false");
  line.number("mrd", end.mrd.value_or(std::nan("")));
  line.boolean("simulated", end.simulated).end();
  return out;
}

Result<RunEnd> parse_run_end(std::string_view text, std::string_view where) {
  try {
    return decode_run_end(nlohmann::json::parse(text));
  } catch (const nlohmann::json::parse_error&) {
    return fail(Errc::malformed, std::string(where), "is not JSON");
  } catch (const nlohmann::json::exception&) {
    return fail(Errc::malformed, std::string(where), "a key is missing or not what it must be");
  } catch (const std::invalid_argument& e) {
    return fail(Errc::malformed, std::string(where), e.what());
  }
}

Result<std::vector<RunEnd>> read_run_ends(const fs::path& folder) {
  const fs::path file = run_ends_file(folder);
  const auto lines = lines_of(file);
  if (!lines) return tl::unexpected(lines.error());
  std::vector<RunEnd> ends;
  for (std::size_t i = 0; i < lines->size(); ++i) {
    auto end = parse_run_end((*lines)[i], file.string() + ":" + std::to_string(i + 1));
    if (!end) return tl::unexpected(end.error());
    const auto same = std::ranges::find(ends, end->date, &RunEnd::date);
    if (same == ends.end()) {
      ends.push_back(*std::move(end));
    } else if (traded(*end) || !traded(*same)) {  // somebody put files together
      *same = *std::move(end);
    }
  }
  std::ranges::sort(ends, {}, &RunEnd::date);
  return ends;
}

Result<> record_run_end(const fs::path& folder, const RunEnd& end) {
  const fs::path file = run_ends_file(folder);
  const auto lines = lines_of(file);
  if (!lines) return tl::unexpected(lines.error());
  std::string text, ours = encode_run_end(end);
  for (const std::string& line : *lines) {
    const auto other = parse_run_end(line, file.string());
    const bool same_day = other && other->date == end.date;
    if (same_day && traded(*other) && !traded(end)) ours = line + "\n";
    if (!same_day) text += line + "\n";
  }
  return write_file_atomically(file, text + ours);
}

}  // namespace sentio
