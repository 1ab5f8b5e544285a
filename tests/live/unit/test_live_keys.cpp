/// Where keys come from, and that they go nowhere else; where a session connects.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "scratch_folder.h"
#include "sentio/live/live_endpoints.h"
#include "sentio/live/live_keys.h"

namespace sentio {
namespace {

namespace fs = std::filesystem;

/// In every value of these tests; must never be in an error.
constexpr const char* kSecret = "S3CR3T";

class LiveKeysTest : public ::testing::Test {
 protected:
  void write(const std::string& text, fs::perms mode = fs::perms::owner_read | fs::perms::owner_write) {
    std::ofstream(file) << text;
    fs::permissions(file, mode);
  }
  Result<LiveKeys> load(LiveAccount account = LiveAccount::paper) const {
    auto keys = load_live_keys(account, file, [this](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? nullptr : found->second.c_str();
    });
    if (!keys) {
      EXPECT_EQ(keys.error().message().find(kSecret), std::string::npos) << keys.error().message();
      EXPECT_EQ(keys.error().message().find('\n'), std::string::npos) << "one line";
    }
    return keys;
  }

  testing::ScratchFolder folder;
  fs::path file = folder / "config.env";
  std::map<std::string, std::string> variables;
};

TEST_F(LiveKeysTest, ComeFromTheFile) {
  write(
      "ALPACA_PAPER_API_KEY=S3CR3T-k\nexport ALPACA_PAPER_SECRET_KEY='S3CR3T-s' # paper\n"
      "ALPACA_API_KEY=S3CR3T-rk\nALPACA_SECRET_KEY=S3CR3T-rs\nPOLYGON_API_KEY=S3CR3T-p\n");
  const auto paper = load();
  ASSERT_TRUE(paper) << paper.error().message();
  EXPECT_EQ(paper->key_id, "S3CR3T-k");
  EXPECT_EQ(paper->secret_key, "S3CR3T-s");
  EXPECT_EQ(paper->polygon_key, "S3CR3T-p");
  EXPECT_FALSE(paper->file_readable_by_others);
  const auto real = load(LiveAccount::real);
  ASSERT_TRUE(real) << real.error().message();
  EXPECT_EQ(real->key_id, "S3CR3T-rk");
  EXPECT_EQ(real->secret_key, "S3CR3T-rs");
}

TEST_F(LiveKeysTest, TheEnvironmentWinsNameByNameUnlessEmpty) {
  write("ALPACA_PAPER_API_KEY=S3CR3T-file\nALPACA_PAPER_SECRET_KEY=S3CR3T-s\n");
  variables = {{"ALPACA_PAPER_API_KEY", "S3CR3T-env"}, {"ALPACA_PAPER_SECRET_KEY", ""}};
  const auto keys = load();
  ASSERT_TRUE(keys) << keys.error().message();
  EXPECT_EQ(keys->key_id, "S3CR3T-env");
  EXPECT_EQ(keys->secret_key, "S3CR3T-s");
}

TEST_F(LiveKeysTest, NeedNoFile) {
  variables = {{"ALPACA_API_KEY", "S3CR3T-k"}, {"ALPACA_SECRET_KEY", "S3CR3T-s"}};
  EXPECT_TRUE(load(LiveAccount::real));
  file = "/dev/null";
  EXPECT_TRUE(load(LiveAccount::real)) << "everybody may read it, but there is nothing in it";
}

TEST_F(LiveKeysTest, MissingOnesAreNamedWithTheNextStep) {
  auto keys = load();
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, Errc::unauthorized);
  EXPECT_EQ(exit_code(keys.error().code), ExitCode::broker);
  EXPECT_EQ(keys.error().message(),
            "ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY: are not set; cp config.env.example " +
                file.string() + " && chmod 600 " + file.string() + " and fill it in, or set the environment");
  write("ALPACA_API_KEY=S3CR3T-k\nALPACA_SECRET_KEY=\n");
  keys = load(LiveAccount::real);
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().message(), "ALPACA_SECRET_KEY: is not set; fill in " + file.string() +
                                        " (config.env.example shows how) or set the environment")
      << "cp would overwrite the other key";
}

TEST_F(LiveKeysTest, WhatCannotBeAKeyIsRefusedWithoutShowingIt) {
  for (const char* value : {"'S3CR3T your key here'", "S3CR3T\xc3\xa9", "' S3CR3T'"}) {
    write("ALPACA_PAPER_API_KEY=" + std::string(value) + "\nALPACA_PAPER_SECRET_KEY=S3CR3T\n");
    const auto keys = load();
    ASSERT_FALSE(keys) << value;
    EXPECT_EQ(keys.error().code, Errc::unauthorized);
    EXPECT_EQ(keys.error().where, "ALPACA_PAPER_API_KEY");
  }
  write("");
  for (const char* value : {"S3CR3T\n", "S3CR3T\x7f", "\tS3CR3T"}) {
    variables = {{"ALPACA_PAPER_API_KEY", "S3CR3T"}, {"ALPACA_PAPER_SECRET_KEY", value}};
    const auto keys = load();
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().where, "ALPACA_PAPER_SECRET_KEY");
  }
}

TEST_F(LiveKeysTest, PolygonHasTwoNamesAndIsOptional) {
  variables = {{"ALPACA_PAPER_API_KEY", "S3CR3T-k"}, {"ALPACA_PAPER_SECRET_KEY", "S3CR3T-s"}};
  EXPECT_EQ(load()->polygon_key, "");
  variables["MASSIVE_API_KEY"] = "S3CR3T-m";
  EXPECT_EQ(load()->polygon_key, "S3CR3T-m");
  variables["POLYGON_API_KEY"] = "S3CR3T-p";
  EXPECT_EQ(load()->polygon_key, "S3CR3T-p");
  variables["POLYGON_API_KEY"] = "put it here";
  EXPECT_EQ(load()->polygon_key, "S3CR3T-m");
}

