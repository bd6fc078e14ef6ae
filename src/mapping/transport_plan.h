#pragma once

#include <xalign/distribution.h>

namespace xalign {

/// X (X'X)^-1/4, so that its products are those of (X X')^1/2.
Matrix even_rows(ConstRows rows);

/// The plan of DistributionMatch::transport between two sets of rows: n x m, positive; row sums 1
/// and column sums n / m, nearly.
Matrix solve_transport(ConstRows source, ConstRows target, const DistributionStart& start);

/// Scores to a plan: exp(score / temperature), scaled to equal row and equal column sums.
void scale_plan(Matrix& scores, double temperature);

}  // namespace xalign
