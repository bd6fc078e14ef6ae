#pragma once

#include <xalign/lexicon.h>
#include <xalign/linear_maps.h>

#include <span>

namespace xalign::test {

/// The maps of solve_multistep, step by step as the equations read, in double precision. Slow.
struct TwinMaps {
  Eigen::MatrixXd source, target;
};
TwinMaps multistep_twin(const Matrix& source, const Matrix& target, std::span<const WordPair> pairs,
                        const MultistepOptions& options);

/// Q of the QR decomposition of random numbers: a d x d rotation or reflection.
Matrix random_orthogonal(Eigen::Index dimension, std::uint64_t seed);

}  // namespace xalign::test
