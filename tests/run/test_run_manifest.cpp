/// The manifest changes with the rules and with nothing else.

#include <gtest/gtest.h>

#include "mock_world.h"
#include "sentio/run/run_manifest.h"

namespace sentio {
namespace {

using testing::MockWorld;

class RunManifest : public ::testing::Test {
 protected:
  [[nodiscard]] Manifest manifest() const {
    const MockOptions& o = world_.options;
    return run_manifest(o.config, o.universe, o.fees, bar_file_hashes(world_.bars));
  }
  MockWorld world_ = testing::walking_world(testing::day(2025, 7, 1), testing::day(2025, 7, 1), 1, 7, {});
};

TEST_F(RunManifest, IsTheSameForTheSameRules) {
  const Manifest one = manifest();
  EXPECT_TRUE(one.given());
  EXPECT_EQ(one.configuration.size(), 16U);
  EXPECT_EQ(one.binary.substr(0, 6), "1.0.0+");
  EXPECT_EQ(one.calendar.substr(0, 15), "NYSE 2018-2030 ");
  world_.options.capital = Usd{5'000};
  world_.options.jobs = 7;
  world_.options.config_name = "elsewhere.json";
  EXPECT_EQ(manifest(), one);
}

TEST_F(RunManifest, RotationIsConfigurationButShapesNoLearning) {
  const Manifest one = manifest();
  world_.options.config.rotation.max_positions = 1;
  EXPECT_NE(manifest().configuration, one.configuration);
  EXPECT_EQ(manifest().learning, one.learning);
}

TEST_F(RunManifest, FeesAndFillsAreConfiguration) {
  const Manifest one = manifest();
  world_.options.config.fill.timing = FillTiming::same_close;
  EXPECT_NE(manifest().configuration, one.configuration);
  world_.options.config.fill.timing = FillTiming::next_open;
  world_.options.fees = FeeTable({{.from = testing::day(2024, 5, 22), .sec_rate = 1e-6}});
  EXPECT_NE(manifest().configuration, one.configuration);
}

TEST_F(RunManifest, FilesAreNamedByTheirSymbols) {
  EXPECT_TRUE(manifest().data_files.empty()) << "bars of a test come from no file";
  world_.bars[1].content_hash = 0xab;
  EXPECT_EQ(manifest().data_files,
            (std::map<std::string, std::string>{{world_.bars[1].symbol, "00000000000000ab"}}));
}

}  // namespace
}  // namespace sentio
