#pragma once
/// Sums and extremes over the last W minutes, O(1) amortised, without subtraction.
///
/// Time is cut into blocks of W minutes. The window at position p of a block is the last W-p rows of
/// the block before plus the first p rows of this one, so it is one precomputed suffix and one running
/// prefix. A subtracting window keeps the rounding of every value that ever passed through it (a 20 %
/// spike leaves 1e-17 behind, more than the square of a tick) and drifts; here a flat window sums to
/// exactly zero and the result depends on the W rows alone up to rounding. One array holds both: rows
/// at and after p are suffixes of the old block, rows before p are raw values of the new one.
///
/// All state is doubles and 64-bit integers without padding, so that State can be saved as bytes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace sentio::features {

/// Sums of C values a minute over the last W minutes.
template <int W, int C>
class BlockSums {
 public:
  using Row = std::array<double, C>;

  /// As if `row` had been pushed W times.
  void prime(const Row& row) {
    for (int i = 0; i < W; ++i) {
      for (int c = 0; c < C; ++c) rows_[at(i)][at(c)] = (W - i) * row[at(c)];
    }
    position_ = 0;
    prefix_ = {};
    total_ = rows_[0];
  }
  void push(const Row& row) {
    rows_[at(position_)] = row;
    ++position_;
    for (std::size_t c = 0; c < C; ++c) prefix_[c] += row[c];
    if (position_ == W) {
      total_ = prefix_;
      close_block();
      return;
    }
    const Row& suffix = rows_[at(position_)];
    for (std::size_t c = 0; c < C; ++c) total_[c] = prefix_[c] + suffix[c];
  }
  [[nodiscard]] double operator[](int component) const { return total_[at(component)]; }
  [[nodiscard]] bool valid() const { return position_ >= 0 && position_ < W; }

 private:
  static constexpr std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
  void close_block() {
    for (std::size_t i = W - 1; i-- > 0;) {
      for (std::size_t c = 0; c < C; ++c) rows_[i][c] += rows_[i + 1][c];
    }
    position_ = 0;
    prefix_ = {};
  }
  std::array<Row, W> rows_{};
  Row prefix_{}, total_{};
  std::int64_t position_ = 0;
};

/// Highest `high` and lowest `low` over the last W minutes (van Herk's two-block scheme: no deque,
/// no data-dependent branch).
template <int W>
class BlockExtremes {
 public:
  void prime(double high, double low) {
    highs_.fill(high);
    lows_.fill(low);
    position_ = 0;
    high_ = high;
    low_ = low;
  }
  void push(double high, double low) {
    const auto p = static_cast<std::size_t>(position_);
    prefix_high_ = p == 0 ? high : std::max(prefix_high_, high);
    prefix_low_ = p == 0 ? low : std::min(prefix_low_, low);
    highs_[p] = high;
    lows_[p] = low;
    ++position_;
    if (position_ == W) {
      high_ = prefix_high_;
      low_ = prefix_low_;
      close_block();
      return;
    }
    high_ = std::max(prefix_high_, highs_[p + 1]);
    low_ = std::min(prefix_low_, lows_[p + 1]);
  }
  [[nodiscard]] double high() const { return high_; }
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] bool valid() const { return position_ >= 0 && position_ < W; }

 private:
  void close_block() {
    for (std::size_t i = W - 1; i-- > 0;) {
      highs_[i] = std::max(highs_[i], highs_[i + 1]);
      lows_[i] = std::min(lows_[i], lows_[i + 1]);
    }
    position_ = 0;
  }
  std::array<double, W> highs_{}, lows_{};
  double prefix_high_ = 0, prefix_low_ = 0, high_ = 0, low_ = 0;
  std::int64_t position_ = 0;
};

/// Mean and population variance of a price over the last W minutes.
///
/// Sums are taken of price minus an anchor, the last price of the block before: it lies in or next to
/// every window that uses it, so the squares are of the size of the variance. Squares of the price
/// itself would cancel (600² against 0.02² leaves nine digits fewer).
template <int W>
class BlockDeviation {
 public:
  void prime(double price) {
    first_.fill(0);
    second_.fill(0);
    anchor_ = mean_ = price;
    variance_ = prefix_first_ = prefix_second_ = 0;
    position_ = 0;
  }
  void push(double price) {
    const double deviation = price - anchor_;
    prefix_first_ += deviation;
    prefix_second_ += deviation * deviation;
    first_[static_cast<std::size_t>(position_)] = price;
    ++position_;
    const auto p = static_cast<std::size_t>(position_);
    const bool full = position_ == W;
    const double mean_deviation = (prefix_first_ + (full ? 0.0 : first_[p])) / W;
    mean_ = anchor_ + mean_deviation;
    variance_ =
        std::max(0.0, (prefix_second_ + (full ? 0.0 : second_[p])) / W - mean_deviation * mean_deviation);
    if (full) close_block(price);
  }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double variance() const { return variance_; }
  [[nodiscard]] bool valid() const { return position_ >= 0 && position_ < W; }

 private:
  void close_block(double anchor) {
    anchor_ = anchor;
    double sum = 0, squares = 0;
    for (std::size_t i = W; i-- > 0;) {
      const double deviation = first_[i] - anchor;
      sum += deviation;
      squares += deviation * deviation;
      first_[i] = sum;
      second_[i] = squares;
    }
    position_ = 0;
    prefix_first_ = prefix_second_ = 0;
  }
  std::array<double, W> first_{}, second_{};  // first_: prices before position_, suffix sums from there on
  double anchor_ = 0, prefix_first_ = 0, prefix_second_ = 0, mean_ = 0, variance_ = 0;
  std::int64_t position_ = 0;
};

}  // namespace sentio::features
