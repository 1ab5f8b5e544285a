#include "sentio/execution/fill_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sentio/core/check.h"

namespace sentio {

namespace {

constexpr double kTicksPerUsd = 1e4;

Price rounded(double price) {
  return Price{std::max(1.0, std::round(price * kTicksPerUsd)) / kTicksPerUsd};
}

}  // namespace

FillModel::FillModel(const FillConfig& config, const Universe& universe)
    : config_(config), universe_(&universe), last_trade_(universe.size()) {}

void FillModel::begin_session() {
  working_.clear();
  std::fill(last_trade_.begin(), last_trade_.end(), Price{});
}

void FillModel::submit(const Order& order, TimePoint working_from) {
  SENTIO_CHECK(order.symbol < universe_->size());
  SENTIO_CHECK(order.qty > Qty{0});
  SENTIO_CHECK(!working(order.key));
  working_.push_back({order, working_from, order.qty.v});
}

bool FillModel::cancel(const OrderKey& order) {
  return std::erase_if(working_, [&order](const Working& w) { return w.order.key == order; }) > 0;
}

bool FillModel::working(const OrderKey& order) const {
  return std::any_of(working_.begin(), working_.end(),
                     [&order](const Working& w) { return w.order.key == order; });
}

Fill FillModel::fill_of(const Order& order, double qty, Price unspread, int half_spreads, TimePoint at) {
  const double spread = half_spreads * half_spread_per_share((*universe_)[order.symbol], unspread).v;
  Fill fill;
  fill.order = order.key;
  fill.qty = Qty{qty};
  fill.price = rounded(order.side == Side::buy ? unspread.v + spread : unspread.v - spread);
  fill.at = at;
  fill.execution = next_execution_++;
  fill.spread_cost = qty * std::abs(fill.price.v - unspread.v);
  return fill;
}

std::span<const Fill> FillModel::on_minute(TimePoint start, std::span<const std::optional<Bar>> bars,
                                           std::span<const PassedPrices> passed) {
  SENTIO_CHECK(bars.size() == last_trade_.size());
  SENTIO_CHECK(passed.empty() || passed.size() == bars.size());
  fills_.clear();
  for (Working& order : working_) {
    const auto& bar = bars[order.order.symbol];
    if (!bar || start < order.from) continue;
    const PassedPrices before = passed.empty() ? PassedPrices{} : passed[order.order.symbol];
    fill_at_open(order, *bar, Price{worst_open(*bar, before, order.order.side, order.from)});
  }
  std::erase_if(working_, [](const Working& w) { return w.left <= 0; });
  for (std::size_t id = 0; id < bars.size(); ++id) {
    if (bars[id]) last_trade_[id] = Price{bars[id]->close};
  }
  return fills_;
}

void FillModel::fill_at_open(Working& working, const Bar& bar, Price open) {
  const double share = config_.participation > 0 ? std::floor(config_.participation * bar.volume)
                                                 : std::numeric_limits<double>::infinity();
  const double within = std::min(working.left, share);
  if (within > 0) fills_.push_back(fill_of(working.order, within, open, 1, bar.start));
  working.left -= within;
  if (working.order.side == Side::buy || working.left <= 0) return;
  // Being flat comes first: what the bar cannot bear is sold all the same, at a worse price.
  fills_.push_back(fill_of(working.order, working.left, open, 2, bar.start));
  working.left = 0;
}

Fill FillModel::fill_at_close(const Order& order, const Bar& bar) {
  return fill_of(order, order.qty.v, Price{bar.close}, 1, std::max(bar_end(bar), order.decided_at));
}

FillModel::End FillModel::end_session(TimePoint close) {
  End end;
  for (const Working& working : working_) {
    const Order& order = working.order;
    if (order.side == Side::buy) {
      end.expired.push_back(order.key);
      continue;
    }
    // Without a single trade today, the close the order was decided on is the last price anybody knows.
    const Price seen = last_trade_[order.symbol];
    const Price last = seen > Price{0} ? seen : order.reference;
    end.fills.push_back(fill_of(order, working.left, last, 2, close));
    end.fills.back().last_resort = true;
  }
  working_.clear();
  return end;
}

}  // namespace sentio
