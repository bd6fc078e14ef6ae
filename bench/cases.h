#pragma once

#include <xalign/matrix.h>

#include <string>
#include <vector>

namespace xalign::bench {

/// Two sets of unit rows to search.
struct Case {
  std::string name;
  Matrix source;
  Matrix target;
};

/// Independent normal numbers, rows of length 1.
Matrix random_rows(Eigen::Index rows, Eigen::Index dimension, std::uint64_t seed);

/// Rows around common centres: near neighbours and hubs, as in real vectors.
Matrix clustered_rows(Eigen::Index rows, Eigen::Index dimension, std::uint64_t seed);

/// The vectors of the files, one after the other, at most `rows` of them; of length 1, centred file
/// by file.
Matrix real_rows(const std::vector<std::string>& paths, Eigen::Index rows);

}  // namespace xalign::bench
