#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "config_test_support.h"
#include "sentio/config/fee_table.h"
#include "sentio/config/strategy_config.h"

namespace sentio {
namespace {

using testing::complaints;
using ::testing::ElementsAre;

// Rates: SEC fee rate advisories 2024-2, 2025-2, 2026-2; FINRA SR-FINRA-2024-019; CAT as far as a rate and its day are known.
struct RateCase {
  std::string name, date;
  double sec_rate, taf_per_share, taf_cap, cat_per_share;
  friend std::ostream& operator<<(std::ostream& out, const RateCase& row) { return out << row.name; }
};
class ShippedFees : public ::testing::TestWithParam<RateCase> {};
TEST_P(ShippedFees, FollowTheSchedule) {
  const auto fees = parse_fees(testing::shipped("fees.json"));
  ASSERT_TRUE(fees) << fees.error().message();
  const FeeRates& rates = fees->on(parse_date(GetParam().date).value());
  EXPECT_EQ(rates.sec_rate, GetParam().sec_rate);
  EXPECT_EQ(rates.taf_per_share, GetParam().taf_per_share);
  EXPECT_EQ(rates.taf_cap, GetParam().taf_cap);
  EXPECT_EQ(rates.cat_per_share, GetParam().cat_per_share);
  EXPECT_EQ(rates.commission, 0);
}
INSTANTIATE_TEST_SUITE_P(
    Days, ShippedFees,
    ::testing::Values(RateCase{"BeforeTheTable", "2020-03-09", 27.8e-6, 0.000166, 8.30, 0},
                      RateCase{"LastDayOf2024", "2024-12-31", 27.8e-6, 0.000166, 8.30, 0},
                      RateCase{"FirstDayOf2025", "2025-01-01", 27.8e-6, 0.000166, 8.30, 53e-6},
                      RateCase{"LastSecDay", "2025-05-13", 27.8e-6, 0.000166, 8.30, 53e-6},
                      RateCase{"FirstFreeDay", "2025-05-14", 0, 0.000166, 8.30, 53e-6},
                      RateCase{"LastDayOf2025", "2025-12-31", 0, 0.000166, 8.30, 53e-6},
                      RateCase{"FirstDayOf2026", "2026-01-01", 0, 0.000195, 9.79, 3e-6},
                      RateCase{"LastFreeDay", "2026-04-03", 0, 0.000195, 9.79, 3e-6},
                      RateCase{"SecIsBack", "2026-04-04", 20.6e-6, 0.000195, 9.79, 3e-6},
                      RateCase{"TafHolidayIsNotCounted", "2026-11-02", 20.6e-6, 0.000195, 9.79, 3e-6},
                      RateCase{"Year2027", "2027-01-04", 20.6e-6, 0.000232, 11.61, 3e-6},
                      RateCase{"Year2028", "2028-01-03", 20.6e-6, 0.000240, 12.05, 3e-6},
                      RateCase{"Later", "2031-07-01", 20.6e-6, 0.000249, 12.50, 3e-6}),
    [](const auto& row) { return row.param.name; });

TEST(FeesFile, EveryProblemIsNamed) {
  const auto fees = parse_fees({"fees.json", R"({"fees": [
      {"from": "2025-13-01", "sec_rate": 1, "taf_per_share": 0, "taf_cap": 1, "cta_per_share": 0},
      {"sec_rate": 0, "taf_per_share": "0", "taf_cap": 1}, 7], "fee": []})"});
  EXPECT_THAT(
      complaints(fees),
      ElementsAre(R"(fees.json: unknown key "fee"; did you mean "fees"?)",
                  R"(fees.json: fees[0]: unknown key "cta_per_share"; did you mean "cat_per_share"?)",
                  R"(fees.json: fees[0].from must be a date like "2025-05-14", found "2025-13-01")",
                  "fees.json: fees[0].sec_rate must be <= 0.01, was 1",
                  R"(fees.json: fees[1].taf_per_share must be a number, found "0")",
                  "fees.json: fees[1].from is missing", "fees.json: fees[2] must be an object, found 7"));
}

TEST(FeesFile, RowsMustAscend) {
  const auto fees = parse_fees({"fees.json", R"({"fees": [
      {"from": "2025-05-14", "sec_rate": 0, "taf_per_share": 0, "taf_cap": 1},
      {"from": "2025-05-14", "sec_rate": 0, "taf_per_share": 0, "taf_cap": 1}]})"});
  EXPECT_THAT(complaints(fees),
              ElementsAre("fees.json: fees[1].from must be later than that of the row before "
                          "(2025-05-14), was 2025-05-14"));
}

TEST(FeesFile, NeedsARow) {
  EXPECT_THAT(complaints(parse_fees({"fees.json", "{}"})), ElementsAre("fees.json: fees is missing"));
  EXPECT_THAT(complaints(parse_fees({"fees.json", R"({"fees": []})"})),
              ElementsAre("fees.json: fees must be a list of dated rates, found []"));
}

TEST(FeeTableDeathTest, AnEmptyTableHasNoRates) {
  EXPECT_DEATH((void)FeeTable().on(parse_date("2025-01-02").value()), "rows_.empty");
}

}  // namespace
}  // namespace sentio
