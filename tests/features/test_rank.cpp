// No feature is a linear combination of others (a constant included), and none is a near copy.

#include <gtest/gtest.h>

#include <Eigen/Dense>

#include "market_data.h"
#include "tape.h"

namespace sentio::testing {
namespace {

/// Real bars from the 391st on, centred and scaled: a constant among the combinations then shows as a rank
/// below 126 too.
Eigen::MatrixXd standardised(const Tape& tape) {
  const std::vector<FeatureRow> rows = rows_of(tape);
  std::vector<std::size_t> kept;
  for (std::size_t t = 390; t < rows.size(); ++t) {
    if (tape[t].sync.real()) kept.push_back(t);
  }
  Eigen::MatrixXd x(static_cast<Eigen::Index>(kept.size()), kFeatureCount);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    x.row(i) =
        Eigen::Map<const Eigen::RowVectorXd>(rows[kept[static_cast<std::size_t>(i)]].data(), kFeatureCount);
  }
  x.rowwise() -= x.colwise().mean().eval();
  const Eigen::RowVectorXd scale = (x.colwise().squaredNorm() / static_cast<double>(x.rows())).cwiseSqrt();
  for (Eigen::Index f = 0; f < kFeatureCount; ++f) {
    EXPECT_GT(scale(f), 0) << feature_table()[static_cast<std::size_t>(f)].name << " is constant";
    x.col(f) /= scale(f);
  }
  return x;
}

void expect_independent(const Tape& tape, std::size_t bars_min) {
  const Eigen::MatrixXd x = standardised(tape);
  ASSERT_GE(static_cast<std::size_t>(x.rows()), bars_min);
  // The triangle of QR has x's singular values, without squaring them as the covariance would.
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(x);
  const Eigen::MatrixXd triangle = qr.matrixQR().topRows(kFeatureCount).triangularView<Eigen::Upper>();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(triangle, Eigen::ComputeThinV);
  const double ratio = svd.singularValues()(kFeatureCount - 1) / svd.singularValues()(0);
  ::testing::Test::RecordProperty("smallest_to_largest_singular_value", std::to_string(ratio));
  Eigen::Index heaviest = 0;
  svd.matrixV().col(kFeatureCount - 1).cwiseAbs().maxCoeff(&heaviest);
  EXPECT_GT(ratio, 1e-5) << "weakest direction led by "
                         << feature_table()[static_cast<std::size_t>(heaviest)].name;

  const Eigen::MatrixXd correlation = x.transpose() * x / static_cast<double>(x.rows());
  for (Eigen::Index a = 0; a < kFeatureCount; ++a) {
    for (Eigen::Index b = 0; b < a; ++b) {
      EXPECT_LT(std::abs(correlation(a, b)), 0.9999)
          << feature_table()[static_cast<std::size_t>(a)].name << " ~ "
          << feature_table()[static_cast<std::size_t>(b)].name;
    }
  }
}

TEST(FeatureRank, IsFullOnRandomBars) {
  expect_independent(random_tape(21, 40, {.missing = 0.02}), 10000);
}

TEST(FeatureRank, IsFullOnTwentyThousandRealBars) {
  SENTIO_NEEDS_MARKET_DATA();
  for (const char* symbol : {"TQQQ", "UVXY"}) {
    SCOPED_TRACE(symbol);
    expect_independent(read_tape(market_data() / "twelve" / (std::string(symbol) + "_RTH_NH.csv.gz"), 20500),
                       20000);
  }
}

}  // namespace
}  // namespace sentio::testing
