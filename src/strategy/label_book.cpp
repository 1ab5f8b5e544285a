#include "sentio/strategy/label_book.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/calendar.h"
#include "sentio/core/check.h"
#include "sentio/core/state_limits.h"

namespace sentio {

namespace {
const double kDecay = std::exp2(-1.0 / LabelBook::kHalfLifeLabels);
}

LabelBook::LabelBook(const LearnerConfig& config) : horizons_(config.horizons) {
  SENTIO_CHECK(!horizons_.empty() && horizons_.size() <= kMaxHorizons);
  sigma_.fill(kSigmaFloor);
  rows_.reserve(kFullSessionMinutes);
  resolved_.reserve(kFullSessionMinutes * horizons_.size());
}

void LabelBook::begin_session(int eod_minute) {
  SENTIO_CHECK(rows_.empty() || next_[0] == rows_.size());
  eod_minute_ = eod_minute;
  last_close_ = 0;
  rows_.clear();
  next_.fill(0);
}

bool LabelBook::sigma_valid() const {
  return std::all_of(labels_.begin(), labels_.begin() + static_cast<std::ptrdiff_t>(horizons_.size()),
                     [](std::int64_t n) { return n >= kMinimumLabels; });
}

void LabelBook::resolve(int h, Pending& row, double r) {
  const auto i = static_cast<std::size_t>(h);
  weighted_square_[i] = kDecay * weighted_square_[i] + r * r;
  weight_[i] = kDecay * weight_[i] + 1.0;
  ++labels_[i];
  ResolvedLabel label{.h = h, .minute = row.minute, .learnable = row.learnable, .r = r};
  if (row.learnable) {
    label.y = std::clamp(r / row.sigma[i], -kLabelClip, kLabelClip);
    label.prediction = row.prediction[i];
  }
  resolved_.push_back(label);
}

void LabelBook::refresh_sigma(int h) {
  const auto i = static_cast<std::size_t>(h);
  if (weight_[i] > 0) sigma_[i] = std::max(std::sqrt(weighted_square_[i] / weight_[i]), kSigmaFloor);
}

std::span<const ResolvedLabel> LabelBook::on_real_bar(int minute, double open, double close) {
  resolved_.clear();
  last_close_ = close;
  // Rows are opened by real bars, so only the newest can still be waiting for its entry bar.
  if (!rows_.empty() && rows_.back().entry == 0) rows_.back().entry = open;
  for (std::size_t h = 0; h < horizons_.size(); ++h) {
    const auto before = resolved_.size();
    for (; next_[h] < rows_.size(); ++next_[h]) {
      Pending& row = rows_[next_[h]];
      if (std::min(row.minute + 1 + horizons_[h], eod_minute_) > minute) break;
      resolve(static_cast<int>(h), row, std::log(open / row.entry));
    }
    if (resolved_.size() != before) refresh_sigma(static_cast<int>(h));
  }
  return resolved_;
}

void LabelBook::add(int minute, bool learnable, const PerHorizon& prediction) {
  SENTIO_CHECK(labelled(minute));
  SENTIO_CHECK(rows_.empty() || rows_.back().minute < minute);
  rows_.push_back({.minute = minute, .learnable = learnable, .sigma = sigma_, .prediction = prediction});
}

std::span<const ResolvedLabel> LabelBook::end_session() {
  resolved_.clear();
  if (!rows_.empty() && rows_.back().entry == 0) ++without_entry_bar_;
  for (std::size_t h = 0; h < horizons_.size(); ++h) {
    for (; next_[h] < rows_.size(); ++next_[h]) {
      Pending& row = rows_[next_[h]];
      resolve(static_cast<int>(h), row, row.entry == 0 ? 0.0 : std::log(last_close_ / row.entry));
    }
    refresh_sigma(static_cast<int>(h));
  }
  rows_.clear();
  next_.fill(0);
  return resolved_;
}

void LabelBook::save(ByteWriter& out) const {
  out.put(eod_minute_);
  out.put(last_close_);
  out.put(static_cast<std::uint64_t>(rows_.size()));
  for (const Pending& row : rows_) {
    out.put(row.minute);
    out.put(row.learnable);
    out.put(row.entry);
    out.put_span<double>(row.sigma);
    out.put_span<double>(row.prediction);
  }
  for (const auto n : next_) out.put(static_cast<std::uint64_t>(n));
  out.put_span<double>(weighted_square_);
  out.put_span<double>(weight_);
  out.put_span<double>(sigma_);
  out.put_span<std::int64_t>(labels_);
  out.put(without_entry_bar_);
}

Result<> LabelBook::load(ByteReader& in) {
  LabelBook loaded = *this;
  loaded.load_rows(in);
  in.get_span_within(loaded.weighted_square_, 0, kStateMagnitudeMax);
  in.get_span_within(loaded.weight_, 0, kStateMagnitudeMax);
  in.get_span_within(loaded.sigma_, kSigmaFloor, kStateMagnitudeMax);
  in.get_span<std::int64_t>(loaded.labels_);
  in.get_within(loaded.without_entry_bar_, std::int64_t{0}, kStateCountMax);
  const auto count = [](std::int64_t n) { return n >= 0 && n <= kStateCountMax; };
  if (!std::all_of(loaded.labels_.begin(), loaded.labels_.end(), count)) in.fail();
  if (in.ok()) *this = std::move(loaded);
  return in.result("labels");
}

void LabelBook::load_rows(ByteReader& in) {
  std::uint64_t n = 0;
  in.get_within(eod_minute_, 0, kFullSessionMinutes);
  if (in.get(last_close_) && !is_state_price(last_close_)) in.fail();
  in.get_within(n, std::uint64_t{0}, std::uint64_t{kFullSessionMinutes});
  rows_.assign(in.ok() ? n : 0, {});
  if (n > 0 && last_close_ == 0) in.fail();
  int earliest = 0;
  for (Pending& row : rows_) {
    in.get_within(row.minute, earliest, eod_minute_ - 2);
    in.get(row.learnable);
    // Only the newest row can still be waiting for its entry bar.
    const bool priced = in.get(row.entry) && is_state_price(row.entry) && (row.entry > 0 || &row == &rows_.back());
    if (!priced) in.fail();
    in.get_span_within(row.sigma, kSigmaFloor, kStateMagnitudeMax);
    in.get_span_within(row.prediction, -kStateMagnitudeMax, kStateMagnitudeMax);
    earliest = row.minute + 1;
  }
  for (std::size_t& next : next_) {
    std::uint64_t at = 0;
    in.get_within(at, std::uint64_t{0}, n);
    next = at;
  }
}

std::int64_t LabelBook::learnable_pending(int h) const {
  const auto first = rows_.begin() + static_cast<std::ptrdiff_t>(next_[static_cast<std::size_t>(h)]);
  return std::count_if(first, rows_.end(), [](const Pending& row) { return row.learnable; });
}

}  // namespace sentio
