#pragma once

#include <xalign/matrix.h>

#include <functional>
#include <string>
#include <vector>

namespace xalign::bench {

/// A way to compute what find_topk computes, or its product alone, by another library.
struct Reference {
  std::string name;
  bool product = false;  ///< only the product: what ratios are taken against
  /// Does the work for the first `rows` rows of the source side, on one thread, and returns the
  /// CPU seconds that it took.
  std::function<double(Eigen::Index rows)> run;
};

/// Those that were found when the program was built (OpenBLAS, oneDNN, faiss) and on this machine
/// (numpy). They keep references to the matrices.
std::vector<Reference> make_references(const Matrix& source, const Matrix& target, int k);

}  // namespace xalign::bench
