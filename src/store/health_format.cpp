// Learner health as JSON and as a table.

#include <cstdio>

#include "sentio/store/record_format.h"

namespace sentio {

namespace {

constexpr int kDecimals = 6;

/// Their last digits mean nothing and their sizes differ by many powers of ten.
void rounded(JsonLine& line, std::string_view key, double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  line.raw(key, std::isfinite(value) ? text : "null");
}

/// All digits: sums of many days must add up to what one run would have said.
void append_sums(JsonLine& line, const ForecastSums& sums) {
  line.number("hits", sums.hits).number("sum_p", sums.p).number("sum_y", sums.y);
  line.number("sum_pp", sums.pp).number("sum_yy", sums.yy).number("sum_py", sums.py);
  line.number("rank_ic", sums.rank_correlation.value_or(NAN));
}

}  // namespace

void RecordFormatter::append(std::string& out, const HealthRecord& r) {
  const LearnerHealth& health = *r.health;
  JsonLine line = head(out, r.ts, r.bar_start, symbols_[r.symbol], symbol_hashes_[r.symbol]);
  line.boolean("healthy", r.broken.healthy()).text("limit", to_string(r.broken.limit));
  if (r.broken.horizon >= 0)
    line.integer("limit_horizon", horizons_[static_cast<std::size_t>(r.broken.horizon)]);
  line.integer("rows_learned", health.rows_learned).integer("features", health.features);
  line.number("effective_window", health.effective_window, 2);
  rounded(line, "condition", health.condition);
  rounded(line, "pivot_min", health.pivot_min);
  rounded(line, "eigenvalue_min_bound", health.eigenvalue_min);
  rounded(line, "trace_p", health.trace_p);
  line.integer("factorization_failures", health.factorization_failures);
  line.integer("early_rederivations", health.early_rederivations);
  line.begin_array("horizons");
  for (std::size_t h = 0; h < horizons_.size(); ++h) {
    const HorizonHealth& figures = health.horizon[h];
    line.begin_object_element().integer("minutes", horizons_[h]).integer("labels", figures.labels);
    line.number("directional_accuracy", figures.directional_accuracy, kDecimals);
    line.number("rmse_ratio", figures.error_ratio, kDecimals);
    line.number("prediction_variance_ratio", figures.prediction_variance, kDecimals);
    line.number("slope", figures.slope, kDecimals).number("weight_norm", figures.weight_norm, kDecimals);
    line.number("weight_drift", figures.weight_drift, kDecimals);
    append_sums(line, figures.sums);
    line.end_object_element();
  }
  line.end_array().end();
}

void RecordFormatter::append_learners_heading(std::string& out) {
  out +=
      "Learners: condition, least eigenvalue at least, trace P, effective rows/features, rows learned, "
      "failures;\n"
      "  per horizon: labels, accuracy (0.50 = no skill), RMSE ratio (1 = predicting zero), variance ratio, "
      "slope,\n"
      "  weight drift\n";
}

void RecordFormatter::append_log(std::string& out, const HealthRecord& r) {
  const LearnerHealth& health = *r.health;
  char text[192];
  std::snprintf(text, sizeof text, "%-6s %10.4g %10.4g %10.4g %8.1f/%d %8lld %3lld  ",
                symbols_[r.symbol].c_str(), health.condition, health.eigenvalue_min, health.trace_p,
                health.effective_window, health.features, static_cast<long long>(health.rows_learned),
                static_cast<long long>(health.factorization_failures));
  out += text;
  if (r.broken.healthy()) {
    out += "healthy\n";
  } else {
    out += "NO ENTRIES next session: ";
    out += to_string(r.broken.limit);
    if (r.broken.horizon >= 0)
      out += " at " + std::to_string(horizons_[static_cast<std::size_t>(r.broken.horizon)]) + " min";
    out += " beyond its limit\n";
  }
  for (std::size_t h = 0; h < horizons_.size(); ++h) {
    const HorizonHealth& figures = health.horizon[h];
    std::snprintf(text, sizeof text, "  %4d min %5lld %7.3f %9.4g %9.4g %+9.4g %8.3g\n", horizons_[h],
                  static_cast<long long>(figures.labels), figures.directional_accuracy, figures.error_ratio,
                  figures.prediction_variance, figures.slope, figures.weight_drift);
    out += text;
  }
}

}  // namespace sentio
