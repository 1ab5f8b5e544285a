#pragma once
/// Requests and replies without a wire.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio::exchange {

struct HttpRequest {
  std::string method;
  std::string target;                                       ///< as received, with the query
  std::string path;                                         ///< before '?', percent-decoded
  std::map<std::string, std::string, std::less<>> query;    ///< decoded
  std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case
  std::string body;
  bool secure = false;

  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
  [[nodiscard]] std::string query_or(std::string_view name, std::string_view otherwise) const;
  [[nodiscard]] std::vector<std::string> segments() const;  ///< "/v2/orders/x" → v2, orders, x
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json; charset=UTF-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::chrono::milliseconds delay{0};  ///< wall time before it leaves
  bool cut = false;                    ///< the connection ends instead
  bool hangs = false;                  ///< nothing is sent; the connection stays until the client ends it
  bool trailers = false;               ///< in chunks, with a header after the last one
};

/// Splits and decodes the target into path and query; '+' in a query is a blank.
void parse_target(std::string_view target, HttpRequest& request);
[[nodiscard]] std::string percent_decode(std::string_view text, bool plus_is_blank);
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);  ///< without empty parts
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace sentio::exchange
