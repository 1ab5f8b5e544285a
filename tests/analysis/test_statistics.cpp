#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "sentio/analysis/statistics.h"

namespace sentio {
namespace {

// Golden values: Python 3 with numpy 2.4. mean(), std(ddof=1). Higher moments: test_golden_inference.cpp.
const std::vector<double> kTwelveDays{0.0031,  -0.0125, 0.0078,  0.0042, -0.0199, 0.0150,
                                      -0.0007, 0.0023,  -0.0088, 0.0110, 0.0005,  -0.0034};

TEST(Statistics, MomentsAgreeWithNumpy) {
  EXPECT_NEAR(*mean(kTwelveDays), -0.00011666666666666683, 1e-17);
  EXPECT_NEAR(*sample_sd(kTwelveDays), 0.009914253589777914, 1e-16);
  EXPECT_NEAR(*t_statistic(kTwelveDays), -0.0407640559899973, 1e-12);
}

TEST(Statistics, KurtosisIsRaw) {
  EXPECT_DOUBLE_EQ(*raw_kurtosis(std::vector<double>{-1, 1, -1, 1}), 1);  // the least there is
  EXPECT_DOUBLE_EQ(*skewness(std::vector<double>{-1, 1, -1, 1}), 0);
}

TEST(Statistics, QuantitiesThatDoNotExistAreEmpty) {
  const std::vector<double> none, one{0.01}, equal{0.01, 0.01, 0.01},
      broken{0.01, std::numeric_limits<double>::quiet_NaN(), 0.02}, huge{1e200, -1e200, 0},
      large{1e100, -1e100, 0};
  EXPECT_FALSE(mean(none));
  EXPECT_FALSE(sample_sd(one));
  for (const auto& values : {none, one, equal, broken, huge}) {
    EXPECT_FALSE(varies(values));
    EXPECT_FALSE(t_statistic(values));
    EXPECT_FALSE(skewness(values));
    EXPECT_FALSE(raw_kurtosis(values));
  }
  EXPECT_TRUE(varies(large));
  EXPECT_FALSE(raw_kurtosis(large));  // its fourth power is no number
}

TEST(NormalDistribution, QuantileInvertsTheDistribution) {
  for (double p = 1e-6; p < 1; p += 0.0137) EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-15) << p;
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
  EXPECT_DEATH((void)normal_quantile(0), "p > 0");
  EXPECT_DEATH((void)normal_quantile(1), "p < 1");
}

}  // namespace
}  // namespace sentio
