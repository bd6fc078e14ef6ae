#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xalign {

/// More is no dimension of word vectors, but a sign that the file is something else.
constexpr std::ptrdiff_t kLargestDimension = std::ptrdiff_t{1} << 20;

/// The first line of word2vec and fastText text.
struct VectorHeader {
  std::uint64_t rows = 0;
  std::ptrdiff_t dimension = 0;
};

/// Reads a trimmed first line; nothing unless it is exactly two whole numbers.
/// @param where  FILE:LINE
/// @throws Error(data) for numbers that no file of vectors can have
std::optional<VectorHeader> parse_header(std::string_view line, const std::string& where);

}  // namespace xalign
