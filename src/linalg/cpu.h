#pragma once

namespace xalign {

/// What this processor can run and the operating system lets it run.
struct CpuFeatures {
  bool avx2 = false;        ///< and FMA
  bool avxvnni = false;     ///< int8 dot products in 256-bit registers
  bool avx512vnni = false;  ///< AVX-512 F, BW, DQ, VL and int8 dot products
  bool amx_int8 = false;    ///< int8 products of tiles
};

/// Also asks the system for the tile registers of AMX, which a process may not use unasked.
CpuFeatures detect_cpu();

}  // namespace xalign
