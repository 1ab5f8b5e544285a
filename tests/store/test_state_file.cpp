/// A warm-up state is loaded whole or refused.

#include <gtest/gtest.h>

#include "scratch_folder.h"
#include "sentio/store/atomic_file.h"
#include "sentio/store/state_file.h"

namespace sentio {
namespace {

using Bytes = std::vector<std::uint8_t>;

const StateHeader kHeader{
    .learning_hash = 0x1122'3344'5566'7788ULL,
    .feature_schema = 0x99aa'bbcc'ddee'ff00ULL,
    .last_session = Date{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{25}},
    .sessions = 19,
    .sessions_wanted = 20,
    .synthetic = true};

Bytes small_state() {
  Bytes payload;
  for (int i = 0; i < 40; ++i) payload.push_back(static_cast<std::uint8_t>(i * 37));
  return encode_state(kHeader, payload);
}

TEST(StateFile, HeaderAndPayloadReadBack) {
  const testing::ScratchFolder folder;
  const auto file = folder / "a/warmup_state.bin";
  const Bytes payload{1, 2, 3, 0, 255};
  ASSERT_TRUE(write_state(file, kHeader, payload));
  const auto state = read_state(file);
  ASSERT_TRUE(state) << state.error().message();
  EXPECT_EQ(state->header, kHeader);
  EXPECT_EQ(state->payload, payload);
  ASSERT_TRUE(decode_state(encode_state(kHeader, {}), "empty"));
}

TEST(StateFile, IsRefusedWhenCutAnywhere) {
  const Bytes whole = small_state();
  ASSERT_TRUE(decode_state(whole, "x"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto state = decode_state(std::span(whole).first(size), "cut.bin");
    ASSERT_FALSE(state) << size;
    EXPECT_EQ(exit_code(state.error().code), ExitCode::data) << size;
    EXPECT_EQ(state.error().where, "cut.bin");
  }
}

TEST(StateFile, IsRefusedWithAnyBitFlipped) {
  const Bytes whole = small_state();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = whole;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << bit));
      const auto state = decode_state(damaged, "flipped.bin");
      ASSERT_FALSE(state) << at << " bit " << bit;
      EXPECT_EQ(exit_code(state.error().code), ExitCode::data);
    }
  }
}

TEST(StateFile, IsRefusedWithBytesAddedAtTheEnd) {
  Bytes longer = small_state();
  longer.push_back(0);
  EXPECT_FALSE(decode_state(longer, "longer.bin"));
}

TEST(StateFile, NamesTheVersionOfAnotherProgramsState) {
  Bytes older = small_state();
  older[8] = static_cast<std::uint8_t>(kStateVersion + 6);  // after the magic, little-endian
  const auto state = decode_state(older, "older.bin");
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, Errc::mismatch);
  EXPECT_NE(state.error().detail.find("version " + std::to_string(kStateVersion + 6)), std::string::npos);
  EXPECT_NE(state.error().detail.find("warmup-multi"), std::string::npos);
}

TEST(StateFile, AFileOfAnotherKindIsNotAState) {
  const testing::ScratchFolder folder;
  const auto file = folder / "bars.csv";
  ASSERT_TRUE(write_file_atomically(file, "timestamp,open,high,low,close,volume\n"));
  const auto state = read_state(file);
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, Errc::malformed);
  EXPECT_NE(state.error().detail.find("is not a sentio warm-up state"), std::string::npos);
  EXPECT_EQ(read_state(folder / "absent.bin").error().code, Errc::not_found);
}

}  // namespace
}  // namespace sentio
