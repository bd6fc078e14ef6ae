#pragma once

#include "io/row_source.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace xalign {

/// Makes the block of rows of a binary file: has `fill(i, numbers)` write row i of the block, on
/// all threads, and cuts the block at the first row with a number that is not finite.
/// @param place  of the first row
/// @param first  its row in `vectors`, which grows where it has too few rows
/// @param text   number j of row i for people, where the file has others than floats
RowBlock make_block(std::span<const std::string_view> words, const RowSource& source,
                    std::uint64_t place, Matrix& vectors, Eigen::Index first,
                    const std::function<void(std::size_t i, float* numbers)>& fill,
                    const std::function<std::string(std::size_t i, Eigen::Index j)>& text = {});

}  // namespace xalign
