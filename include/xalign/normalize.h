#pragma once

#include <xalign/matrix.h>

#include <span>
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
    outliers,  ///< zero the columns whose mean or variance is an outlier (outlier_dimensions.h)
    cbie,      ///< k-means into `clusters`; in each subtract its centre and remove the first
               ///< `count` principal directions (Rajaee 2021)
  };
  Kind kind = Kind::unit;
  int count = 0;
  double epsilon = 0;
  double threshold = 0;  ///< of outliers, in robust standard deviations
  int clusters = 0;

  bool operator==(const NormalizeStep&) const = default;
};

using NormalizeRecipe = std::vector<NormalizeStep>;

/// Reads "unit,center,unit", "iternorm:5", "abtt:1", "zca:0.001", "outliers:5", "cbie:27,12"
/// (clusters and directions); "none" is the empty recipe. Parameters may be left out: iternorm:5,
/// abtt:1, zca:1e-6, outliers:5, cbie:27,12.
/// @throws Error(config) naming the bad step and the known ones
NormalizeRecipe parse_normalize_recipe(std::string_view text);
std::string to_string(const NormalizeRecipe& recipe);
/// @throws Error(config) for a step that removes as many directions as the vectors have dimensions
void check_dimension(const NormalizeRecipe& recipe, Eigen::Index dimension);

/// Which group, a language for example, each row belongs to. None at all: all rows are one group.
struct RowGroups {
  std::span<const Index> of_row = {};  ///< a value from 0 to count - 1 for every row
  Index count = 1;

  RowGroups of(Eigen::Index first, Eigen::Index rows) const;  ///< of a part of the rows
};

/// A recipe with the means and directions found on one vocabulary, ready for any other rows.
class Normalizer {
 public:
  /// One fitted operation on a row x, in order of application.
  struct Operation {
    enum class Kind {
      unit,      ///< x / |x|
      center,    ///< x - mean, or minus the mean of the row's group
      project,   ///< x - x B' B, B the p x d orthonormal directions
      linear,    ///< x M, M d x d
      scale,     ///< x diag(s)
      clusters,  ///< (x - c) (I - B_c' B_c), c the nearest of the centres
    };
    Kind kind = Kind::unit;
    /// g x d means of g groups, p x d directions, d x d matrix, 1 x d factors, or `clusters`
    /// centres and behind them p directions for each; empty for unit.
    Matrix values = {};
    Index clusters = 0;
  };

  Normalizer() = default;
  /// @throws Error(data) when the shapes of the operations do not fit together
  Normalizer(NormalizeRecipe recipe, std::vector<Operation> operations);

  /// Fits the recipe on `rows` and leaves them normalised.
  /// @param groups  wherever a step centers, each group is centered by its own mean
  /// @throws Error(config) for a step that cannot be, e.g. "abtt:300" in 300 dimensions,
  ///         Error(data) for rows that are not finite, Error(numeric) for numbers too large
  static Normalizer fit(const NormalizeRecipe& recipe, Rows rows, const RowGroups& groups = {});

  /// Normalises rows in place with what was fitted.
  /// @throws Error(data) for another dimension, or without groups where it was fitted with them
  void apply(Rows rows, const RowGroups& groups = {}) const;

  const NormalizeRecipe& recipe() const { return recipe_; }
  const std::vector<Operation>& operations() const { return operations_; }
  /// Of the rows it was fitted on; 0 = it takes any.
  Eigen::Index dimension() const { return dimension_; }
  /// With means of their own; 1 = rows need no groups.
  Index groups() const { return groups_; }

 private:
  NormalizeRecipe recipe_;
  std::vector<Operation> operations_;
  Eigen::Index dimension_ = 0;
  Index groups_ = 1;
};

/// Rows to length 1; zero rows stay zero. Returns the number of zero rows.
Index normalize_rows(Rows rows);

}  // namespace xalign
