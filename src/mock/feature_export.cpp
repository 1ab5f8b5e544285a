#include "sentio/mock/feature_export.h"

#include <cmath>
#include <limits>

#include "sentio/core/text/json_line.h"
#include "sentio/execution/rotation_position_manager.h"
#include "sentio/features/unified_feature_engine.h"
#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/mock/day_tape.h"
#include "sentio/strategy/label_book.h"

namespace sentio {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct Row {
  int minute = 0;
  SyncBar bar;
  FeatureRow values{};
  PerHorizon r{}, y{};
  bool labelled = false, learnable = false;
};

/// Feeds sessions in order and prints those that were asked for.
class Exporter {
 public:
  Exporter(const StrategyConfig& config, const FeatureExportOptions& options)
      : config_(config), options_(options), synchronizer_(config.data), labels_(config.learner) {}

  void header();
  void session(const DayTape& tape);
  std::string take() { return std::move(out_); }

 private:
  void minute(const SessionHours& hours, int i, const std::optional<Bar>& bar);
  void note(std::span<const ResolvedLabel> labels);
  void print(const SessionHours& hours, const Row& row);
  void cell(double value) {
    out_.push_back(',');
    if (std::isfinite(value)) append_number(out_, value);
  }

  const StrategyConfig& config_;
  FeatureExportOptions options_;
  SymbolSynchronizer synchronizer_;
  UnifiedFeatureEngine engine_;
  FeatureStandardizer standardizer_;
  LabelBook labels_;
  std::vector<Row> rows_;  // of the session
  std::string out_;
};

void Exporter::header() {
  out_ += "timestamp,minute,real,open,high,low,close,volume";
  for (const auto& f : feature_table()) out_.append(",").append(f.name);
  for (const int h : config_.learner.horizons) out_ += ",r_" + std::to_string(h);
  for (const int h : config_.learner.horizons) out_ += ",y_" + std::to_string(h);
  out_.push_back('\n');
}

void Exporter::note(std::span<const ResolvedLabel> labels) {
  for (const ResolvedLabel& label : labels) {
    for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
      if (row->minute != label.minute) continue;
      row->r[static_cast<std::size_t>(label.h)] = label.r;
      row->y[static_cast<std::size_t>(label.h)] = label.y;
      break;
    }
  }
}

void Exporter::minute(const SessionHours& hours, int i, const std::optional<Bar>& bar) {
  Row row;
  row.minute = i;
  row.bar = synchronizer_.next(hours.minute_start(i), bar);
  if (!row.bar.has_price) return;
  const bool real = row.bar.real();
  if (real) note(labels_.on_real_bar(i, row.bar.bar.open, row.bar.bar.close));
  engine_.update(i, row.bar);
  row.values = engine_.raw();
  if (real) {
    FeatureRow z{};
    const bool valid = standardizer_.transform(engine_.raw(), z);
    if (options_.standardized) row.values = z;
    row.labelled = labels_.labelled(i);
    row.learnable = row.labelled && valid && labels_.sigma_valid();
    if (row.labelled) labels_.add(i, row.learnable, {});
  }
  rows_.push_back(row);
}

void Exporter::session(const DayTape& tape) {
  const SessionHours& hours = tape.hours();
  rows_.clear();
  synchronizer_.begin_session();
  engine_.begin_session(hours);
  labels_.begin_session(scaled_minute(config_.rotation.eod_exit_time_minutes, hours.minutes));
  for (int i = 0; i < hours.minutes; ++i) minute(hours, i, tape.symbol(0)[static_cast<std::size_t>(i)]);
  note(labels_.end_session());
  if (hours.date < options_.first || hours.date > options_.last) return;
  for (const Row& row : rows_) print(hours, row);
}

void Exporter::print(const SessionHours& hours, const Row& row) {
  const Bar& bar = row.bar.bar;
  out_ += format_new_york(hours.minute_start(row.minute));
  out_ += "," + std::to_string(row.minute) + (row.bar.real() ? ",1" : ",0");
  for (const double v : {bar.open, bar.high, bar.low, bar.close, bar.volume}) cell(v);
  const bool shown = row.bar.real() || !options_.standardized;
  for (const double v : row.values) cell(shown ? v : kUnknown);
  const std::size_t horizons = config_.learner.horizons.size();
  for (std::size_t h = 0; h < horizons; ++h) cell(row.labelled ? row.r[h] : kUnknown);
  for (std::size_t h = 0; h < horizons; ++h) cell(row.learnable ? row.y[h] : kUnknown);
  out_.push_back('\n');
}

}  // namespace

Result<std::string> export_features(const SymbolBars& bars, const StrategyConfig& config,
                                    const FeatureExportOptions& options) {
  Exporter exporter(config, options);
  exporter.header();
  // A day without any bar would come out as forward-filled rows that look like data.
  for (const SessionHours& hours : NyseCalendar::sessions(options.first, options.last)) {
    if (DayTape(hours, std::span(&bars, 1)).real_bars() > 0) continue;
    return fail(Errc::not_found, bars.file, "no bar of " + bars.symbol + " on " + format_date(hours.date));
  }
  if (!bars.bars.empty()) {
    const Date first = new_york_date(bars.bars.front().start);
    for (const SessionHours& hours : NyseCalendar::sessions(first, options.last)) {
      exporter.session(DayTape(hours, std::span(&bars, 1)));
    }
  }
  return exporter.take();
}

}  // namespace sentio
