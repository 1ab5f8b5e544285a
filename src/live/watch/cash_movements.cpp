#include "watch/cash_movements.h"

#include <cmath>
#include <cstdio>

#include "sentio/core/client_order_id.h"
#include "sentio/core/text/json_line.h"

namespace sentio {

std::vector<AccountActivity> not_ours(const std::vector<AccountActivity>& activities,
                                      const std::vector<BrokerOrder>& orders, const std::set<std::string>& closing) {
  std::set<std::string> ours = closing;
  for (const BrokerOrder& order : orders) {
    if (parse_client_order_id(order.client_order_id) || ours.contains(order.replaces)) ours.insert(order.id);
  }
  std::vector<AccountActivity> others;
  for (const AccountActivity& a : activities) {
    if (a.cash != 0 && (a.order_id.empty() || !ours.contains(a.order_id))) others.push_back(a);
  }
  return others;
}

double cash_of(const std::vector<AccountActivity>& movements) {
  double usd = 0;
  for (const AccountActivity& movement : movements) usd += movement.cash;
  return usd;
}

std::vector<AccountActivity> explaining(const std::vector<AccountActivity>& movements, double gap, double allowance) {
  for (std::size_t first = 0; first < movements.size(); ++first) {
    std::vector<AccountActivity> latest(movements.begin() + static_cast<std::ptrdiff_t>(first), movements.end());
    if (std::abs(gap - cash_of(latest)) <= allowance) return latest;
  }
  return {};
}

std::string signed_usd(double usd) {
  char text[40];
  std::snprintf(text, sizeof text, "%+.2f", usd);
  return text;
}

std::string told(const AccountActivity& movement) {
  std::string what = movement.what;
  if (movement.side) {
    what = *movement.side == Side::buy ? "bought " : "sold ";
    append_number(what, movement.shares, 9);
    what += " " + movement.symbol + " at ";
    append_number(what, movement.price, 4);
    what += ", not by us:";
  }
  return what + " " + signed_usd(movement.cash) + " USD";
}

}  // namespace sentio
