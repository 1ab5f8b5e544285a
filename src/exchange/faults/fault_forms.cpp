// The faults with arguments of several kinds: what follows their names.
#include <algorithm>
#include <array>

#include "faults/fault_words.h"

namespace sentio::exchange {

namespace {

using std::chrono::seconds;

/// What may end a line.
enum class Extent : std::uint8_t {
  none,     // nothing
  once,     // [xN | for D]; nothing means x1
  counted,  // [xN]
  all_day,  // [xN | for D]; nothing means for the rest of the day
};

struct LongForm {
  std::string_view first, second;  // second may be empty
  FaultKind kind;
  Extent extent;
  Result<> (*read)(Fault&, FaultWords&);  // what stands between the name and the extent
  std::string_view arguments;             // for the list of all lines
};

// ---- orders ---------------------------------------------------------------------------------------

void read_orders_met(Fault& fault, FaultWords& words) {
  fault.symbol = words.take_symbol();
  fault.side = words.take_side();
}

/// "WORD D".
Result<> read_span(std::string_view word, seconds& span, FaultWords& words) {
  if (!words.take(word)) return {};
  const auto found = words.take_duration();
  if (!found) return malformed("\"" + std::string(word) + "\" needs a duration such as 90s or 5m");
  span = *found;
  return {};
}

Result<> read_replace_order(Fault& fault, FaultWords& words) {
  read_orders_met(fault, words);
  return read_span("after", fault.amount, words);
}

Result<> read_rest_market(Fault& fault, FaultWords& words) {
  read_orders_met(fault, words);
  fault.text = words.take("accepted") ? "accepted" : "new";
  return read_span("during", fault.amount, words);
}

Result<> read_stuck_cancel(Fault& fault, FaultWords& words) {
  const auto span = words.take_duration();
  if (!span) return malformed("expected a duration such as 90s or 5m");
  fault.amount = *span;
  read_orders_met(fault, words);
  return {};
}

Result<> read_foreign_order(Fault& fault, FaultWords& words) {
  fault.symbol = words.take_symbol();
  if (fault.symbol.empty()) return malformed("expected a symbol");
  fault.side = words.take_side();
  if (!fault.side) return malformed("expected buy or sell after the symbol");
  if (!words.take("all")) {
    const auto qty = words.take_number();
    if (!qty || *qty <= 0) return malformed("expected a number of shares, or all");
    fault.qty = *qty;
  } else if (*fault.side == Side::buy) {
    return malformed("\"all\" is for sales: a purchase needs a number of shares");
  }
  fault.text = words.take("market") ? "market" : words.take("stop") ? "stop" : "limit";
  const bool priced = fault.text == "stop" || words.take("limit");
  if (priced) {
    fault.price = words.take_number();
    if (!fault.price || *fault.price <= 0) return malformed("expected a price after limit or stop");
  }
  return read_span("during", fault.amount, words);
}

// ---- money ----------------------------------------------------------------------------------------

Result<> read_fees(Fault& fault, FaultWords& words) {
  bool any = false;
  const std::array rates{std::pair{"sec", &fault.rates.sec}, std::pair{"taf", &fault.rates.taf},
                         std::pair{"cat", &fault.rates.cat}};
  for (const auto& [name, rate] : rates) {
    if (!words.take(name)) continue;
    const auto value = words.take_number();
    if (!value || *value < 0) return malformed("expected a rate such as 0.000166 after " + std::string(name));
    *rate = *value;
    any = true;
  }
  if (!any) return malformed("expected rates: sec R, taf R, cat R, in this order");
  fault.text = words.take("apart") ? "apart" : words.take("hidden") ? "hidden" : "deducted";
  return {};
}

Result<> read_nothing(Fault&, FaultWords&) {
  return {};
}

Result<> read_cash_move(Fault& fault, FaultWords& words) {
  const CashMoveKind* kind = cash_move_kind(words.next());
  if (kind == nullptr) return malformed("expected deposit, withdrawal, dividend, interest, fee or journal");
  fault.text = kind->word;
  const auto usd = words.take_number();
  if (!usd || *usd == 0) return malformed("expected an amount of USD such as 25 or -3.1");
  if (fault.text == "deposit" && *usd < 0) return malformed("a deposit is more than nothing");
  if (fault.text == "withdrawal" && *usd > 0) return malformed("a withdrawal is less than nothing");
  fault.usd = *usd;
  fault.other_symbol = words.take_symbol();
  if (!words.take("dated")) return {};
  const auto date = parse_date(words.next());
  if (!date) return malformed("\"dated\" needs a date such as 2025-10-14");
  fault.date = *date;
  return {};
}

Result<> read_foreign_trade(Fault& fault, FaultWords& words) {
  fault.other_symbol = words.take_symbol();
  if (fault.other_symbol.empty()) return malformed("expected a symbol");
  fault.side = words.take_side();
  const auto qty = words.take_number(), price = words.take_number();
  if (!fault.side || !qty || *qty <= 0 || !price || *price <= 0) {
    return malformed("expected buy or sell, a number of shares and a price, such as KO buy 100 62.5");
  }
  fault.qty = *qty;
  fault.price = price;
  return {};
}

// ---- answers --------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 4> kMethods{"GET", "POST", "PATCH", "DELETE"};
constexpr std::array<std::string_view, 8> kServed{"/v2/account",  "/v2/positions", "/v2/orders", "/v2/clock",
                                                  "/v2/calendar", "/v2/assets",    "/v2/stocks", "/v2/aggs"};

Result<> read_slow(Fault& fault, FaultWords& words) {
  if (auto calls = read_calls(fault, words); !calls) return calls;
  const auto span = words.take_duration();
  if (!span) return malformed("expected a duration such as 90s or 5m");
  fault.amount = *span;
  return {};
}

Result<> read_wrong_keys(Fault&, FaultWords& words) {
  if (words.take("forbidden")) return {};
  return malformed("expected \"wrong-keys forbidden\"");
}

// ---- sockets --------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 5> kRefusable{"quotes", "bars", "updatedBars", "dailyBars",
                                                     "statuses"};

Result<> read_socket(Fault& fault, FaultWords& words) {
  fault.text = words.peek();
  if (words.take("data") || words.take("stream")) return {};
  return malformed("expected data or stream");
}

Result<> read_refuse_upgrade(Fault& fault, FaultWords& words) {
  if (auto socket = read_socket(fault, words); !socket) return socket;
  const auto status = integer(words.next());
  if (!status || *status < 400 || *status > 599) return malformed("expected a status between 400 and 599");
  fault.http_status = *status;
  return {};
}

Result<> read_linger(Fault& fault, FaultWords& words) {
  if (auto socket = read_socket(fault, words); !socket) return socket;
  const auto span = words.take_duration();
  if (!span) return malformed("expected a duration such as 90s or 5m");
  fault.amount = *span;
  return {};
}

Result<> read_symbol_limit(Fault& fault, FaultWords& words) {
  const auto entries = integer(words.next());
  if (!entries || *entries < 1) return malformed("expected a number of symbols, counted per channel");
  fault.qty = *entries;
  return {};
}

Result<> read_no_channel(Fault& fault, FaultWords& words) {
  fault.text = words.next();
  if (std::find(kRefusable.begin(), kRefusable.end(), fault.text) != kRefusable.end()) return {};
  return malformed("expected quotes, bars, updatedBars, dailyBars or statuses");
}

Result<> read_mute_symbol(Fault& fault, FaultWords& words) {
  fault.symbol = words.take_symbol();
  if (fault.symbol.empty()) return malformed("expected data or a symbol");
  const auto span = words.take_duration();
  if (!span) return malformed("expected a duration such as 90s or 5m after the symbol");
  fault.lasts = *span;
  return {};
}

Result<> read_thin(Fault& fault, FaultWords& words) {
  const auto share = words.take_number();
  if (!share || *share <= 0 || *share > 1) return malformed("expected a share of the volume such as 0.02");
  fault.share = *share;
  if (words.take("drop")) {
    const auto drop = words.take_number();
    if (!drop || *drop < 0 || *drop > 1) return malformed("expected a probability such as 0.3 after drop");
    fault.drop = *drop;
  }
  if (words.take("seed")) {
    const auto seed = integer(words.next());
    if (!seed) return malformed("expected a number after seed");
    fault.count = *seed;
  }
  fault.symbol = words.take_symbol();
  return {};
}

// ---- assets and terms -----------------------------------------------------------------------------

Result<> read_attributes(Fault& fault, FaultWords& words) {
  fault.kind = FaultKind::asset_attributes;
  fault.text = words.next();
  std::string_view left = fault.text;
  while (!left.empty() || fault.text.empty()) {
    const auto end = std::min(left.find(','), left.size());
    const std::string_view name = left.substr(0, end);
    if (!is_attribute(name)) {
      return malformed("\"" + std::string(name) +
                       "\" is no attribute; expected some such as ptp_no_exception,ipo");
    }
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return {};
}

Result<> read_asset(Fault& fault, FaultWords& words) {
  fault.symbol = words.take_symbol();
  if (fault.symbol.empty()) return malformed("expected a symbol");
  const std::string_view state = words.next();
  if (state == "attributes") return read_attributes(fault, words);
  if (state != "untradable" && state != "inactive" && state != "unknown") {
    return malformed("expected untradable, inactive, unknown or attributes after the symbol");
  }
  fault.text = state;
  return {};
}

Result<> read_multiplier(Fault& fault, FaultWords& words) {
  const auto value = integer(words.next());
  if (!value || (*value != 1 && *value != 2 && *value != 4)) return malformed("a multiplier is 1, 2 or 4");
  fault.qty = *value;
  return {};
}

Result<> read_buying_power(Fault& fault, FaultWords& words) {
  const auto usd = words.take_number();
  if (!usd || *usd < 0) return malformed("expected an amount of USD, 0 or more");
  fault.usd = *usd;
  return {};
}

Result<> read_refuse(Fault& fault, FaultWords& words) {
  const RefusalKind* kind = refusal_kind(words.next());
  if (kind == nullptr) {
    return malformed("expected a reason: " + refusal_words());
  }
  fault.text = kind->word;
  read_orders_met(fault, words);
  return {};
}

// ---- all of them ----------------------------------------------------------------------------------

constexpr std::array kLongForms{
    LongForm{"replace-order", "", FaultKind::replace_order, Extent::counted, read_replace_order,
             "[SYM] [buy | sell] [after D]"},
    LongForm{"rest-market", "", FaultKind::rest_market, Extent::once, read_rest_market,
             "[SYM] [buy | sell] [accepted] [during D]"},
    LongForm{"stuck-cancel", "", FaultKind::stuck_cancel, Extent::once, read_stuck_cancel,
             "D [SYM] [buy | sell]"},
    LongForm{"foreign", "order", FaultKind::foreign_order, Extent::none, read_foreign_order,
             "SYM (buy | sell) (N | all) [limit P | stop P | market] [during D]"},
    LongForm{"fees", "", FaultKind::fees, Extent::none, read_fees,
             "[sec R] [taf R] [cat R] [apart | hidden]"},
    LongForm{"cent-booking", "", FaultKind::cent_booking, Extent::none, read_nothing, ""},
    LongForm{"cash-move", "", FaultKind::cash_move, Extent::none, read_cash_move,
             "(deposit | withdrawal | dividend | interest | fee | journal) USD [SYM] [dated DATE]"},
    LongForm{"slow", "", FaultKind::slow_rest, Extent::all_day, read_slow, "[CALLS] D"},
    LongForm{"forbidden", "", FaultKind::forbidden, Extent::once, read_calls, "[CALLS]"},
    LongForm{"wrong-keys", "", FaultKind::wrong_keys_forbidden, Extent::none, read_wrong_keys, "forbidden"},
    LongForm{"hang", "", FaultKind::hang, Extent::once, read_calls, "[CALLS]"},
    LongForm{"garbage", "", FaultKind::garbage, Extent::once, read_calls, "[CALLS]"},
    LongForm{"portal", "", FaultKind::portal, Extent::once, read_calls, "[CALLS]"},
    LongForm{"trailers", "", FaultKind::trailers, Extent::once, read_calls, "[CALLS]"},
    LongForm{"refuse-upgrade", "", FaultKind::refuse_upgrade, Extent::once, read_refuse_upgrade,
             "(data | stream) STATUS"},
    LongForm{"linger", "", FaultKind::linger, Extent::none, read_linger, "(data | stream) D"},
    LongForm{"auth-failed", "", FaultKind::auth_failed, Extent::once, read_socket, "(data | stream)"},
    LongForm{"symbol-limit", "", FaultKind::symbol_limit, Extent::all_day, read_symbol_limit, "N"},
    LongForm{"no-channel", "", FaultKind::no_channel, Extent::all_day, read_no_channel, "CHANNEL"},
    LongForm{"mute", "", FaultKind::mute_symbol, Extent::none, read_mute_symbol, "SYM D"},
    LongForm{"thin", "", FaultKind::thin, Extent::none, read_thin, "SHARE [drop P] [seed N] [SYM]"},
    LongForm{"asset", "", FaultKind::asset_state, Extent::none, read_asset,
             "SYM (untradable | inactive | unknown | attributes A,B)"},
    LongForm{"account", "multiplier", FaultKind::account_multiplier, Extent::none, read_multiplier,
             "(1 | 2 | 4)"},
    LongForm{"account", "buying-power", FaultKind::account_buying_power, Extent::none, read_buying_power,
             "USD"},
    LongForm{"refuse", "", FaultKind::refuse_orders, Extent::once, read_refuse, "REASON [SYM] [buy | sell]"},
    LongForm{"foreign", "trade", FaultKind::foreign_trade, Extent::none, read_foreign_trade,
             "SYM (buy | sell) N P"},
};

std::string_view usage_of(Extent extent) {
  switch (extent) {
    case Extent::none:
      return "";
    case Extent::counted:
      return " [xN]";
    default:
      return " [xN | for D]";
  }
}

Result<Fault> read_long_fault(const LongForm& form, Fault fault, FaultWords words) {
  fault.kind = form.kind;
  if (auto read = form.read(fault, words); !read) return tl::unexpected(read.error());
  if (form.extent == Extent::none) return end_of_line(std::move(fault), words.words(), words.at());
  if (form.extent == Extent::counted && words.peek() == "for") {
    return malformed("expected \"x3\": this fault is counted");
  }
  if (form.extent == Extent::all_day && words.done()) fault.lasts = std::chrono::hours{24};
  return parse_extent(std::move(fault), words.words(), words.at());
}

}  // namespace

Result<> read_calls(Fault& fault, FaultWords& words) {
  if (words.take("rest")) return {};
  if (words.take("orders")) {
    fault.target = FaultTarget::orders;
    return {};
  }
  if (words.take("data")) {
    fault.target = FaultTarget::data;
    return {};
  }
  for (const std::string_view method : kMethods) {
    if (words.take(method)) fault.method = method;
  }
  const std::string_view path = words.peek();
  if (!path.starts_with('/')) {
    return fault.method.empty() ? Result<>() : malformed("expected a path after " + fault.method);
  }
  const bool served =
      std::any_of(kServed.begin(), kServed.end(), [path](std::string_view p) { return path.starts_with(p); });
  if (!served) return malformed("\"" + std::string(path) + "\" is not served; a path is such as /v2/account");
  fault.path = words.next();
  return {};
}

std::optional<Result<Fault>> parse_long_fault(const Fault& fault, const Words& words, std::size_t at) {
  for (const LongForm& form : kLongForms) {
    FaultWords arguments(words, at);
    if (!arguments.take(form.first)) continue;
    if (!form.second.empty() && !arguments.take(form.second)) continue;
    return read_long_fault(form, fault, arguments);
  }
  return std::nullopt;
}

std::string long_fault_name(FaultKind kind) {
  if (kind == FaultKind::asset_attributes) kind = FaultKind::asset_state;  // one line, two kinds
  for (const LongForm& form : kLongForms) {
    if (form.kind != kind) continue;
    return std::string(form.first) + (form.second.empty() ? "" : " " + std::string(form.second));
  }
  return {};
}

std::string long_fault_help() {
  std::string text;
  for (const LongForm& form : kLongForms) {
    for (const std::string_view part : {form.first, form.second, form.arguments}) {
      if (part.empty()) continue;
      if (!text.empty() && text.back() != '\n') text += ' ';
      text += part;
    }
    text += std::string(usage_of(form.extent)) + "\n";
  }
  return text;
}

}  // namespace sentio::exchange
