#pragma once
/// Permission in the type: only risk can make an Approved<Order>, and brokers accept nothing else.

#include <utility>

namespace sentio {

class SimpleRiskManager;

template <class T>
class Approved {
 public:
  [[nodiscard]] const T& get() const { return value_; }
  const T* operator->() const { return &value_; }

 private:
  friend class SimpleRiskManager;
  explicit Approved(T value) : value_(std::move(value)) {}
  T value_;
};

}  // namespace sentio
