#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "net_test_support.h"
#include "sentio/net/alert_worker.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;

/// What happened to a channel; outlives it.
struct Journal {
  std::mutex mutex;
  std::vector<std::string> delivered;
  Gate entered, released;
  std::atomic<bool> cancelled{false};
};

/// Waits in its first delivery until released or cancelled; refuses alerts titled "bad".
class SlowChannel final : public AlertChannel {
 public:
  explicit SlowChannel(Journal& journal) : journal_(journal) {}
  Result<> deliver(const Alert& alert) override {
    journal_.entered.open();
    if (!journal_.released.wait() || journal_.cancelled) return fail(Errc::timed_out, "slow", "cancelled");
    if (alert.title == "bad") return fail(Errc::rejected, "slow", "no");
    const std::lock_guard lock(journal_.mutex);
    journal_.delivered.push_back(alert.title);
    return {};
  }
  void cancel() override {
    journal_.cancelled = true;
    journal_.released.open();
  }

 private:
  Journal& journal_;
};

Alert titled(std::string title) {
  return Alert{AlertLevel::info, std::move(title), ""};
}

TEST(AlertWorker, DropsAndCountsInsteadOfBlocking) {
  Journal journal;
  AlertWorker worker{std::make_unique<SlowChannel>(journal), 2};
  EXPECT_TRUE(worker.post(titled("a")));
  ASSERT_TRUE(journal.entered.wait());  // "a" is under way, the queue is empty
  EXPECT_TRUE(worker.post(titled("b")));
  EXPECT_TRUE(worker.post(titled("c")));
  EXPECT_FALSE(worker.post(titled("d")));
  EXPECT_EQ(worker.counts().dropped, 1U);
  journal.released.open();
  const AlertCounts counts = worker.drain(60s);
  EXPECT_EQ(journal.delivered, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(counts.delivered, 3U);
  EXPECT_EQ(counts.dropped, 1U);
  EXPECT_FALSE(journal.cancelled);
}

TEST(AlertWorker, CountsWhatTheChannelRefused) {
  Journal journal;
  journal.released.open();
  AlertWorker worker{std::make_unique<SlowChannel>(journal)};
  worker.post(titled("bad"));
  worker.post(titled("good"));
  const AlertCounts counts = worker.drain(60s);
  EXPECT_EQ(counts.failed, 1U);
  EXPECT_EQ(counts.delivered, 1U);
  EXPECT_EQ(worker.error_latest(), "slow: no");
}

TEST(AlertWorker, DrainEndsAtItsDeadline) {
  Journal journal;
  AlertWorker worker{std::make_unique<SlowChannel>(journal)};
  worker.post(titled("a"));
  ASSERT_TRUE(journal.entered.wait());
  worker.post(titled("b"));
  const AlertCounts counts = worker.drain(20ms);
  EXPECT_TRUE(journal.cancelled);
  EXPECT_EQ(counts.delivered, 0U);
  EXPECT_EQ(counts.failed, 1U);   // the one under way
  EXPECT_EQ(counts.dropped, 1U);  // the one behind it
}

TEST(AlertWorker, TakesNothingAfterDrain) {
  Journal journal;
  journal.released.open();
  AlertWorker worker{std::make_unique<SlowChannel>(journal)};
  (void)worker.drain(60s);
  EXPECT_FALSE(worker.post(titled("late")));
  EXPECT_EQ(worker.drain(0ms).dropped, 1U) << "a second drain is harmless";
}

}  // namespace
}  // namespace sentio::test
