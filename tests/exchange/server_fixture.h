#pragma once
/// A running lock-step exchange over three synthetic symbols.

#include <gtest/gtest.h>

#include "exchange_client.h"
#include "synthetic_day.h"

namespace sentio::testing {

inline const Date kFixtureDay{std::chrono::year{2025} / 1 / 3};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : options(synthetic_exchange(kFixtureDay, {"SPY", "SQQQ", "TQQQ"}, 2)) {}

  /// Starts the server and connects REST and control.
  void start() {
    server = std::make_unique<ExchangeServer>(options);
    const auto started = server->start();
    ASSERT_TRUE(started) << started.error().message();
    port = *started;
    rest = std::make_unique<RestClient>(port);
    control = std::make_unique<SocketClient>(port, "/control");
    hello = control->read_json();
    minute = hello["minute"].get<int>();
  }
  /// Acknowledges and returns the next announcement.
  nlohmann::json step() {
    control->send({{"type", "ack"}, {"minute", minute}});
    nlohmann::json line = control->read_json();
    if (line["type"] == "minute") minute = line["minute"].get<int>();
    return line;
  }
  void inject(const std::string& line) {
    const auto done = server->control().inject(line);
    ASSERT_TRUE(done) << done.error().message();
  }

  ExchangeOptions options;
  std::unique_ptr<ExchangeServer> server;
  int port = 0, minute = -1;
  nlohmann::json hello;
  std::unique_ptr<RestClient> rest;
  std::unique_ptr<SocketClient> control;
};

}  // namespace sentio::testing
