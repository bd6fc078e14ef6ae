#pragma once

#include <xalign/matrix.h>

#include <span>
#include <string>

namespace xalign {

using MatrixD = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// "oneDNN 2.7.4", or empty where products are Eigen's.
std::string product_library();

/// out = a b', n x m; single-threaded, for use inside `parallel_for`.
void multiply_transposed(ConstRows a, ConstRows b, Rows out);

/// out = a b, n x c; single-threaded, for use inside `parallel_for`.
void multiply(ConstRows a, ConstRows b, Rows out);

/// out = a b as above, for rows that come in batches: the bytes of a row of `out` depend on its row
/// of `a` alone, not on how many others there are or on its place among them.
void multiply_rows(ConstRows a, ConstRows b, Rows out);

/// a b over all threads, block by block.
Matrix multiply(ConstRows a, ConstRows b);

/// a' diag(w) b in double precision, d_a x d_b; no weights = all 1. The same bytes for any number
/// of threads.
MatrixD cross_product(ConstRows a, ConstRows b, std::span<const float> weights = {});

}  // namespace xalign
