#pragma once
/// The verb exchange-sim without its command line.

#include <functional>
#include <stop_token>

#include "sentio/exchange/exchange_server.h"

namespace sentio {

/// Serves until `stop` is requested. `ready` is called once with the port.
[[nodiscard]] Result<> run_exchange(const ExchangeOptions& options,
                                    const std::function<void(int port)>& ready, std::stop_token stop);

}  // namespace sentio
