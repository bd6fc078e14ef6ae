#pragma once

#include <xalign/matrix.h>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// Objects keep the order in which keys were added, so that the header reads well.
using Json = nlohmann::ordered_json;

/// The outer form of a `.xmap` file: a JSON header and named blocks of numbers, without a meaning.
///
///     offset  bytes
///          0      8  magic, 89 58 4d 41 50 0d 0a 1a
///          8      4  version
///         12      4  zero
///         16      8  H, bytes of the header
///         24      8  F, bytes of the file
///         32      H  header: JSON, its "blocks" list name, type, shape and offset of each block
///                    zeros up to a multiple of 64: here the blocks begin
///                    blocks, each at a multiple of 64 from there
///      F - 8      8  XXH3 of everything before
///
/// All numbers are little-endian.
class XmapWriter {
 public:
  void add(std::string name, const Matrix& matrix);
  void add(std::string name, const std::vector<std::uint64_t>& numbers);
  /// The whole file.
  std::string finish(Json header) const;

 private:
  void add_block(std::string name, std::string_view type, Json shape, const void* data,
                 std::size_t bytes);

  Json table_ = Json::array();
  std::string blocks_;
};

/// Takes a file apart. Nothing is trusted: whatever does not fit is an Error(data) that names the
/// file, and no memory is reserved for more than the file holds. A header that lacks something
/// throws the exception of its JSON library.
class XmapReader {
 public:
  /// @param path  for errors; the content must outlive the reader
  XmapReader(std::string path, std::string_view content);

  const Json& header() const { return header_; }
  /// @throws Error(data) also for values that are not finite
  Matrix matrix(const std::string& name) const;
  std::vector<std::uint64_t> numbers(const std::string& name) const;

  /// A number of the header that is whole and not negative.
  std::uint64_t to_unsigned(const Json& value) const;

  /// Refuses the file as damaged.
  [[noreturn]] void fail(std::string_view found) const;

 private:
  struct Block {
    std::vector<std::uint64_t> shape;
    const char* data;
  };
  void check_blocks() const;
  Block find(const std::string& name, std::string_view type, std::size_t item_bytes,
             std::size_t dimensions) const;

  std::string path_;
  Json header_;
  std::string_view blocks_;
};

/// Bytes in front of the header.
constexpr std::size_t kXmapPrefixBytes = 32;

/// How many bytes follow those in `content`, at least the prefix, by what the prefix says; 0 for
/// sizes that no mapping has.
std::uint64_t xmap_bytes_left(std::string_view content);

/// Whether bytes begin like a `.xmap` file (8 suffice).
bool is_xmap(std::string_view start);

}  // namespace xalign
