#include "linalg/decompositions.h"
#include "linalg/topk_dispatch.h"
#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/topk.h>

#include <cmath>
#include <vector>

using namespace xalign;

namespace {

/// Rows that are further apart than they are long, listed in any order and more than once.
struct Listed {
  Matrix storage;
  std::vector<Index> rows;

  Listed(Eigen::Index dimension, std::size_t count)
      : storage(test::random_matrix(9, dimension + 3, 5)) {
    for (std::size_t i = 0; i < count; ++i) rows.push_back(static_cast<Index>(i * 5 % 9));
  }
  RowList list() const {
    return {storage.data(), storage.outerStride(), storage.cols() - 3, rows.data(),
            static_cast<std::ptrdiff_t>(rows.size())};
  }
  auto row(std::size_t i) const { return storage.row(rows[i]).head(storage.cols() - 3); }
};

}  // namespace

TEST_CASE("products with listed rows are those by dot_float on every instruction set") {
  for (const Eigen::Index d : {1, 7, 16, 63, 64, 65, 300})
    for (const std::size_t count : {0, 1, 4, 5, 30}) {
      const Listed listed(d, count);
      const Matrix row = test::random_matrix(1, d, 3);
      for (const std::string& isa : topk_isas()) {
        const TopkKernels& kernels = topk_kernels(isa);
        std::vector<float> products(count);
        kernels.dot_rows(row.data(), listed.list(), products.data());
        for (std::size_t i = 0; i < count; ++i)
          REQUIRE(products[i] == kernels.dot_float(row.data(), listed.row(i).data(), d));
      }
    }
}

TEST_CASE("sums of listed rows are as exact as float32 allows on every instruction set") {
  for (const Eigen::Index d : {1, 7, 16, 63, 64, 65, 300})
    for (const std::size_t count : {0, 1, 4, 5, 30}) {
      const Listed listed(d, count);
      const Matrix factors = test::random_matrix(1, static_cast<Eigen::Index>(count), 4);
      MatrixD expected = MatrixD::Constant(1, d, 0.5), size = expected;
      for (std::size_t i = 0; i < count; ++i) {
        const auto factor = static_cast<double>(factors(0, static_cast<Eigen::Index>(i)));
        expected += factor * listed.row(i).cast<double>();
        size += std::abs(factor) * listed.row(i).cast<double>().cwiseAbs();
      }
      for (const std::string& isa : topk_isas()) {
        Matrix sum = Matrix::Constant(1, d, 0.5F);
        topk_kernels(isa).add_rows(factors.data(), listed.list(), sum.data());
        REQUIRE(((sum.cast<double>() - expected).cwiseAbs().array() <= 1e-5 * size.array()).all());
      }
    }
}
