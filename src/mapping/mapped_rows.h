#pragma once

#include <xalign/matrix.h>

#include <algorithm>
#include <vector>

namespace xalign {

/// The first rows, all where there are fewer. Refers to them.
inline auto first_rows(ConstRows rows, Index count) {
  return rows.topRows(std::min<Eigen::Index>(count, rows.rows()));
}

/// Some rows, mapped and of length 1.
Matrix mapped_unit_rows(ConstRows rows, const Matrix& map);

/// The same of the rows with these numbers.
Matrix mapped_unit_rows(ConstRows rows, const std::vector<Index>& indices, const Matrix& map);

/// Sorted, each once.
std::vector<Index> sorted_unique(std::vector<Index> indices);

/// Where `index` stands in a sorted list that holds it.
Index position_of(const std::vector<Index>& sorted, Index index);

/// Source or target row numbers of pairs, sorted, each once.
template <typename Pairs, typename Member>
std::vector<Index> words_of(const Pairs& pairs, Member member) {
  std::vector<Index> words;
  for (const auto& pair : pairs) words.push_back(pair.*member);
  return sorted_unique(std::move(words));
}

}  // namespace xalign
