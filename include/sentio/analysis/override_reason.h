#pragma once
/// The operator's reason for trading against a failed pre-flight.

#include <string>
#include <string_view>

namespace sentio {

/// The reason as one harmless line of valid UTF-8: line breaks, control, invisible and direction characters
/// become blanks, broken bytes '?', runs of blanks one, none at the ends. May be empty: no reason was given.
/// Headers, reports and logs take this text only: JSON refuses broken UTF-8, terminals obey control
/// characters.
[[nodiscard]] std::string harmless_reason(std::string_view reason);

}  // namespace sentio
