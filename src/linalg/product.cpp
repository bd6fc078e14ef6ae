// The only file that knows oneDNN.
#include "linalg/product.h"

#include "core/parallel_for.h"

#include <xalign/error.h>
#include <xalign/parallel.h>

#include <fmt/format.h>

#include <algorithm>
#include <vector>
#ifdef XALIGN_HAVE_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif

namespace xalign {
namespace {

// Enough rows that a product of a block runs at full speed, few enough that a block stays in cache.
constexpr std::size_t kBlockRows = 512;
// Sums over this many rows are made in float32, sums of sums in double.
constexpr std::size_t kSumRows = 4096;

#ifdef XALIGN_HAVE_ONEDNN
void gemm(char transpose_a, char transpose_b, Eigen::Index m, Eigen::Index n, Eigen::Index k,
          ConstRows a, ConstRows b, Rows out) {
  // With several threads oneDNN may split sums among them, and bytes would depend on their number.
  const ThreadLimit limit(1);
  const auto status = dnnl_sgemm(transpose_a, transpose_b, m, n, k, 1.0f, a.data(), a.outerStride(),
                                 b.data(), b.outerStride(), 0.0f, out.data(), out.outerStride());
  if (status != dnnl_success)
    throw Error(ErrorKind::numeric, "matrix product", "oneDNN refused it");
}
#endif

/// out = a' b, d_a x d_b, in float32.
void multiply_left_transposed(ConstRows a, ConstRows b, Rows out) {
#ifdef XALIGN_HAVE_ONEDNN
  gemm('T', 'N', a.cols(), b.cols(), a.rows(), a, b, out);
#else
  out.noalias() = a.transpose() * b;
#endif
}

}  // namespace

std::string product_library() {
#ifdef XALIGN_HAVE_ONEDNN
  const dnnl_version_t& version = *dnnl_version();
  return fmt::format("oneDNN {}.{}.{}", version.major, version.minor, version.patch);
#else
  return {};
#endif
}

void multiply_transposed(ConstRows a, ConstRows b, Rows out) {
  if (out.size() == 0) return;
#ifdef XALIGN_HAVE_ONEDNN
  gemm('N', 'T', a.rows(), b.rows(), a.cols(), a, b, out);
#else
  out.noalias() = a * b.transpose();
#endif
}

void multiply(ConstRows a, ConstRows b, Rows out) {
  if (out.size() == 0) return;
#ifdef XALIGN_HAVE_ONEDNN
  gemm('N', 'N', a.rows(), b.cols(), a.cols(), a, b, out);
#else
  out.noalias() = a * b;
#endif
}

void multiply_rows(ConstRows a, ConstRows b, Rows out) {
  // A library may sum in another order for another number of rows: there is only one number.
  constexpr auto kRows = static_cast<Eigen::Index>(kBlockRows);
  const Eigen::Index whole = a.rows() / kRows * kRows, rest = a.rows() - whole;
  for (Eigen::Index i = 0; i < whole; i += kRows)
    multiply(a.middleRows(i, kRows), b, out.middleRows(i, kRows));
  if (rest == 0) return;
  Matrix filled = Matrix::Zero(kRows, a.cols()), product(kRows, b.cols());
  filled.topRows(rest) = a.bottomRows(rest);
  multiply(filled, b, product);
  out.bottomRows(rest) = product.topRows(rest);
}

Matrix multiply(ConstRows a, ConstRows b) {
  Matrix out(a.rows(), b.cols());
  const Blocks blocks{static_cast<std::size_t>(a.rows()), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t i) {
    const auto begin = static_cast<Eigen::Index>(blocks.begin(i));
    const auto length = static_cast<Eigen::Index>(blocks.length(i));
    multiply(a.middleRows(begin, length), b, out.middleRows(begin, length));
  });
  return out;
}

MatrixD cross_product(ConstRows a, ConstRows b, std::span<const float> weights) {
  MatrixD sum = MatrixD::Zero(a.cols(), b.cols());
  const Blocks blocks{static_cast<std::size_t>(a.rows()), kSumRows};
  // Waves of one block a thread: memory stays small, and sums are always added in block order.
  const auto wave = static_cast<std::size_t>(thread_count());
  std::vector<Matrix> parts(std::min(wave, blocks.count()));
  for (std::size_t first = 0; first < blocks.count(); first += wave) {
    const std::size_t count = std::min(wave, blocks.count() - first);
    parallel_for(count, [&](std::size_t i) {
      const auto begin = static_cast<Eigen::Index>(blocks.begin(first + i));
      const auto length = static_cast<Eigen::Index>(blocks.length(first + i));
      parts[i].resize(a.cols(), b.cols());
      if (weights.empty()) {
        multiply_left_transposed(a.middleRows(begin, length), b.middleRows(begin, length),
                                 parts[i]);
        return;
      }
      const Eigen::Map<const Eigen::VectorXf> w(weights.data() + begin, length);
      const Matrix weighted = w.asDiagonal() * a.middleRows(begin, length);
      multiply_left_transposed(weighted, b.middleRows(begin, length), parts[i]);
    });
    for (std::size_t i = 0; i < count; ++i) sum += parts[i].cast<double>();
  }
  return sum;
}

}  // namespace xalign
