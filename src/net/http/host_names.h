#pragma once
/// Checks on hosts and headers that HTTP and WebSocket share.

#include <string_view>

#include "sentio/net/headers.h"

namespace sentio::net {

/// localhost, 127.0.0.0/8 and ::1 (with or without brackets): traffic that never leaves this machine.
bool is_loopback(std::string_view host);

/// An IP address rather than a name (certificates carry them in another field).
bool is_ip_address(std::string_view host);

/// Whether every header has a name, and neither name nor value holds a line break or NUL: those could smuggle
/// in further headers.
bool are_sendable(const HeaderList& headers);

}  // namespace sentio::net
