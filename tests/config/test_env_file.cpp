#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>

#include "config_test_support.h"
#include "sentio/config/env_file.h"

namespace sentio {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

struct EnvCase {
  std::string name, text, want;  ///< want: the value of K
  friend std::ostream& operator<<(std::ostream& out, const EnvCase& row) { return out << row.name; }
};
class EnvValue : public ::testing::TestWithParam<EnvCase> {};
TEST_P(EnvValue, ReadsLikeAShell) {
  const auto values = parse_env(GetParam().text, "config.env");
  ASSERT_TRUE(values) << values.error().message();
  EXPECT_THAT(*values, ElementsAre(Pair("K", GetParam().want)));
}
INSTANTIATE_TEST_SUITE_P(
    Lines, EnvValue,
    ::testing::Values(EnvCase{"Plain", "K=abc", "abc"}, EnvCase{"Empty", "K=", ""},
                      EnvCase{"CommentAfter", "K=abc # note", "abc"},
                      EnvCase{"CommentAfterNothing", "K= # note", ""}, EnvCase{"HashInside", "K=a#b", "a#b"},
                      EnvCase{"HashFirst", "K=#b", "#b"}, EnvCase{"Export", "export K=abc", "abc"},
                      EnvCase{"Indented", "  \tK=abc \t", "abc"},
                      EnvCase{"SingleQuotes", "K='a \"#$b\\'", "a \"#$b\\"},
                      EnvCase{"DoubleQuotes", R"(K="a b # c" # note)", "a b # c"},
                      EnvCase{"Escapes", R"(K="a\"b\\c\$d\e")", R"(a"b\c$d\e)"},
                      EnvCase{"EqualsInside", "K=a=b==", "a=b=="},
                      EnvCase{"CarriageReturn", "K=abc\r\n", "abc"}, EnvCase{"LaterWins", "K=1\nK=2\n", "2"},
                      EnvCase{"CommentsAndBlanks", "# first\n\n   # second\nK=abc\n\n", "abc"}),
    [](const auto& row) { return row.param.name; });

TEST(EnvFile, KeysMayHoldDigitsAndUnderscores) {
  const auto values = parse_env("_A1=x\nexport_B=y", "config.env");
  ASSERT_TRUE(values) << values.error().message();
  EXPECT_THAT(*values, ElementsAre(Pair("_A1", "x"), Pair("export_B", "y")));
}

struct BadEnvCase {
  std::string name, line;
  friend std::ostream& operator<<(std::ostream& out, const BadEnvCase& row) { return out << row.name; }
};
class MalformedEnv : public ::testing::TestWithParam<BadEnvCase> {};
TEST_P(MalformedEnv, NamesTheLineAndKeepsTheSecret) {
  const auto values = parse_env("# keys\nGOOD=1\n" + GetParam().line + "\nALSO=2\n", "config.env");
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().code, Errc::usage);
  EXPECT_EQ(values.error().where, "config.env:3");
  EXPECT_THAT(values.error().message(), Not(HasSubstr("hunter")));
}
INSTANTIATE_TEST_SUITE_P(
    Lines, MalformedEnv,
    ::testing::Values(BadEnvCase{"NoEquals", "hunter"}, BadEnvCase{"OpenDouble", "K=\"hunter"},
                      BadEnvCase{"OpenSingle", "K='hunter"}, BadEnvCase{"Blanks", "K=my hunter"},
                      BadEnvCase{"AfterQuote", "K='a'hunter"},
                      BadEnvCase{"CommentGluedToQuote", "K='a'#hunter"},
                      BadEnvCase{"QuoteInside", "K=hun\"ter"}, BadEnvCase{"BadName", "hunter-2=x"},
                      BadEnvCase{"DigitFirst", "2hunter=x"}, BadEnvCase{"NoName", "=hunter"},
                      BadEnvCase{"BlankBefore", "K =hunter"}, BadEnvCase{"BlankAfter", "K= hunter"},
                      BadEnvCase{"Control", "K=hunter\x01"}),
    [](const auto& row) { return row.param.name; });

TEST(EnvFile, ExampleNamesExactlyTheKeysOfTheContract) {
  const auto values = parse_env(testing::file_text("config.env.example"), "config.env.example");
  ASSERT_TRUE(values) << values.error().message();
  EXPECT_THAT(*values, ElementsAre(Pair("ALPACA_API_KEY", ""), Pair("ALPACA_PAPER_API_KEY", ""),
                                   Pair("ALPACA_PAPER_SECRET_KEY", ""), Pair("ALPACA_SECRET_KEY", ""),
                                   Pair("POLYGON_API_KEY", "")));
}

}  // namespace
}  // namespace sentio
