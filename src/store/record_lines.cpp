#include "sentio/store/record_lines.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <variant>

namespace sentio {

namespace {

/// A key of a line and where its value goes.
template <class Line>
struct LineField {
  std::string_view key;
  std::variant<double Line::*, bool Line::*, std::string Line::*, TimePoint Line::*> member;
  bool required = true;
};

/// Takes nlohmann's parse events and fills one line at a time, without a tree in between: a month of signals
/// is a hundred thousand lines. An array of objects goes to `Inner`, where the line has one.
template <class Line>
class LineTarget {
 public:
  explicit LineTarget(std::span<const LineField<Line>> fields) : fields_(fields) {}

  void begin(Line& line) {
    line_ = &line;
    seen_ = 0;
    problem_.clear();
  }
  bool key(std::string_view name) {
    // Writers keep an order: the next key is usually the next field.
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::size_t at = (next_ + i) % fields_.size();
      if (fields_[at].key != name) continue;
      current_ = &fields_[at];
      seen_ |= 1U << at;
      next_ = at + 1;
      return true;
    }
    current_ = nullptr;
    return true;
  }
  bool number(double value) {
    if (current_ == nullptr) return true;
    const auto* member = std::get_if<double Line::*>(&current_->member);
    if (member == nullptr) return wrong("a number");
    line_->** member = value;
    return true;
  }
  bool boolean(bool value) {
    if (current_ == nullptr) return true;
    const auto* member = std::get_if<bool Line::*>(&current_->member);
    if (member == nullptr) return wrong("true or false");
    line_->** member = value;
    return true;
  }
  bool text(std::string& value) {
    if (current_ == nullptr) return true;
    if (const auto* member = std::get_if<std::string Line::*>(&current_->member)) {
      line_->** member = std::move(value);
      return true;
    }
    const auto* member = std::get_if<TimePoint Line::*>(&current_->member);
    if (member == nullptr) return wrong("text");
    return time(line_->**member, value);
  }
  bool nested() { return current_ == nullptr || wrong("a list or an object"); }

  /// What is wrong with the line that was read; empty = nothing.
  [[nodiscard]] std::string problem() const {
    if (!problem_.empty()) return problem_;
    for (std::size_t i = 0; i < fields_.size(); ++i)
      if (fields_[i].required && (seen_ & (1U << i)) == 0)
        return "has no \"" + std::string(fields_[i].key) + "\"";
    return "";
  }

 private:
  bool wrong(const char* what) {
    problem_ = "\"" + std::string(current_->key) + "\" is " + what;
    return false;
  }
  // The lines of a set share their time.
  bool time(TimePoint& out, const std::string& value) {
    if (value != last_text_) {
      const auto parsed = parse_timestamp(value);
      if (!parsed) {
        problem_ = "\"" + value + "\" is no time: " + parsed.error().detail;
        return false;
      }
      last_text_ = value;
      last_ = *parsed;
    }
    out = last_;
    return true;
  }

  std::span<const LineField<Line>> fields_;
  const LineField<Line>* current_ = nullptr;
  Line* line_ = nullptr;
  std::size_t next_ = 0;
  unsigned seen_ = 0;
  std::string problem_, last_text_;
  TimePoint last_{};
};

/// A line without lists has nothing to do here.
template <class Line>
struct InnerList {
  void reset() {}
  bool begin(Line&, std::string_view) { return false; }
  bool wanted() const { return false; }
  bool object(Line&) { return true; }
  bool object_end() { return true; }
  bool key(std::string_view) { return true; }
  bool number(double) { return true; }
  bool text(std::string&) { return true; }
  std::string problem() const { return ""; }
  void end() {}
};

constexpr LineField<HeldLine> kHeldFields[] = {{"symbol", &HeldLine::symbol},
                                               {"qty", &HeldLine::qty},
                                               {"avg_entry", &HeldLine::avg_entry},
                                               {"mark", &HeldLine::mark}};

constexpr LineField<HorizonLine> kHorizonFields[] = {
    {"minutes", &HorizonLine::minutes},       {"labels", &HorizonLine::labels},
    {"hits", &HorizonLine::hits, false},      {"sum_p", &HorizonLine::p, false},
    {"sum_y", &HorizonLine::y, false},        {"sum_pp", &HorizonLine::pp, false},
    {"sum_yy", &HorizonLine::yy, false},      {"sum_py", &HorizonLine::py, false},
    {"rank_ic", &HorizonLine::rank_ic, false}};

/// The list under one key of a line.
template <class Line, class Inner>
class InnerObjects {
 public:
  InnerObjects(std::string_view name, std::vector<Inner> Line::*list, std::span<const LineField<Inner>> fields)
      : name_(name), list_(list), target_(fields) {}

