#pragma once

#include <Eigen/Core>

#include <cstdint>

namespace xalign {

/// Number of a row (a word). Vocabularies hold at most 2^31 - 1 words.
using Index = std::int32_t;

/// Word vectors are rows: n x d, 32-bit floats, row after row in memory.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::Matrix<float, 1, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows of somebody else's matrix, passed without a copy (`matrix`, `matrix.middleRows(a, n)`).
using Rows = Eigen::Ref<Matrix>;
using ConstRows = const Eigen::Ref<const Matrix>&;

}  // namespace xalign
