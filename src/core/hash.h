#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xalign {

/// XXH3 (64 bits): fast, the same on every machine, not cryptographic.
std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed = 0);
std::uint64_t hash_text(std::string_view text);
/// MurmurHash3 (x64, 128 bits) as four numbers, the hash of floret.
std::array<std::uint32_t, 4> murmur3_128(const char* data, std::size_t size, std::uint32_t seed);
/// Of an ordered pair of words.
std::uint64_t hash_pair(std::string_view source, std::string_view target);

}  // namespace xalign
