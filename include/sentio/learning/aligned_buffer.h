#pragma once
/// A fixed number of doubles on a cache line boundary, zero at first.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace sentio {

class AlignedBuffer {
 public:
  static constexpr std::align_val_t kAlignment{64};

  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size)
      : values_(static_cast<double*>(::operator new(size * sizeof(double), kAlignment))), size_(size) {
    std::fill_n(values_.get(), size, 0.0);
  }
  [[nodiscard]] double* data() { return values_.get(); }
  [[nodiscard]] const double* data() const { return values_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<double> span() { return {values_.get(), size_}; }
  [[nodiscard]] std::span<const double> span() const { return {values_.get(), size_}; }

 private:
  struct Free {
    void operator()(double* values) const { ::operator delete(values, kAlignment); }
  };
  std::unique_ptr<double[], Free> values_;
  std::size_t size_ = 0;
};

}  // namespace sentio
