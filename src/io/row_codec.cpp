#include "io/row_codec.h"

#include "linalg/int8_search.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace xalign {
namespace {

constexpr float kLevels = 127;

float encode_int8(const float* row, Eigen::Index dimension, char* out) {
  const Eigen::Map<const RowVector> values(row, dimension);
  const float most = values.cwiseAbs().maxCoeff();
  const float scale = most / kLevels;
  if (!(scale > 0)) {  // zeros, or numbers too small to divide by
    std::fill_n(out, dimension, '\0');
    return 0;
  }
  for (Eigen::Index j = 0; j < dimension; ++j) {
    // Rounding of a tiny scale must not lead out of the range.
    const float steps = std::clamp(std::nearbyint(row[j] / scale), -kLevels, kLevels);
    out[j] = static_cast<char>(static_cast<std::int8_t>(steps));
  }
  return scale;
}

}  // namespace

std::size_t number_bytes(StoreType type) {
  switch (type) {
    case StoreType::f32:
      return 4;
    case StoreType::f16:
      return 2;
    case StoreType::int8:
      return 1;
  }
  return 0;
}

float encode_row(StoreType type, const float* row, Eigen::Index dimension, char* out) {
  switch (type) {
    case StoreType::f32:
      std::memcpy(out, row, static_cast<std::size_t>(dimension) * sizeof(float));
      return 1;
    case StoreType::f16:
      for (Eigen::Index j = 0; j < dimension; ++j) {
        const auto half = static_cast<Eigen::half>(row[j]);
        std::memcpy(out + 2 * j, &half.x, 2);
      }
      return 1;
    case StoreType::int8:
      return encode_int8(row, dimension, out);
  }
  return 1;
}

void decode_row(StoreType type, const char* bytes, float scale, Eigen::Index dimension,
                float* row) {
  switch (type) {
    case StoreType::f32:
      std::memcpy(row, bytes, static_cast<std::size_t>(dimension) * sizeof(float));
      return;
    case StoreType::f16:
      for (Eigen::Index j = 0; j < dimension; ++j) {
        std::uint16_t half = 0;
        std::memcpy(&half, bytes + 2 * j, 2);
        row[j] = Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(half));
      }
      return;
    case StoreType::int8:
      return decode_int8(reinterpret_cast<const std::int8_t*>(bytes), scale, dimension, row);
  }
}

}  // namespace xalign