  void reset() {
    open_ = false;
    trouble_.clear();
  }
  bool begin(Line&, std::string_view key) { return open_ = key == name_; }
  [[nodiscard]] bool wanted() const { return open_; }
  bool object(Line& line) {
    target_.begin((line.*list_).emplace_back());
    return true;
  }
  bool object_end() {
    trouble_ = target_.problem();
    return trouble_.empty();
  }
  bool key(std::string_view name) { return target_.key(name); }
  bool number(double value) { return target_.number(value); }
  bool text(std::string& value) { return target_.text(value); }
  [[nodiscard]] std::string problem() const { return trouble_; }
  void end() { open_ = false; }

 private:
  std::string_view name_;
  std::vector<Inner> Line::*list_;
  LineTarget<Inner> target_;
  std::string trouble_;
  bool open_ = false;
};

template <>
struct InnerList<BookLine> : InnerObjects<BookLine, HeldLine> {
  InnerList() : InnerObjects("positions", &BookLine::positions, kHeldFields) {}
};

template <>
struct InnerList<LearnerLine> : InnerObjects<LearnerLine, HorizonLine> {
  InnerList() : InnerObjects("horizons", &LearnerLine::horizons, kHorizonFields) {}
};

/// nlohmann's SAX interface: names and signatures are its own.
template <class Line>
class LineSax {
 public:
  explicit LineSax(std::span<const LineField<Line>> fields) : target_(fields) {}

  void begin(Line& line) {
    line_ = &line;
    target_.begin(line);
    depth_ = 0;
    parse_problem_.clear();
    inner_.reset();
  }
  [[nodiscard]] std::string problem() const {
    if (!parse_problem_.empty()) return parse_problem_;
    const std::string own = target_.problem(), inner = inner_.problem();
    return inner.empty() ? own : inner;
  }

  bool null() { return number(NAN); }
  bool boolean(bool value) { return depth_ != 1 || target_.boolean(value); }
  bool number_integer(std::int64_t value) { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) { return number(value); }
  bool string(std::string& value) {
    if (inner_.wanted() && depth_ == 3) return inner_.text(value);
    return depth_ != 1 || target_.text(value);
  }
  bool binary(std::vector<std::uint8_t>&) { return false; }
  bool start_object(std::size_t) {
    ++depth_;
    if (depth_ == 1) return true;
    if (inner_.wanted() && depth_ == 3) return inner_.object(*line_);
    return depth_ != 2 || target_.nested();
  }
  bool end_object() { return --depth_ != 2 || !inner_.wanted() || inner_.object_end(); }
  bool start_array(std::size_t) {
    if (++depth_ != 2) return depth_ > 2;
    return inner_.begin(*line_, key_) || target_.nested();
  }
  bool end_array() {
    if (--depth_ == 1) inner_.end();
    return true;
  }
  bool key(std::string& name) {
    if (inner_.wanted() && depth_ == 3) return inner_.key(name);
    if (depth_ != 1) return true;
    key_ = name;
    return target_.key(name);
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    parse_problem_ = "is no JSON object";
    return false;
  }

 private:
  bool number(double value) {
    if (inner_.wanted() && depth_ == 3) return inner_.number(value);
    return depth_ != 1 || target_.number(value);
  }

