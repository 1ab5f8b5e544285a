#include "start/start_questions.h"

#include "sentio/core/client_order_id.h"

namespace sentio {

namespace {

/// Orders older than that explain no position of an account that is flat every evening, with room for one
/// evening that went wrong before a holiday.
constexpr std::chrono::days kOrdersReach{7};
constexpr std::chrono::milliseconds kMachineDelay{300};

std::vector<BrokerOrder> orders_of(Date date, const std::vector<BrokerOrder>& orders) {
  std::vector<BrokerOrder> kept;
  for (const BrokerOrder& order : orders) {
    const auto id = parse_client_order_id(order.client_order_id);
    if (!id || id->session == date) kept.push_back(order);
  }
  return kept;
}

}  // namespace

Result<BrokerAccount> ask_account(BrokerAccountInterface& broker) {
  auto account = broker.account();
  if (account) return account;
  Error error = account.error();
  if (error.code == Errc::unauthorized) {
    error.detail = "the broker refused the API keys (" + error.detail +
                   "); check them, and that they belong to this kind of account, paper or real";
  }
  if (error.code == Errc::network || error.code == Errc::timed_out) {
    error.detail += "; check the network, this machine's date, any proxy in between, and the broker's status page";
  }
  return tl::unexpected(std::move(error));
}

Result<AskedClock> ask_clock(BrokerAccountInterface& broker, const LivePacer& pacer) {
  const TimePoint asked = pacer.now();
  const auto clock = broker.clock();
  if (!clock) return tl::unexpected(clock.error());
  const TimePoint answered = pacer.now();
  // At sixty times real time a moment's delay of the machine is seconds.
  const auto delay = std::chrono::duration<double>(kMachineDelay) * (pacer.pace() - 1);
  const auto allowed = kClockSkewMax + std::chrono::duration_cast<std::chrono::nanoseconds>(delay);
  return AskedClock{.seconds = -std::chrono::duration<double>(clock_skew(*clock, asked, answered)).count(),
                    .verdict = check_clock(*clock, asked, answered, allowed)};
}

Result<> ask_calendar(BrokerAccountInterface& broker, const SessionHours& hours) {
  const auto day = broker.calendar(hours.date);
  if (!day) return tl::unexpected(day.error());
  return check_calendar(hours, *day);
}

Result<std::vector<std::string>> ask_assets(BrokerAccountInterface& broker, const Universe& universe) {
  std::vector<BrokerAsset> assets;
  for (const SymbolInfo& symbol : universe) {
    auto asset = broker.asset(symbol.name);
    if (asset) {
      assets.push_back(*std::move(asset));
    } else if (asset.error().code != Errc::not_found) {
      return tl::unexpected(asset.error());
    }
  }
  if (auto checked = check_assets(universe, assets); !checked) return tl::unexpected(checked.error());
  return asset_warnings(universe, assets);
}

Result<Reconciliation> ask_book(BrokerAccountInterface& broker, TimePoint now, const Universe& universe, Date date, bool adopt) {
  const auto positions = broker.positions();
  if (!positions) return tl::unexpected(positions.error());
  const auto orders = broker.orders_since(now - kOrdersReach);
  if (!orders) return tl::unexpected(orders.error());
  auto book = reconcile(universe, *positions, orders_of(date, *orders), adopt);
  return book ? book : reconcile(universe, *positions, *orders, adopt);
}

}  // namespace sentio
