#include "linalg/cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

namespace xalign {

#if defined(__x86_64__)
namespace {

bool bit(unsigned word, int number) {
  return (word >> number & 1u) != 0;
}

// Register state that the system saves and restores.
unsigned enabled_state() {
  unsigned low = 0, high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

bool request_tiles() {
#if defined(__linux__)
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

}  // namespace

CpuFeatures detect_cpu() {
  CpuFeatures cpu;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return cpu;
  const bool saves_state = bit(c, 27);
  const bool fma = bit(c, 12);
  if (!saves_state || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return cpu;
  const unsigned state = enabled_state();
  const bool ymm = (state & 0x6) == 0x6;
  const bool zmm = (state & 0xe6) == 0xe6;
  const bool tiles = (state >> 17 & 3u) == 3u;
  cpu.avx2 = ymm && fma && bit(b, 5);
  cpu.avx512vnni =
      cpu.avx2 && zmm && bit(b, 16) && bit(b, 17) && bit(b, 30) && bit(b, 31) && bit(c, 11);
  cpu.amx_int8 = tiles && bit(d, 24) && bit(d, 25) && request_tiles();
  if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0) cpu.avxvnni = cpu.avx2 && bit(a, 4);
  return cpu;
}
#else
CpuFeatures detect_cpu() {
  return {};
}
#endif

}  // namespace xalign
