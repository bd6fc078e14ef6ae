#include "retrieval/log_sum_exp.h"

#include "core/parallel_for.h"
#include "linalg/product.h"

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kRowBlock = 128;
constexpr Eigen::Index kOtherBlock = 2048;

}  // namespace

std::vector<float> log_sum_exp(ConstRows rows, ConstRows others, double beta) {
  std::vector<float> result(static_cast<std::size_t>(rows.rows()));
  const auto b = static_cast<float>(beta);
  const Blocks blocks{result.size(), kRowBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    const auto first = static_cast<Eigen::Index>(blocks.begin(block));
    const auto length = static_cast<Eigen::Index>(blocks.length(block));
    // Sums are kept relative to the largest exponent so far, so that none overflows or vanishes.
    Eigen::VectorXd largest = Eigen::VectorXd::Constant(length, -INFINITY);
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(length);
    Matrix products;
    for (Eigen::Index begin = 0; begin < others.rows(); begin += kOtherBlock) {
      const Eigen::Index width = std::min(kOtherBlock, others.rows() - begin);
      products.resize(length, width);
      multiply_transposed(rows.middleRows(first, length), others.middleRows(begin, width),
                          products);
      for (Eigen::Index i = 0; i < length; ++i) {
        const float peak = products.row(i).maxCoeff();
        const double exponent = beta * peak;
        const double part = (b * (products.row(i).array() - peak)).exp().sum();
        if (exponent > largest(i)) {
          sum(i) = sum(i) * std::exp(largest(i) - exponent) + part;
          largest(i) = exponent;
        } else {
          sum(i) += part * std::exp(exponent - largest(i));
        }
      }
    }
    for (Eigen::Index i = 0; i < length; ++i)
      result[static_cast<std::size_t>(first + i)] =
          static_cast<float>(largest(i) + std::log(sum(i)));
  });
  return result;
}

}  // namespace xalign
