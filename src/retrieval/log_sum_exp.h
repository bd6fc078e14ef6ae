#pragma once

#include <xalign/matrix.h>

#include <vector>

namespace xalign {

/// For each row z of `rows`: log sum over the rows x of `others` of exp(beta x.z). The denominator
/// of the inverted softmax (Smith 2017).
std::vector<float> log_sum_exp(ConstRows rows, ConstRows others, double beta);

}  // namespace xalign
