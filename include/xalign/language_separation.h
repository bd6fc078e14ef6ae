#pragma once

#include <xalign/matrix.h>
#include <xalign/normalize.h>

namespace xalign {

/// How much the rows of a shared space tell of their language (Libovicky 2020). A space for all
/// languages should not.
struct LanguageSeparation {
  /// Mean over all pairs of languages of |m_a - m_b| / sqrt((v_a + v_b) / 2), m the mean of the
  /// rows of a language and v their mean squared distance from it. 0 = the languages lie upon each
  /// other.
  double centroid_distance = 0;
  /// Share of rows whose nearest mean is that of their own language, mean over the languages. The
  /// means are those of every second row of a language, the others are asked. 1 / languages =
  /// chance.
  double identification = 0;
};

/// @param rows    unit rows of a shared space
/// @param groups  the language of every row, at least two rows of each
/// @throws Error(data) when a language has fewer
LanguageSeparation measure_language_separation(ConstRows rows, const RowGroups& groups);

}  // namespace xalign
