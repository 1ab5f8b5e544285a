// What sockets ask: places that linger, and the thin tape of one exchange.
#include <algorithm>
#include <cmath>

#include "book/exchange.h"
#include "sentio/core/bytes.h"

namespace sentio::exchange {

namespace {

/// In [0, 1), the same for the same symbol, minute and seed.
double chance(const std::string& symbol, TimePoint start, int seed) {
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15ULL;
  const std::string key = symbol + "|" + std::to_string(epoch_seconds(start)) + "|" + std::to_string(seed);
  std::uint64_t hash = fnv1a(key);
  hash = (hash ^ (hash >> 32U)) * kMix;
  return static_cast<double>(hash >> 11U) / 9007199254740992.0;  // 2^53
}

}  // namespace

void Exchange::lost_socket(const std::string& path) {
  const auto span = path == "/stream" ? stream_lingers_ : data_lingers_;
  if (span.count() > 0) lingering_[path] = now() + span;
}

bool Exchange::place_lingers(const std::string& path) const {
  const auto found = lingering_.find(path);
  return found != lingering_.end() && now() < found->second;
}

void Exchange::thin_out(const Fault& fault) {
  thin_.push_back({fault, fault.at ? now() : TimePoint::min()});
}

std::optional<Bar> Exchange::on_iex(SymbolId symbol, Bar bar) const {
  const std::string& name = universe()[symbol].name;
  const auto rule = std::find_if(thin_.rbegin(), thin_.rend(), [&](const Thin& t) {
    return (t.fault.symbol.empty() || t.fault.symbol == name) && bar_end(bar) > t.from;
  });
  if (rule == thin_.rend()) return bar;
  if (chance(name, bar.start, rule->fault.count) < rule->fault.drop) return std::nullopt;
  bar.volume = std::max(1.0, std::floor(bar.volume * rule->fault.share));
  return bar;
}

std::optional<DataItem> Exchange::on_iex(DataItem item) const {
  if (item.kind == DataKind::quote || item.kind == DataKind::status) return item;
  if (item.kind == DataKind::daily_bar) return item;
  const auto bar = on_iex(item.symbol, item.bar);
  if (!bar) return std::nullopt;
  item.bar = *bar;
  return item;
}

}  // namespace sentio::exchange
