#include "core/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace xalign {

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed(data, size, seed);
}

std::uint64_t hash_text(std::string_view text) {
  return hash_bytes(text.data(), text.size());
}

std::uint64_t hash_pair(std::string_view source, std::string_view target) {
  return hash_bytes(target.data(), target.size(), hash_text(source));
}

}  // namespace xalign
