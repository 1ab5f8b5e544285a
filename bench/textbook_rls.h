#pragma once
// Recursive least squares as textbooks write it: dense, one predictor per horizon. What our learner is compared with.

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cstdint>
#include <span>

namespace sentio::bench {

/// The dense form as found in textbooks, with the exact re-derivation from A added.
class Textbook {
 public:
  Textbook()
      : a_(Eigen::MatrixXd::Zero(kColumns, kColumns)),
        p_(Eigen::MatrixXd::Identity(kColumns, kColumns) / kRidge),
        w_(Eigen::VectorXd::Zero(kColumns)),
        b_(Eigen::VectorXd::Zero(kColumns)) {}
  void step(std::span<const double> row, double y) {
    const Eigen::Map<const Eigen::VectorXd> x(row.data(), kColumns);
    k_.noalias() = p_ * x;
    const double d = kLambda + x.dot(k_);
    w_ += k_ * ((y - x.dot(w_)) / d);
    // Lazy products: one pass over each matrix and no temporaries, the fastest way to write it.
    scaled_ = k_ / d;
    p_ = (p_ - scaled_.lazyProduct(k_.transpose())) / kLambda;
    a_ = kLambda * a_ + x.lazyProduct(x.transpose());
    b_ = kLambda * b_ + x * y;
    if (++rows_ % kInterval != 0) return;
    m_ = a_;
    m_.diagonal().array() += kRidge;
    p_ = m_.llt().solve(Eigen::MatrixXd::Identity(kColumns, kColumns));
    w_.noalias() = p_ * b_;
  }
  [[nodiscard]] double predict(std::span<const double> row) const {
    return Eigen::Map<const Eigen::VectorXd>(row.data(), kColumns).dot(w_);
  }

 private:
  static constexpr int kColumns = 126;
  static constexpr int kInterval = 100;
  static constexpr double kLambda = 0.995;
  static constexpr double kRidge = 10;
  Eigen::MatrixXd a_, p_, m_;
  Eigen::VectorXd w_, b_, k_, scaled_;
  std::int64_t rows_ = 0;
};

}  // namespace sentio::bench