TEST_F(LiveKeysTest, AFileThatOthersCanReadIsRefusedForRealMoney) {
  const std::string text =
      "ALPACA_API_KEY=S3CR3T\nALPACA_SECRET_KEY=S3CR3T\nALPACA_PAPER_API_KEY=S3CR3T\n"
      "ALPACA_PAPER_SECRET_KEY=S3CR3T\n";
  for (const auto others : {fs::perms::group_read, fs::perms::others_read}) {
    write(text, fs::perms::owner_read | others);
    const auto real = load(LiveAccount::real);
    ASSERT_FALSE(real);
    EXPECT_EQ(real.error().code, Errc::usage);
    EXPECT_NE(real.error().detail.find("chmod 600 " + file.string()), std::string::npos);
    const auto paper = load();
    ASSERT_TRUE(paper);
    EXPECT_TRUE(paper->file_readable_by_others);
  }
}

TEST_F(LiveKeysTest, AFileThatDoesNotParseIsNamedByLine) {
  write("# keys\nALPACA_PAPER_API_KEY = S3CR3T\n");
  const auto keys = load();
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, Errc::usage);
  EXPECT_EQ(keys.error().where, file.string() + ":2");
  file = folder.path();
  EXPECT_EQ(load().error().code, Errc::usage) << "a folder";
}

TEST(LiveEndpoints, OfTheVendors) {
  const auto paper = live_endpoints(LiveAccount::paper, "iex", "");
  ASSERT_TRUE(paper);
  EXPECT_EQ(paper->trading_url, "https://paper-api.alpaca.markets");
  EXPECT_EQ(paper->stream_url, "wss://paper-api.alpaca.markets/stream");
  EXPECT_EQ(paper->data_url, "https://data.alpaca.markets");
  EXPECT_EQ(paper->alpaca_stream_urls, std::vector<std::string>{"wss://stream.data.alpaca.markets/v2/iex"});
  EXPECT_EQ(paper->polygon_url, "https://api.massive.com");
  EXPECT_EQ(paper->polygon_stream_urls,
            (std::vector<std::string>{"wss://socket.massive.com/stocks", "wss://socket.polygon.io/stocks"}));
  EXPECT_EQ(paper->control_url, "");
  const auto real = live_endpoints(LiveAccount::real, "sip", "");
  ASSERT_TRUE(real);
  EXPECT_EQ(real->trading_url, "https://api.alpaca.markets");
  EXPECT_EQ(real->stream_url, "wss://api.alpaca.markets/stream");
  EXPECT_EQ(real->data_url, paper->data_url);
  EXPECT_EQ(real->alpaca_stream_urls, std::vector<std::string>{"wss://stream.data.alpaca.markets/v2/sip"});
}

TEST(LiveEndpoints, AnExchangeSimStandsForAllOfThem) {
  const auto plain = live_endpoints(LiveAccount::paper, "iex", "http://127.0.0.1:8900");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->trading_url, "http://127.0.0.1:8900");
  EXPECT_EQ(plain->data_url, "http://127.0.0.1:8900");
  EXPECT_EQ(plain->polygon_url, "http://127.0.0.1:8900");
  EXPECT_EQ(plain->stream_url, "ws://127.0.0.1:8900/stream");
  EXPECT_EQ(plain->alpaca_stream_urls, std::vector<std::string>{"ws://127.0.0.1:8900/v2/iex"});
  EXPECT_EQ(plain->polygon_stream_urls, std::vector<std::string>{"ws://127.0.0.1:8900/stocks"});
  EXPECT_EQ(plain->control_url, "ws://127.0.0.1:8900/control");
  const auto secure = live_endpoints(LiveAccount::real, "sip", "https://localhost:1/");
  ASSERT_TRUE(secure);
  EXPECT_EQ(secure->trading_url, "https://localhost:1");
  EXPECT_EQ(secure->alpaca_stream_urls, std::vector<std::string>{"wss://localhost:1/v2/sip"});
  EXPECT_TRUE(live_endpoints(LiveAccount::paper, "iex", "http://[::1]:65535"));
}

TEST(LiveEndpoints, KeysGoToNoOtherMachine) {
  for (const char* url : {"http://192.168.1.5:8900",
                          "https://example.com:443",
                          "http://localhost.evil.com:80",
                          "http://127.0.0.1:80@evil.com:80",
                          "http://evil.com:80/127.0.0.1:80",
                          "http://127.0.0.2:80",
                          "http://127.0.0.1",
                          "http://127.0.0.1:",
                          "http://127.0.0.1:0",
                          "http://127.0.0.1:65536",
                          "http://127.0.0.1:80/x",
                          "http://127.0.0.1:80?x",
                          "http://127.0.0.1:80#x",
                          "http://::1:80",
                          "ws://127.0.0.1:80",
                          "127.0.0.1:80",
                          "x",
                          "http://",
                          "http:// 127.0.0.1:80",
                          "http://127.0.0.1:80\n"}) {
    const auto endpoints = live_endpoints(LiveAccount::paper, "iex", url);
    ASSERT_FALSE(endpoints) << url;
    EXPECT_EQ(endpoints.error().code, Errc::usage) << url;
  }
  EXPECT_EQ(live_endpoints(LiveAccount::paper, "otc", "").error().code, Errc::usage);
}

}  // namespace
}  // namespace sentio
