#include "core/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace xalign {
namespace {

// The constants of MurmurHash3, which its author gave to the public.
constexpr std::uint64_t kMurmurA = 0x87c37b91114253d5U, kMurmurB = 0x4cf5ad432745937fU;
constexpr std::size_t kMurmurBlock = 16;

std::uint64_t mix_a(std::uint64_t part) {
  return std::rotl(part * kMurmurA, 31) * kMurmurB;
}

std::uint64_t mix_b(std::uint64_t part) {
  return std::rotl(part * kMurmurB, 33) * kMurmurA;
}

std::uint64_t spread(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33U);
}

}  // namespace

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed(data, size, seed);
}

std::uint64_t hash_text(std::string_view text) {
  return hash_bytes(text.data(), text.size());
}

std::uint64_t hash_pair(std::string_view source, std::string_view target) {
  return hash_bytes(target.data(), target.size(), hash_text(source));
}

std::array<std::uint32_t, 4> murmur3_128(const char* data, std::size_t size, std::uint32_t seed) {
  std::uint64_t a = seed, b = seed;
  std::array<std::uint64_t, 2> parts{};
  std::size_t at = 0;
  for (; size - at >= kMurmurBlock; at += kMurmurBlock) {
    std::memcpy(parts.data(), data + at, kMurmurBlock);
    a = (std::rotl(a ^ mix_a(parts[0]), 27) + b) * 5 + 0x52dce729U;
    b = (std::rotl(b ^ mix_b(parts[1]), 31) + a) * 5 + 0x38495ab5U;
  }
  parts = {};
  std::copy_n(data + at, size - at, reinterpret_cast<char*>(parts.data()));
  a ^= mix_a(parts[0]) ^ size;
  b ^= mix_b(parts[1]) ^ size;
  a += b;
  b += a;
  a = spread(a);
  b = spread(b);
  a += b;
  b += a;
  return {static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(a >> 32U),
          static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(b >> 32U)};
}

}  // namespace xalign
