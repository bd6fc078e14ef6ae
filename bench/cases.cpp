#include "cases.h"

#include <xalign/normalize.h>
#include <xalign/random.h>
#include <xalign/vectors_io.h>

#include <algorithm>

namespace xalign::bench {

Matrix random_rows(Eigen::Index rows, Eigen::Index dimension, std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(rows, dimension);
  for (Eigen::Index i = 0; i < matrix.size(); ++i)
    matrix.data()[i] = static_cast<float>(random.normal());
  matrix.rowwise().normalize();
  return matrix;
}

Matrix clustered_rows(Eigen::Index rows, Eigen::Index dimension, std::uint64_t seed) {
  constexpr std::uint64_t kCentres = 200, kCentreSeed = 1000;
  const Matrix centres = random_rows(kCentres, dimension, kCentreSeed);
  Matrix matrix = random_rows(rows, dimension, seed);
  Random random(seed + 1);
  for (Eigen::Index i = 0; i < rows; ++i)
    matrix.row(i) += static_cast<float>(random.uniform()) *
                     centres.row(static_cast<Eigen::Index>(random.below(kCentres)));
  matrix.rowwise().normalize();
  return matrix;
}

Matrix real_rows(const std::vector<std::string>& paths, Eigen::Index rows) {
  Matrix all;
  for (const std::string& path : paths) {
    const Eigen::Index missing = rows - all.rows();
    if (missing <= 0) break;
    Matrix vectors =
        read_vectors(path, {.max_vocab = static_cast<Index>(missing)}).embeddings.vectors;
    Normalizer::fit(parse_normalize_recipe("unit,center,unit"), vectors);
    all.conservativeResize(all.rows() + vectors.rows(), vectors.cols());
    all.bottomRows(vectors.rows()) = vectors;
  }
  return all;
}

}  // namespace xalign::bench
