#pragma once
/// Why a server's certificate was refused, in words.

#include <string>
#include <string_view>

namespace sentio::net {

/// `verify_result`: an X509_V_ERR_* code. "certificate of HOST has expired", "certificate is not for HOST", …
std::string certificate_trouble(long verify_result, std::string_view host);

}  // namespace sentio::net
