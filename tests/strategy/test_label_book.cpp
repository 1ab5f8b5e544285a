#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>

#include "sentio/strategy/label_book.h"

namespace sentio {
namespace {

LearnerConfig horizons(std::vector<int> h) {
  LearnerConfig config;
  config.horizons = std::move(h);
  config.horizon_weights.assign(config.horizons.size(), 1.0 / static_cast<double>(config.horizons.size()));
  return config;
}

TEST(LabelBook, EarnsFromTheNextOpenToTheOpenHMinutesLater) {
  LabelBook book(horizons({5}));
  book.begin_session(388);
  std::map<int, double> r;
  for (int i = 0; i < 20; ++i) {
    for (const auto& label : book.on_real_bar(i, 100.0 + i, 100.5 + i)) r[label.minute] = label.r;
    book.add(i, false, {});
  }
  // Bar 0: bought at the open of bar 1, sold at the open of bar 6.
  EXPECT_DOUBLE_EQ(r.at(0), std::log(106.0 / 101.0));
  EXPECT_DOUBLE_EQ(r.at(13), std::log(119.0 / 114.0));
  EXPECT_EQ(r.count(14), 0U);  // its exit bar is still to come
}

TEST(LabelBook, EndsEveryLabelAtTheEodMinute) {
  LabelBook book(horizons({10}));
  book.begin_session(12);
  std::map<int, double> r;
  for (int i = 0; i < 20; ++i) {
    for (const auto& label : book.on_real_bar(i, 100.0 + i, 0.1)) r[label.minute] = label.r;
    if (book.labelled(i)) book.add(i, false, {});
  }
  EXPECT_TRUE(book.labelled(10));
  EXPECT_FALSE(book.labelled(11));
  EXPECT_DOUBLE_EQ(r.at(10), std::log(112.0 / 111.0));
  EXPECT_DOUBLE_EQ(r.at(5), std::log(112.0 / 106.0));
}

TEST(LabelBook, EntryAndExitAtTheSameBarEarnNothing) {
  LabelBook book(horizons({1}));
  book.begin_session(388);
  (void)book.on_real_bar(0, 100, 100);
  book.add(0, false, {});
  const auto labels = book.on_real_bar(7, 105, 105);  // bars 1-6 never came: 7 is entry and exit
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels[0].r, 0.0);
}

TEST(LabelBook, SessionEndUsesTheLastCloseAndCountsRowsWithoutAnEntry) {
  LabelBook book(horizons({5}));
  book.begin_session(388);
  (void)book.on_real_bar(0, 100, 101);
  book.add(0, false, {});
  (void)book.on_real_bar(1, 102, 104);
  book.add(1, false, {});
  const auto labels = book.end_session();
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_DOUBLE_EQ(labels[0].r, std::log(104.0 / 102.0));
  EXPECT_EQ(labels[1].r, 0.0);
  EXPECT_EQ(book.without_entry_bar(), 1);
}

TEST(LabelBook, SigmaIsTheDecayedRootMeanSquareStoredWithTheRow) {
  LabelBook book(horizons({1}));
  book.begin_session(388);
  double weighted = 0, weight = 0;
  const double decay = std::exp2(-1.0 / LabelBook::kHalfLifeLabels);
  double price = 100;
  for (int i = 0; i < 60; ++i) {
    price *= i % 2 == 0 ? 1.001 : 0.9995;
    for (const auto& label : book.on_real_bar(i, price, price)) {
      weighted = decay * weighted + label.r * label.r;
      weight = decay * weight + 1;
    }
    EXPECT_EQ(book.sigma_valid(), i - 1 >= LabelBook::kMinimumLabels) << i;
    if (weight > 0) {
      EXPECT_NEAR(book.sigma()[0], std::sqrt(weighted / weight), 1e-18);
    }
    book.add(i, false, {});
  }
}

/// The definition, written down naively: all opens of the session are known.
double obvious_return(const std::map<int, double>& opens, int i, int h, int eod, double last_close) {
  const auto entry = opens.upper_bound(i);
  if (entry == opens.end()) return 0;
  const auto exit = opens.lower_bound(std::min(i + 1 + h, eod));
  return std::log((exit == opens.end() ? last_close : exit->second) / entry->second);
}

RC_GTEST_PROP(LabelBook, MatchesTheDefinitionOnRandomSessions, ()) {
  const int h1 = *rc::gen::inRange(1, 10), h2 = h1 + *rc::gen::inRange(1, 60);
  const int eod = *rc::gen::inRange(20, 200), length = eod + *rc::gen::inRange(1, 5);
  std::map<int, double> opens;
  double last_close = 0;
  LabelBook book(horizons({h1, h2}));
  book.begin_session(eod);
  std::map<std::pair<int, int>, double> got;
  const auto note = [&](std::span<const ResolvedLabel> labels) {
    for (const auto& label : labels) {
      const std::pair key{label.h, label.minute};
      RC_ASSERT(got.count(key) == 0U);
      got[key] = label.r;
    }
  };
  for (int i = 0; i < length; ++i) {
    if (*rc::gen::inRange(0, 4) == 0) continue;  // a missing minute
    const double open = 50 + *rc::gen::inRange(-1000, 1000) / 100.0;
    last_close = open + *rc::gen::inRange(-10, 10) / 100.0;
    opens[i] = open;
    note(book.on_real_bar(i, open, last_close));
    if (book.labelled(i)) book.add(i, true, {});
  }
  note(book.end_session());
  for (const auto& [i, open] : opens) {
    if (i + 1 >= eod) continue;
    RC_ASSERT(got.at({0, i}) == obvious_return(opens, i, h1, eod, last_close));
    RC_ASSERT(got.at({1, i}) == obvious_return(opens, i, h2, eod, last_close));
  }
}

TEST(LabelBook, ResumesBitForBit) {
  const auto feed = [](LabelBook& book, int from, int to) {
    std::vector<double> r;
    for (int i = from; i < to; ++i) {
      for (const auto& label : book.on_real_bar(i, 100 + std::sin(i), 100)) r.push_back(label.r);
      book.add(i, i % 3 == 0, {0.1 * i});
    }
    return r;
  };
  LabelBook whole(horizons({1, 7})), resumed(horizons({1, 7}));
  whole.begin_session(388);
  (void)feed(whole, 0, 50);
  ByteWriter out;
  whole.save(out);
  ByteReader in(out.bytes());
  ASSERT_TRUE(resumed.load(in).has_value());
  EXPECT_EQ(feed(whole, 50, 90), feed(resumed, 50, 90));
  EXPECT_EQ(whole.sigma(), resumed.sigma());
}

}  // namespace
}  // namespace sentio
