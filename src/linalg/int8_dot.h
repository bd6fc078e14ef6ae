#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace xalign {

/// Bytes that must be readable after the last row of `int8_dots`.
constexpr std::ptrdiff_t kInt8Reach = 32;

/// A row of whole numbers from -127 to 127, ready for many products.
struct Int8Query {
  std::ptrdiff_t dimension = 0;
  std::vector<std::int8_t> values;  ///< padded with zeros to a multiple of kInt8Reach
};

/// out[i] = query . row i, exactly, for rows of numbers from -127 to 127 that lie one after the
/// other.
/// @param avx2  whether the processor has it
void int8_dots(const std::int8_t* rows, std::ptrdiff_t count, const Int8Query& query, bool avx2,
               std::int32_t* out);

}  // namespace xalign
