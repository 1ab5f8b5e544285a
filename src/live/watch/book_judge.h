#pragma once
/// The broker's book beside ours, look after look: what is told, and what stops entries.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sentio/live/ledger_check.h"

namespace sentio {

/// What the broker says of the account.
struct BrokerBookSnapshot {
  BrokerAccount account;
  std::vector<BrokerPosition> positions;
  /// What moved cash today and was not ours (not_ours()), oldest first; none: not asked.
  std::optional<Result<std::vector<AccountActivity>>> movements;
};

/// What one look comes to.
struct BookVerdict {
  std::vector<std::string> shares;        ///< differences in shares
  bool shares_last = false;               ///< they were there at the look before
  std::optional<std::string> cash_short;  ///< a large shortfall that lasts and that nothing explains
  bool settled = true;                    ///< false: something differs that the next look has to judge
  std::vector<std::string> lines;         ///< for the log
  std::vector<std::string> alerts;        ///< for the log, and for people
  /// Why entries wait. Empty: they need not; unsettled as well: nothing is known yet.
  [[nodiscard]] std::string stop() const;
};

/// Shares   any difference that is there at two looks in a row stops entries: positions lag behind fills by seconds.
/// Cash     what agrees to a cent beyond the fees we have charged and those the broker has pending (whether its cash
///          has them already or not) is not told. Within the allowance it is told once, and again where it has moved by a
///          quarter of that. Beyond it, at two looks in a row, the account's movements are asked to explain it: what they
///          do explain is told once and expected from then on. More cash than that never stops anything; less does, until
///          it is explained or has gone.
/// Pure: what the ledger holds is not touched, and nothing here decides.
class BookJudge {
 public:
  /// The universe outlives it.
  explicit BookJudge(const Universe& universe) : universe_(universe) {}

  [[nodiscard]] BookVerdict judge(const ExpectedBook& expected, const BrokerBookSnapshot& book);
  /// The next snapshot should bring the movements.
  [[nodiscard]] bool wants_movements() const { return cash_off_; }
  /// USD that the account has moved past our ledger, as far as it was explained.
  [[nodiscard]] double explained() const { return explained_; }

 private:
  void judge_shares(const ExpectedBook& expected, const BrokerBookSnapshot& book, BookVerdict& verdict);
  void judge_cash(const ExpectedBook& expected, const BrokerBookSnapshot& book, BookVerdict& verdict);
  void small_gap(double gap, double allowance, const std::string& text, BookVerdict& verdict);
  void unexplained(double gap, double allowance, std::string text, const BrokerBookSnapshot& book, BookVerdict& verdict);
  [[nodiscard]] double explain(double gap, double allowance, const BrokerBookSnapshot& book, BookVerdict& verdict);

  const Universe& universe_;
  bool shares_off_ = false, cash_off_ = false;  ///< at the last look
  double explained_ = 0;
  std::set<std::string> known_;        ///< ids of movements that are in `explained_`, or were in the cash we began with
  std::optional<double> told_small_, told_more_;  ///< the gap as it was told last
};

}  // namespace sentio
