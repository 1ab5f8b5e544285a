#pragma once
/// exchange-sim: a local server that speaks Alpaca's and Polygon's protocols over recorded bars.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/config/universe.h"
#include "sentio/core/error.h"
#include "sentio/core/time.h"
#include "sentio/data/csv_bars.h"
#include "sentio/exchange/fault_script.h"

namespace sentio {

struct ExchangeOptions {
  std::vector<SymbolBars> recordings;  ///< by SymbolId: history and the session's day; later days are ignored
  Universe universe;
  Date session{};
  FillConfig fill;
  double cash = 100'000;                                            ///< USD
  int port = 0;                                                     ///< 0 = any free one
  std::string certificate_file, key_file;                           ///< PEM; both empty: plain HTTP and ws
  std::string key_id = "exchange-key", secret = "exchange-secret";  ///< the one account's credentials
  std::string polygon_key;                                          ///< empty: key_id is accepted
  double speed = 0;                ///< times real time; 0 = lock step over /control
  int from_minute = 0;             ///< first minute that is traded
  std::optional<int> to_minute;    ///< last one; nullopt = the session's last
  std::chrono::seconds lead{300};  ///< simulated time before the first minute
  std::vector<exchange::Fault> faults;
  int rate_limit_per_minute = 200;  ///< REST calls per simulated minute, trading and data apart; 0 = none
  std::chrono::milliseconds auth_timeout{10'000};  ///< wall time until a data socket must be authenticated
  bool one_data_connection = true;  ///< a second authenticated data socket per endpoint gets 406
};

/// Figures of a run, for tests and the closing line of the command.
struct ExchangeStatistics {
  std::uint64_t requests = 0;    ///< REST calls
  std::uint64_t orders = 0;      ///< orders taken
  std::uint64_t events = 0;      ///< trade_updates sent
  std::uint64_t data_items = 0;  ///< bars, quotes and statuses sent
  bool closed = false;           ///< the session or the window is over
  double cash = 0, equity = 0;   ///< USD
};

/// Binds to 127.0.0.1 only and runs on one thread of its own. Routes, sockets and the lock-step protocol:
/// docs/exchange-sim.md (the protocol also in src/exchange/sockets/control_socket.h). Secrets are never written
/// anywhere. Threads  every member may be called from any thread.
class ExchangeServer {
 public:
  explicit ExchangeServer(ExchangeOptions options);
  ~ExchangeServer();
  ExchangeServer(const ExchangeServer&) = delete;
  ExchangeServer& operator=(const ExchangeServer&) = delete;

  /// Starts simulated time; returns the port. Errors: no_session, usage (window, faults), io (port,
  /// certificate).
  [[nodiscard]] Result<int> start();
  /// Ends all connections at once; idempotent.
  void stop();

  /// The side door of tests and drivers inside the process.
  class Control {
   public:
    explicit Control(ExchangeServer& server) : server_(&server) {}
    /// One line of the fault script, effective at once ("at" is honoured).
    [[nodiscard]] Result<> inject(std::string_view fault_line) const;
    [[nodiscard]] TimePoint now() const;
    [[nodiscard]] ExchangeStatistics statistics() const;

   private:
    ExchangeServer* server_;
  };
  [[nodiscard]] Control control() { return Control(*this); }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio
