#pragma once
/// A line of the fault script in pieces: words, numbers, durations, extents.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/exchange/fault_script.h"

namespace sentio::exchange {

using Words = std::vector<std::string_view>;

[[nodiscard]] tl::unexpected<Error> malformed(std::string detail);
[[nodiscard]] Words words_of(std::string_view line);
[[nodiscard]] std::optional<int> integer(std::string_view text);
[[nodiscard]] std::optional<double> plain_number(std::string_view text);            ///< "10", "-10", "10.5"
[[nodiscard]] std::optional<std::chrono::seconds> duration(std::string_view text);  ///< "90s", "5m", "-30s"
/// "10:31" or "10:31:05" since midnight.
[[nodiscard]] std::optional<std::chrono::nanoseconds> wall_time(std::string_view text);
[[nodiscard]] Result<Fault> end_of_line(Fault fault, const Words& words, std::size_t used);
/// "[for D | xN]" at `at`.
[[nodiscard]] Result<Fault> parse_extent(Fault fault, const Words& words, std::size_t at);

/// Reads a line's arguments from left to right.
class FaultWords {
 public:
  FaultWords(const Words& words, std::size_t at) : words_(&words), at_(at) {}
  [[nodiscard]] bool done() const { return at_ >= words_->size(); }
  [[nodiscard]] std::string_view peek() const { return done() ? std::string_view{} : (*words_)[at_]; }
  std::string_view next() { return done() ? std::string_view{} : (*words_)[at_++]; }
  /// Takes the word when it is the next one.
  bool take(std::string_view word) {
    const bool here = peek() == word;
    if (here) ++at_;
    return here;
  }
  /// Takes a symbol when one is next: capitals, digits, dots. Other words are written in small letters.
  [[nodiscard]] std::string take_symbol();
  [[nodiscard]] std::optional<Side> take_side();
  [[nodiscard]] std::optional<std::chrono::seconds> take_duration();  ///< more than nothing
  [[nodiscard]] std::optional<double> take_number();
  [[nodiscard]] const Words& words() const { return *words_; }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  const Words* words_;
  std::size_t at_;
};

/// "[rest | orders | data | [METHOD] PATH]": which calls the fault meets.
[[nodiscard]] Result<> read_calls(Fault& fault, FaultWords& words);

/// Money that moves without a trade: the word of the script, and what Alpaca calls it.
struct CashMoveKind {
  std::string_view word, type, sub_type;
};
[[nodiscard]] const CashMoveKind* cash_move_kind(std::string_view word);  ///< nullptr: no such word

/// Why an order is refused: the word of the script, and the body of the refusal; "{}" is the symbol.
struct RefusalKind {
  std::string_view word;
  int http_status, code;
  std::string_view message;
};
[[nodiscard]] const RefusalKind* refusal_kind(std::string_view word);  ///< nullptr: no such word
[[nodiscard]] std::string refusal_words();                             ///< all of them
[[nodiscard]] bool is_attribute(std::string_view word);                ///< of an asset

/// The faults with arguments of several kinds; nullopt when the words at `at` name none of them.
[[nodiscard]] std::optional<Result<Fault>> parse_long_fault(const Fault& fault, const Words& words,
                                                            std::size_t at);
[[nodiscard]] std::string long_fault_help();
[[nodiscard]] std::string long_fault_name(FaultKind kind);  ///< empty: none of them

}  // namespace sentio::exchange
