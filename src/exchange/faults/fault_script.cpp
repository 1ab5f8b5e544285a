#include "sentio/exchange/fault_script.h"

#include <array>

#include "faults/fault_words.h"

namespace sentio::exchange {

namespace {

using std::chrono::seconds;

/// What follows the two (or one) words that name a fault.
enum class Tail : std::uint8_t {
  none,        // nothing
  duration,    // 90s
  amount,      // 3s [for D | xN]; lasts to the end of the day when neither is given
  count,       // [for D | xN]
  times,       // [xN]
  number,      // N
  symbol,      // SYM
  symbol_for,  // SYM 5m
  holding,     // SYM 10
};

struct Form {
  std::string_view first, second;  // second may be empty
  FaultKind kind;
  Tail tail;
};

std::string_view usage_of(Tail tail) {
  switch (tail) {
    case Tail::none:
      return "";
    case Tail::duration:
      return " D";
    case Tail::amount:
      return " D [xN | for D]";
    case Tail::count:
      return " [xN | for D]";
    case Tail::times:
      return " [xN]";
    case Tail::number:
      return " N";
    case Tail::symbol:
      return " SYM";
    case Tail::symbol_for:
      return " SYM D";
    case Tail::holding:
      return " SYM N";
  }
  return "";
}

constexpr std::array kForms{
    Form{"mute", "data", FaultKind::mute_data, Tail::duration},
    Form{"drop", "data", FaultKind::drop_data, Tail::none},
    Form{"delay", "data", FaultKind::delay_data, Tail::amount},
    Form{"duplicate", "data", FaultKind::duplicate_data, Tail::count},
    Form{"reorder", "data", FaultKind::reorder_data, Tail::count},
    Form{"revise", "bar", FaultKind::revise_bar, Tail::symbol},
    Form{"halt", "", FaultKind::halt, Tail::symbol_for},
    Form{"connection-limit", "data", FaultKind::data_connection_limit, Tail::duration},
    Form{"drop", "stream", FaultKind::drop_stream, Tail::none},
    Form{"duplicate", "stream", FaultKind::duplicate_stream, Tail::count},
    Form{"lose", "stream", FaultKind::lose_stream, Tail::number},
    Form{"accept-then-500", "", FaultKind::accept_then_500, Tail::count},
    Form{"accept-then-cut", "", FaultKind::accept_then_cut, Tail::count},
    Form{"reject", "", FaultKind::reject, Tail::times},
    Form{"partial", "", FaultKind::partial, Tail::times},
    Form{"cancel-race", "", FaultKind::cancel_race, Tail::times},
    Form{"clock", "skew", FaultKind::clock_skew, Tail::duration},
    Form{"calendar", "disagree", FaultKind::calendar_disagree, Tail::none},
    Form{"account", "blocked", FaultKind::account_blocked, Tail::none},
    Form{"foreign", "position", FaultKind::foreign_position, Tail::holding},
};

Result<Fault> parse_amount(Fault fault, const Words& words, std::size_t at, bool extent) {
  const auto amount = at < words.size() ? duration(words[at]) : std::nullopt;
  if (!amount || (*amount <= seconds{0} && fault.kind != FaultKind::clock_skew)) {
    return malformed("expected a duration such as 90s or 5m");
  }
  (fault.kind == FaultKind::mute_data || fault.kind == FaultKind::data_connection_limit ? fault.lasts
                                                                                        : fault.amount) =
      *amount;
  if (!extent) return end_of_line(fault, words, at + 1);
  if (at + 1 >= words.size()) fault.lasts = std::chrono::hours{24};
  return parse_extent(fault, words, at + 1);
}

Result<Fault> parse_symbol(Fault fault, const Words& words, std::size_t at, Tail tail) {
  if (at >= words.size()) return malformed("expected a symbol");
  fault.symbol = words[at];
  if (tail == Tail::symbol) return end_of_line(fault, words, at + 1);
  if (tail == Tail::symbol_for) {
    const auto lasts = at + 1 < words.size() ? duration(words[at + 1]) : std::nullopt;
    if (!lasts || *lasts <= seconds{0})
      return malformed("expected a duration such as 90s or 5m after the symbol");
    fault.lasts = *lasts;
  } else {
    const auto qty = at + 1 < words.size() ? plain_number(words[at + 1]) : std::nullopt;
    if (!qty || *qty == 0) return malformed("expected a number of shares after the symbol");
    fault.qty = *qty;
  }
  return end_of_line(fault, words, at + 2);
}

Result<Fault> parse_tail(Fault fault, const Words& words, std::size_t at, Tail tail) {
  switch (tail) {
    case Tail::none:
      return end_of_line(fault, words, at);
    case Tail::duration:
      return parse_amount(fault, words, at, false);
    case Tail::amount:
      return parse_amount(fault, words, at, true);
    case Tail::count:
      return parse_extent(fault, words, at);
    case Tail::times:
      if (at < words.size() && words[at] == "for") return malformed("expected \"x3\": this fault is counted");
      return parse_extent(fault, words, at);
    case Tail::number: {
      const auto count = at < words.size() ? integer(words[at]) : std::nullopt;
      if (!count || *count < 1) return malformed("expected a number of events");
      fault.count = *count;
      return end_of_line(fault, words, at + 1);
    }
    default:
      return parse_symbol(fault, words, at, tail);
  }
}

Result<Fault> parse_http_status(Fault fault, int status, const Words& words, std::size_t at) {
  if (status < 400 || status > 599) return malformed("an HTTP status fault is between 400 and 599");
  fault.kind = FaultKind::http_status;
  fault.http_status = status;
  FaultWords rest(words, at);
  if (auto calls = read_calls(fault, rest); !calls) return tl::unexpected(calls.error());
  return parse_extent(fault, words, rest.at());
}

}  // namespace

std::string fault_words(FaultKind kind) {
  for (const Form& form : kForms) {
    if (form.kind == kind) return std::string(form.first) + (form.second.empty() ? "" : " " + std::string(form.second));
  }
  const std::string longer = long_fault_name(kind);
  return longer.empty() ? "http status" : longer;
}

Result<Fault> parse_fault(std::string_view line) {
  const Words words = words_of(line);
  Fault fault;
  std::size_t at = 0;
  if (!words.empty() && words[0] == "at") {
    fault.at = words.size() > 1 ? wall_time(words[1]) : std::nullopt;
    if (!fault.at) return malformed("\"at\" needs a New York wall time such as 10:31 or 10:31:05");
    at = 2;
  }
  if (at >= words.size()) return malformed("expected a fault");
  if (const auto status = integer(words[at])) return parse_http_status(fault, *status, words, at + 1);
  for (const Form& form : kForms) {
    if (words[at] != form.first) continue;
    if (!form.second.empty() && (at + 1 >= words.size() || words[at + 1] != form.second)) continue;
    fault.kind = form.kind;
    return parse_tail(fault, words, at + (form.second.empty() ? 1 : 2), form.tail);
  }
  if (auto longer = parse_long_fault(fault, words, at)) return *std::move(longer);
  return malformed("unknown fault \"" +
                   std::string(line.substr(static_cast<std::size_t>(words[at].data() - line.data()))) + "\"");
}

std::string fault_help() {
  std::string text;
  for (const Form& form : kForms) {
    text += std::string(form.first) + (form.second.empty() ? "" : " ") + std::string(form.second) +
            std::string(usage_of(form.tail)) + "\n";
  }
  return text + "STATUS [CALLS] [xN | for D]\n" + long_fault_help();
}

Result<std::vector<Fault>> parse_fault_script(std::string_view text, std::string_view name) {
  std::vector<Fault> faults;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const Words words = words_of(line);
    if (words.empty() || words.front().front() == '#') continue;
    auto fault = parse_fault(line);
    if (!fault) {
      return fail(fault.error().code, std::string(name) + ":" + std::to_string(number), fault.error().detail);
    }
    faults.push_back(*std::move(fault));
  }
  return faults;
}

}  // namespace sentio::exchange
