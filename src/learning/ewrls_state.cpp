// The covariance to and from bytes: the rows still needed, both triangles and the pending downdate.

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels.h"
#include "magnitude.h"
#include "sentio/core/state_limits.h"
#include "sentio/learning/ewrls.h"

namespace sentio {

namespace {

constexpr std::uint32_t kLayout = 1;

bool within(std::span<const double> values, double most) {
  return std::all_of(values.begin(), values.end(), [most](double value) { return std::abs(value) <= most; });
}

}  // namespace

void Ewrls::save(ByteWriter& out) const {
  out.put(kLayout);
  out.put(options_.lambda);
  out.put(options_.ridge);
  out.put(options_.rederive_interval);
  out.put(options_.features);
  out.put(options_.pending_max);
  for (const std::int64_t count :
       {rows_, released_, folded_, next_rederivation_, age_, rederivations_, early_, failures_})
    out.put(count);
  for (const double value : {sigma_, ridge_now_, window_, pivots_[0], pivots_[1]}) out.put(value);
  out.put(slot_next_);
  out.put_span(a_.span());
  out.put_span(q_.span());
  out.put_span(r_.span());
  for (std::int64_t row = oldest_kept_row(); row < rows_; ++row)
    out.put_span(std::span<const double>{ring_row(row), stride()});
  for (std::int64_t row = released_; row < rows_; ++row) {
    const std::int32_t slot = slot_of_row_[pending_at(row)];
    out.put(slot);
    if (slot < 0)
      out.put_span(std::span<const double>{ring_gain(row), stride()});
    else
      out.put_span(
          std::span<const double>{inverses_.data() + static_cast<std::size_t>(slot) * triangle_, triangle_});
  }
}

Result<> Ewrls::load(ByteReader& in) {
  EwrlsOptions saved;
  std::uint32_t layout = 0;
  in.get(layout);
  in.get(saved.lambda);
  in.get(saved.ridge);
  in.get(saved.rederive_interval);
  in.get(saved.features);
  in.get(saved.pending_max);
  if (in.ok() && (layout != kLayout || saved.lambda != options_.lambda || saved.ridge != options_.ridge ||
                  saved.rederive_interval != options_.rederive_interval ||
                  saved.features != options_.features || saved.pending_max != options_.pending_max)) {
    in.fail();
    return fail(Errc::mismatch, "Ewrls::load", "the state belongs to another learner configuration");
  }
  Ewrls loaded(options_, "");
  loaded.kernels_ = kernels_;
  if (!in.ok() || !loaded.load_from(in) || !loaded.consistent()) in.fail();
  if (in.ok()) *this = std::move(loaded);
  return in.result("Ewrls::load");
}

bool Ewrls::load_from(ByteReader& in) {
  for (std::int64_t* count :
       {&rows_, &released_, &folded_, &next_rederivation_, &age_, &rederivations_, &early_, &failures_})
    in.get(*count);
  for (double* value : {&sigma_, &ridge_now_, &window_, &pivots_[0], &pivots_[1]}) in.get(*value);
  in.get(slot_next_);
  const bool counted = in.ok() && rows_ <= kStateCountMax && released_ >= 0 && released_ <= rows_ &&
                       rows_ - released_ <= options_.pending_max && folded_ >= 0 && folded_ <= rows_ &&
                       rows_ - folded_ <= fold_rows_max_ && slot_next_ >= 0 && slot_next_ < slots_;
  if (!counted) return false;
  in.get_span(a_.span());
  in.get_span(q_.span());
  in.get_span(r_.span());
  for (std::int64_t row = oldest_kept_row(); row < rows_ && in.ok(); ++row)
    in.get_span(std::span<double>{ring_row(row), stride()});
  for (std::int64_t row = released_; row < rows_ && in.ok(); ++row) {
    std::int32_t slot = -1;
    in.get(slot);
    if (slot < -1 || slot >= slots_) return false;
    slot_of_row_[pending_at(row)] = slot;
    if (slot < 0) {
      in.get_span(std::span<double>{ring_gain(row), stride()});
    } else {
      if (slot_row_[static_cast<std::size_t>(slot)] >= 0) return false;
      slot_row_[static_cast<std::size_t>(slot)] = row;
      in.get_span(std::span<double>{inverse_slot(slot), triangle_});
    }
  }
  return in.ok();
}

/// What holds of every state this class can be in, so that foreign bytes cannot poison it.
bool Ewrls::consistent() const {
  const auto count = [](std::int64_t n) { return n >= 0 && n <= kStateCountMax; };
  const bool scalars = sigma_ >= 1 && std::isfinite(sigma_) && ridge_now_ >= 0 && ridge_now_ <= options_.ridge &&
                       window_ >= 0 && window_ <= kStateSquareMax && count(age_) && count(next_rederivation_) &&
                       next_rederivation_ - rows_ < options_.rederive_interval && count(failures_) &&
                       count(early_) && count(rederivations_);
  return scalars && within(ring_x_.span(), kMagnitudeMax) && within(a_.span(), kStateSquareMax) &&
         within(q_.span(), kStateSquareMax) && within(r_.span(), kStateSquareMax) &&
         within(ring_gain_.span(), kStateSquareMax) && within(inverses_.span(), kStateSquareMax) &&
         std::isfinite(pivots_[0]) && std::isfinite(pivots_[1]);
}

}  // namespace sentio
