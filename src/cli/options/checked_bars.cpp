#include "options/checked_bars.h"

namespace sentio::cli {

BarStamp stamp_of(const CommonOptions& common) {
  return common.stamp == "end" ? BarStamp::end : BarStamp::start;
}

AcceptedData accepted_or_finish(const CommonOptions& common) {
  return value_or_finish(parse_accepted_data(common.accept_data));
}

DataReview review_or_finish(const CommonOptions& common, const std::vector<SymbolBars>& bars, const Universe& universe,
                            const LoadPlan& plan) {
  DataReview review{.accepted = accepted_or_finish(common)};
  review.findings = check_load(bars, {universe.begin(), universe.end()}, plan);
  for (const Finding& finding : review.findings) {
    if (!stops(finding, review.accepted)) print_warning(load_line(finding, review.accepted));
  }
  value_or_finish(refuse_load(review.findings, review.accepted));
  return review;
}

CheckedBars checked_bars_or_finish(const CommonOptions& common, const Universe& universe, const LoadPlan& plan,
                                   int jobs) {
  (void)accepted_or_finish(common);  // a wrong word is said before minutes of reading
  const auto& first = plan.warm_up.empty() ? plan.traded.front() : plan.warm_up.front();
  const auto& last = plan.traded.empty() ? plan.warm_up.back() : plan.traded.back();
  CheckedBars checked{.bars = value_or_finish(load_bars(
                          common.data_dir, universe, {.first = first.date, .last = last.date, .stamp = stamp_of(common)}, jobs))};
  checked.review = review_or_finish(common, checked.bars, universe, plan);
  return checked;
}

}  // namespace sentio::cli
