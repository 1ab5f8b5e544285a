#include "watch/book_judge.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "watch/cash_movements.h"

namespace sentio {
namespace {

constexpr double kRounding = 0.01;

std::string usd_text(double usd) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", usd);
  return text;
}

/// "cash: ours 100.00 USD, the broker's 90.00 (-10.00)"
std::string cash_text(const ExpectedBook& expected, double explained, double theirs) {
  const double low = expected.cash.low + explained, high = expected.cash.high + explained;
  std::string text = "cash: ours " + usd_text(low);
  if (high > low) text += " to " + usd_text(high);
  return text + " USD, the broker's " + usd_text(theirs) + " (" + signed_usd(expected.cash.off(theirs - explained)) + ")";
}

bool moved(const std::optional<double>& told, double gap, double by) {
  return !told || std::abs(gap - *told) > by;
}

}  // namespace

std::string BookVerdict::stop() const {
  std::string text;
  if (shares_last) {
    for (const std::string& difference : shares) text += "; " + difference;
  }
  if (cash_short) text += "; " + *cash_short;
  return text.empty() ? text : "the broker's book disagrees" + text;
}

BookVerdict BookJudge::judge(const ExpectedBook& expected, const BrokerBookSnapshot& book) {
  BookVerdict verdict;
  judge_shares(expected, book, verdict);
  judge_cash(expected, book, verdict);
  return verdict;
}

void BookJudge::judge_shares(const ExpectedBook& expected, const BrokerBookSnapshot& book, BookVerdict& verdict) {
  verdict.shares = share_differences(universe_, expected, book.positions);
  const bool off = !verdict.shares.empty();
  verdict.shares_last = std::exchange(shares_off_, off) && off;
  if (off && !verdict.shares_last) verdict.settled = false;
}

void BookJudge::judge_cash(const ExpectedBook& expected, const BrokerBookSnapshot& book, BookVerdict& verdict) {
  const double pending = book.account.pending_fees, allowance = expected.allowance + pending;
  const double theirs = book.account.cash.value;
  double gap = expected.cash.off(theirs - explained_);
  // Written so that a cash that is no number is missing altogether.
  if (!(std::abs(gap) <= allowance) && !std::exchange(cash_off_, true)) {
    verdict.settled = false;
    return;
  }
  if (!(std::abs(gap) <= allowance)) gap = explain(gap, allowance, book, verdict);
  const std::string text = cash_text(expected, explained_, theirs);
  cash_off_ = !(std::abs(gap) <= allowance);
  if (cash_off_) return unexplained(gap, allowance, text, book, verdict);
  told_more_.reset();
  if (std::abs(gap) > expected.fees + pending + kRounding) small_gap(gap, allowance, text, verdict);
}

void BookJudge::small_gap(double gap, double allowance, const std::string& text, BookVerdict& verdict) {
  if (!moved(told_small_, gap, allowance / 4)) return;
  told_small_ = gap;
  verdict.lines.push_back(text + ", within what fees and rounding do");
}

/// Returns what is left of the gap.
double BookJudge::explain(double gap, double allowance, const BrokerBookSnapshot& book, BookVerdict& verdict) {
  if (!book.movements || !*book.movements) return gap;
  std::vector<AccountActivity> fresh;
  for (const AccountActivity& movement : **book.movements) {
    if (!known_.contains(movement.id)) fresh.push_back(movement);
  }
  const std::vector<AccountActivity> because = explaining(fresh, gap, allowance);
  if (because.empty()) return gap;
  std::string text = "cash moved past our orders by " + signed_usd(cash_of(because)) + " USD:";
  for (const AccountActivity& movement : because) text += (&movement == because.data() ? " " : "; ") + told(movement);
  verdict.alerts.push_back(text + "; expected from now on, our own book stays as it is");
  for (const AccountActivity& movement : fresh) known_.insert(movement.id);
  explained_ += cash_of(because);
  return gap - cash_of(because);
}

void BookJudge::unexplained(double gap, double allowance, std::string text, const BrokerBookSnapshot& book,
                            BookVerdict& verdict) {
  if (!book.movements) {
    verdict.settled = false;  // asked for before anybody knew
    return;
  }
  if (!*book.movements) {
    text += "; what moved it cannot be read: " + book.movements->error().message();
  } else {
    text += ", which the account's activities do not explain";
  }
  if (!(gap > 0)) {
    verdict.cash_short = text;
    return;
  }
  if (!moved(told_more_, gap, allowance)) return;
  told_more_ = gap;
  verdict.alerts.push_back(text + "; more than we expect stops nothing");
}

}  // namespace sentio
