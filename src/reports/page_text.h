#pragma once
/// Numbers as pages write them: a true minus sign, thousands parted, "n/a" for what does not exist.

#include <optional>
#include <string>

namespace sentio::reports_detail {

using MaybeNumber = std::optional<double>;

[[nodiscard]] std::string number_text(MaybeNumber value, int decimals);
[[nodiscard]] std::string signed_text(MaybeNumber value, int decimals);
[[nodiscard]] std::string percent_text(MaybeNumber fraction, int decimals);         ///< "52.3%"
[[nodiscard]] std::string signed_percent_text(MaybeNumber fraction, int decimals);  ///< "+0.73%", "−0.42%"

}  // namespace sentio::reports_detail
