#include "sentio/exchange/exchange_main.h"

#include <condition_variable>
#include <mutex>

namespace sentio {

Result<> run_exchange(const ExchangeOptions& options, const std::function<void(int port)>& ready,
                      std::stop_token stop) {
  ExchangeServer server(options);
  const auto port = server.start();
  if (!port) return tl::unexpected(port.error());
  if (ready) ready(*port);
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, stop, [] { return false; });
  server.stop();
  return {};
}

}  // namespace sentio
