/// The hash of a bar file: any byte counts, and packing does not.

#include <gtest/gtest.h>

#include <set>

#include "csv_files.h"
#include "sentio/data/content_hash.h"
#include "sentio/data/csv_bars.h"

namespace sentio {
namespace {

TEST(ContentHash, EveryByteAndTheLengthCount) {
  const std::string text(133, 'a');
  std::set<std::uint64_t> seen{content_hash(text)};
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const char change : {'\x01', '\x80'}) {
      std::string other = text;
      other[at] = static_cast<char>(other[at] ^ change);
      EXPECT_TRUE(seen.insert(content_hash(other)).second) << at;
    }
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_TRUE(seen.insert(content_hash(text.substr(0, size))).second) << size;
}

TEST(ContentHash, TwoHighBitsDoNotCancel) {
  std::string text(128, '\0'), other = text;
  other[7] = other[39] = '\x80';
  EXPECT_NE(content_hash(text), content_hash(other));
}

// Summaries of other days hold it: it must not change. The number is from a second program, in Python.
TEST(ContentHash, IsTheReviewedNumber) {
  EXPECT_EQ(content_hash("timestamp,open,high,low,close,volume\n"), 0xBE67A2A1D72AE931ULL);
}

}  // namespace
}  // namespace sentio
