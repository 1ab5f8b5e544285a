// A small exchange over synthetic bars for tests in other languages.
// Usage: exchange_sim_server [speed] [from_minute]. Prints the port; ends when standard input ends.
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include "sentio/exchange/exchange_main.h"
#include "synthetic_day.h"

int main(int argc, char** argv) {
  using namespace sentio;
  const Date session{std::chrono::year{2025} / 1 / 3};
  ExchangeOptions options = testing::synthetic_exchange(session, {"SPY", "SQQQ", "TQQQ"}, 5);
  options.key_id = "test-key";
  options.secret = "test-secret";
  if (argc > 1) options.speed = std::strtod(argv[1], nullptr);
  if (argc > 2) options.from_minute = std::atoi(argv[2]);
  options.lead = std::chrono::seconds{60};
  options.rate_limit_per_minute = 0;
  std::stop_source stop;
  const std::jthread until_input_ends([&stop] {
    for (std::string line; std::getline(std::cin, line);) continue;
    stop.request_stop();
  });
  const auto result = run_exchange(
      options, [](int port) { std::cout << port << std::endl; }, stop.get_token());
  if (!result) {
    std::cerr << result.error().message() << '\n';
    std::exit(static_cast<int>(exit_code(result.error().code)));  // the input thread still waits
  }
  return 0;
}