  LineTarget<Line> target_;
  InnerList<Line> inner_;
  Line* line_ = nullptr;
  std::string key_, parse_problem_;
  int depth_ = 0;
};

template <class Line>
Result<std::vector<Line>> parse_lines(std::string_view text, std::string_view file,
                                      std::span<const LineField<Line>> fields) {
  std::vector<Line> lines;
  LineSax<Line> sax(fields);
  for (int number = 1; !text.empty(); ++number) {
    const auto length = text.find('\n');
    const bool torn = length == std::string_view::npos;
    const std::string_view line = text.substr(0, length);
    text.remove_prefix(torn ? text.size() : length + 1);
    sax.begin(lines.emplace_back());
    const bool parsed = nlohmann::json::sax_parse(line, &sax);
    const std::string problem = sax.problem();
    if (parsed && problem.empty()) continue;
    if (torn) {
      lines.pop_back();
      break;
    }
    return fail(Errc::malformed, std::string(file) + ":" + std::to_string(number),
                problem.empty() ? "is no JSON object" : problem);
  }
  return lines;
}

constexpr LineField<SignalLine> kSignalFields[] = {{"ts", &SignalLine::ts},
                                                   {"symbol", &SignalLine::symbol},
                                                   {"valid", &SignalLine::valid},
                                                   {"probability", &SignalLine::probability},
                                                   {"confidence", &SignalLine::confidence},
                                                   {"strength", &SignalLine::strength}};
constexpr LineField<DecisionLine> kDecisionFields[] = {
    {"ts", &DecisionLine::ts},          {"symbol", &DecisionLine::symbol},
    {"action", &DecisionLine::action},  {"reason", &DecisionLine::reason},
    {"qty", &DecisionLine::qty, false}, {"price", &DecisionLine::price, false}};
constexpr LineField<TradeLine> kTradeFields[] = {{"ts", &TradeLine::ts},
                                                 {"symbol", &TradeLine::symbol},
                                                 {"order_id", &TradeLine::order_id},
                                                 {"side", &TradeLine::side},
                                                 {"qty", &TradeLine::qty},
                                                 {"price", &TradeLine::price},
                                                 {"fees", &TradeLine::fees},
                                                 {"spread_cost", &TradeLine::spread_cost},
                                                 {"reason", &TradeLine::reason},
                                                 {"pnl", &TradeLine::pnl},
                                                 {"pnl_pct", &TradeLine::pnl_pct},
                                                 {"last_resort", &TradeLine::last_resort, false}};
constexpr LineField<BookLine> kBookFields[] = {{"ts", &BookLine::ts},
                                               {"cash", &BookLine::cash},
                                               {"equity", &BookLine::equity},
                                               {"mrd", &BookLine::mrd},
                                               {"skipped_set", &BookLine::skipped_set, false}};

constexpr LineField<LearnerLine> kLearnerFields[] = {{"ts", &LearnerLine::ts},
                                                     {"symbol", &LearnerLine::symbol}};

constexpr LineField<ExecutionPrices> kExecutionFields[] = {
    {"ts", &ExecutionPrices::ts},
    {"symbol", &ExecutionPrices::symbol},
    {"order_id", &ExecutionPrices::order_id},
    {"side", &ExecutionPrices::side},
    {"qty", &ExecutionPrices::qty},
    {"price", &ExecutionPrices::price},
    {"decision_close", &ExecutionPrices::decision_close},
    {"next_open", &ExecutionPrices::next_open},
    {"minute_open", &ExecutionPrices::minute_open},
    {"half_spread", &ExecutionPrices::half_spread},
    {"bid", &ExecutionPrices::bid},
    {"ask", &ExecutionPrices::ask},
    {"quote_age_s", &ExecutionPrices::quote_age_s}};

/// Lines of what was bought or sold: nothing else has a cost.
template <class Line>
Result<std::vector<Line>> with_known_sides(Result<std::vector<Line>> lines, std::string_view file) {
  if (!lines) return lines;
  for (std::size_t i = 0; i < lines->size(); ++i) {
    const std::string& side = (*lines)[i].side;
    if (side != "buy" && side != "sell")
      return fail(Errc::malformed, std::string(file) + ":" + std::to_string(i + 1),
                  "unknown side \"" + side + "\"");
  }
  return lines;
}

}  // namespace

Result<std::vector<SignalLine>> parse_signal_lines(std::string_view text, std::string_view file) {
  return parse_lines<SignalLine>(text, file, kSignalFields);
}
Result<std::vector<DecisionLine>> parse_decision_lines(std::string_view text, std::string_view file) {
  return parse_lines<DecisionLine>(text, file, kDecisionFields);
}
Result<std::vector<TradeLine>> parse_trade_lines(std::string_view text, std::string_view file) {
  return with_known_sides(parse_lines<TradeLine>(text, file, kTradeFields), file);
}
Result<std::vector<BookLine>> parse_book_lines(std::string_view text, std::string_view file) {
  return parse_lines<BookLine>(text, file, kBookFields);
}
Result<std::vector<LearnerLine>> parse_learner_lines(std::string_view text, std::string_view file) {
  return parse_lines<LearnerLine>(text, file, kLearnerFields);
}
Result<std::vector<ExecutionPrices>> parse_execution_lines(std::string_view text, std::string_view file) {
  return with_known_sides(parse_lines<ExecutionPrices>(text, file, kExecutionFields), file);
}

}  // namespace sentio
