#include "wire/data_wire.h"

#include <algorithm>
#include <cmath>

namespace sentio::exchange {

namespace {

std::int64_t epoch_milliseconds(TimePoint t) {
  return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

std::int64_t shares(double volume) {
  return static_cast<std::int64_t>(volume);
}

/// Whole shares as an integer, like the real service. A recording with fractions keeps them: a rehearsal must
/// see the bars that mock sees.
Json volume_json(double volume) {
  if (volume != std::floor(volume)) return volume;
  return shares(volume);
}

std::string_view type_of(DataKind kind) {
  switch (kind) {
    case DataKind::bar:
      return "b";
    case DataKind::updated_bar:
      return "u";
    case DataKind::daily_bar:
      return "d";
    case DataKind::quote:
      return "q";
    case DataKind::status:
      return "s";
  }
  return "";
}

}  // namespace

std::int64_t trade_count(const Bar& bar) {
  return std::max<std::int64_t>(1, shares(bar.volume) / 100);
}

double volume_weighted_price(const Bar& bar) {
  return rounded((bar.high + bar.low + bar.close) / 3);
}

Json bar_json(const Bar& bar) {
  return Json{{"t", format_utc(bar.start)},
              {"o", bar.open},
              {"h", bar.high},
              {"l", bar.low},
              {"c", bar.close},
              {"v", volume_json(bar.volume)},
              {"n", trade_count(bar)},
              {"vw", volume_weighted_price(bar)}};
}

Json alpaca_item(const DataItem& item, const Universe& universe) {
  Json j;
  j["T"] = type_of(item.kind);
  j["S"] = universe[item.symbol].name;
  if (item.kind == DataKind::quote) {
    j["ax"] = "V";
    j["ap"] = rounded(item.bar.close + item.half_spread);
    j["as"] = 100;
    j["bx"] = "V";
    j["bp"] = rounded(item.bar.close - item.half_spread);
    j["bs"] = 100;
    j["c"] = Json::array({"R"});
    j["t"] = format_utc(item.at);
    j["z"] = "B";
  } else if (item.kind == DataKind::status) {
    j["sc"] = item.halted ? "H" : "T";
    j["sm"] = item.halted ? "Trading Halt" : "Trading Resumption";
    j["rc"] = item.halted ? "LUDP" : "";
    j["rm"] = item.halted ? "Volatility Trading Pause" : "";
    j["t"] = format_utc(item.at);
    j["z"] = "C";
  } else {
    j.update(bar_json(item.bar));
  }
  return j;
}

Json polygon_item(const DataItem& item, const Universe& universe) {
  const Bar& bar = item.bar;
  Json j;
  if (item.kind == DataKind::quote) {
    j["ev"] = "Q";
    j["sym"] = universe[item.symbol].name;
    j["bx"] = 12;
    j["bp"] = rounded(bar.close - item.half_spread);
    j["bs"] = 100;
    j["ax"] = 12;
    j["ap"] = rounded(bar.close + item.half_spread);
    j["as"] = 100;
    j["c"] = 1;
    j["t"] = epoch_milliseconds(item.at);
    j["q"] = epoch_milliseconds(item.at) / 1000;
    j["z"] = 3;
    return j;
  }
  j["ev"] = "AM";
  j["sym"] = universe[item.symbol].name;
  j["v"] = volume_json(bar.volume);
  j["av"] = shares(item.day_volume);
  j["op"] = item.day_open;
  j["vw"] = volume_weighted_price(bar);
  j["o"] = bar.open;
  j["c"] = bar.close;
  j["h"] = bar.high;
  j["l"] = bar.low;
  j["a"] = volume_weighted_price(bar);
  j["z"] = shares(bar.volume) / trade_count(bar);
  j["s"] = epoch_milliseconds(bar.start);
  j["e"] = epoch_milliseconds(bar_end(bar));
  return j;
}

Json polygon_row(const Bar& bar) {
  return Json{{"v", volume_json(bar.volume)},
              {"vw", volume_weighted_price(bar)},
              {"o", bar.open},
              {"c", bar.close},
              {"h", bar.high},
              {"l", bar.low},
              {"t", epoch_milliseconds(bar.start)},
              {"n", trade_count(bar)}};
}

}  // namespace sentio::exchange
