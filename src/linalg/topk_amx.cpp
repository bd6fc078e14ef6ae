#include "linalg/topk_avx512.h"

namespace xalign {
namespace {

// Layout of the 64 bytes that `ldtilecfg` reads.
struct TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// Tiles 0 to 3 hold 32 x 32 sums, 4 and 5 the rows, 6 and 7 the columns.
void multiply_tiles(const std::int8_t* rows, std::ptrdiff_t depth, const std::int8_t* columns,
                    const std::int32_t*, std::ptrdiff_t panels, std::int32_t* scores,
                    std::ptrdiff_t stride) {
  static_assert(kStripRows == 32 && kPanelColumns == 16);
  const TileConfig config;
  _tile_loadconfig(&config);
  const auto bytes = static_cast<std::size_t>(stride) * sizeof(std::int32_t);
  const auto row_bytes = static_cast<std::size_t>(depth);
  for (std::ptrdiff_t p = 0; p < panels; p += 2) {
    const std::int8_t* left = columns + p * depth * kPanelColumns;
    const std::int8_t* right = left + depth * kPanelColumns;
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (std::ptrdiff_t k = 0; k < depth; k += 64) {
      _tile_loadd(4, rows + k, row_bytes);
      _tile_loadd(6, left + k * kPanelColumns, 64);
      _tile_dpbssd(0, 4, 6);
      _tile_loadd(7, right + k * kPanelColumns, 64);
      _tile_dpbssd(1, 4, 7);
      _tile_loadd(5, rows + 16 * depth + k, row_bytes);
      _tile_dpbssd(2, 5, 6);
      _tile_dpbssd(3, 5, 7);
    }
    std::int32_t* out = scores + p * kPanelColumns;
    _tile_stored(0, out, bytes);
    _tile_stored(1, out + 16, bytes);
    _tile_stored(2, out + 16 * stride, bytes);
    _tile_stored(3, out + 16 * stride + 16, bytes);
  }
  _tile_release();
}

}  // namespace

const TopkKernels kTopkAmx = {
    .name = "amx",
    .fast_int8 = true,
    .row_levels = 127,
    .row_bias = 0,
    .group_limit = 0,
    .sample_share = 4,
    .depth_step = 64,
    .tile_panels = 32,
    .quantize = quantize<Avx512>,
    .multiply = multiply_tiles,
    .multiply_float = multiply_float<Avx512, 6, 4>,
    .scan_int = scan<Avx512, std::int32_t>,
    .scan_float = scan<Avx512, float>,
    .raise = raise<Avx512>,
    .dot_float = dot_float<Avx512>,
    .dot = dot<Avx512>,
    .dot_rows = dot_rows<Avx512>,
    .add_rows = add_rows<Avx512>,
};

}  // namespace xalign
