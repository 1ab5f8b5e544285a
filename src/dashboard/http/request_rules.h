#pragma once
/// What is answered to whom, before anything is read (private, pure).
///
/// A page of another site can make a browser send requests to this machine, and by a name that it points at
/// 127.0.0.1 ("DNS rebinding") even read the answers. Such requests name that site as their Host.

#include <string>
#include <string_view>
#include <vector>

namespace sentio::dashboard_detail {

struct RequestHead {
  std::string method, target;
  std::vector<std::string> hosts;  ///< every Host field
  std::string fetch_site;          ///< Sec-Fetch-Site; empty: an older browser or no browser
};

enum class Served { refused, page, snapshot, events };

struct Verdict {
  Served what = Served::refused;
  int status = 200;
  std::string_view why;  ///< one sentence, for refusals
};

/// localhost, 127.0.0.1 or [::1], with any port: an ssh tunnel may begin at another one.
[[nodiscard]] bool names_this_machine(std::string_view host);

[[nodiscard]] Verdict judge(const RequestHead& request);

}  // namespace sentio::dashboard_detail
