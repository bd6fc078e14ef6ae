#pragma once

#include <xalign/matrix.h>

#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// One step of a normalisation recipe.
struct NormalizeStep {
  enum class Kind {
    unit,      ///< rows to length 1; zero rows stay zero
    center,    ///< subtract the column mean of the rows it was fitted on
    iternorm,  ///< `count` times (unit, center), then unit (Zhang 2019)
    abtt,      ///< center and remove the first `count` principal directions (Mu 2018)
    zca,       ///< center and multiply by (C + epsilon tr(C)/d I)^-1/2, C the covariance
  };
  Kind kind = Kind::unit;
  int count = 0;
  double epsilon = 0;

  bool operator==(const NormalizeStep&) const = default;
};

using NormalizeRecipe = std::vector<NormalizeStep>;

/// Reads "unit,center,unit", "iternorm:5", "abtt:1", "zca:0.001"; "none" is the empty recipe.
/// Parameters may be left out: iternorm:5, abtt:1, zca:1e-6.
/// @throws Error(config) naming the bad step and the known ones
NormalizeRecipe parse_normalize_recipe(std::string_view text);
std::string to_string(const NormalizeRecipe& recipe);

/// A recipe with the means and directions found on one vocabulary, ready for any other rows.
class Normalizer {
 public:
  /// One fitted operation on a row x, in order of application.
  struct Operation {
    enum class Kind {
      unit,     ///< x / |x|
      center,   ///< x - mean
      project,  ///< x - x B' B, B the p x d orthonormal directions
      linear,   ///< x M, M d x d
    };
    Kind kind = Kind::unit;
    Matrix values;  ///< 1 x d mean, p x d directions or d x d matrix; empty for unit
  };

  Normalizer() = default;
  /// @throws Error(data) when the shapes of the operations do not fit together
  Normalizer(NormalizeRecipe recipe, std::vector<Operation> operations);

  /// Fits the recipe on `rows` and leaves them normalised.
  /// @throws Error(config) for a step that cannot be, e.g. "abtt:300" in 300 dimensions,
  ///         Error(data) for rows that are not finite
  static Normalizer fit(const NormalizeRecipe& recipe, Rows rows);

  /// Normalises rows in place with what was fitted.
  /// @throws Error(data) for another dimension
  void apply(Rows rows) const;

  const NormalizeRecipe& recipe() const { return recipe_; }
  const std::vector<Operation>& operations() const { return operations_; }
  /// Of the rows it was fitted on; 0 = it takes any.
  Eigen::Index dimension() const { return dimension_; }

 private:
  NormalizeRecipe recipe_;
  std::vector<Operation> operations_;
  Eigen::Index dimension_ = 0;
};

/// Rows to length 1; zero rows stay zero. Returns the number of zero rows.
Index normalize_rows(Rows rows);

}  // namespace xalign
