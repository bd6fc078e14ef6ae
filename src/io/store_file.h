#pragma once

#include "io/mapped_file.h"
#include "io/output_file.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// Objects keep the order in which keys were added, so that the header reads well.
using StoreJson = nlohmann::ordered_json;

/// The outer form of a `.xvec` file: named blocks and a JSON header, without a meaning. It is
/// written from the beginning to the end, so that nothing has to be known before the last row.
///
///     offset  bytes
///          0      8  magic, 89 58 56 45 43 0d 0a 1a
///          8      4  version
///         12      4  zero
///         64         blocks, each at a multiple of 64
///          h      H  header: JSON, its "blocks" list name, type, shape and offset of each block
///     F - 64     64  h, H, F, XXH3 of the header, XXH3 of all before the tail by pieces, zero,
///                    XXH3 of these 48 bytes, magic 58 56 45 43 45 4e 44 0a
///
/// All numbers are little-endian. XXH3 by pieces is that of the XXH3s of pieces of 1 MiB.
class StoreFileWriter {
 public:
  explicit StoreFileWriter(const std::string& path);

  /// Begins a block; the one before it ends.
  void begin(std::string name, std::string_view type);
  void append(std::string_view bytes);
  /// Ends the block.
  /// @param hash  its XXH3, which every reader will check; empty = none
  void end(std::vector<std::uint64_t> shape, std::string hash = {});

  /// A whole block.
  template <class T>
  void add(std::string name, std::string_view type, const std::vector<T>& values,
           bool checked = false) {
    begin(std::move(name), type);
    const std::string_view bytes(reinterpret_cast<const char*>(values.data()),
                                 values.size() * sizeof(T));
    append(bytes);
    end({values.size()}, checked ? checksum(bytes) : std::string());
  }

  /// Writes header and tail.
  void finish(StoreJson header);
  /// The file appears under its name.
  void commit() { out_.commit(); }

 private:
  static std::string checksum(std::string_view bytes);
  void write(std::string_view bytes);
  void align();

  OutputFile out_;
  StoreJson table_ = StoreJson::array();
  std::string name_, type_;  // of the current block
  std::uint64_t begin_ = 0;
  std::uint64_t position_ = 0;
  std::string piece_;  // bytes that have not been hashed yet
  std::vector<std::uint64_t> pieces_;
};

/// A file of that form. Nothing is trusted: whatever does not fit is an Error(data) that names the
/// file. What is read at once is the header and the blocks whose checksum it holds.
class StoreFile {
 public:
  explicit StoreFile(const std::string& path);

  const std::string& path() const { return path_; }
  const StoreJson& header() const { return header_; }
  std::uint64_t file_bytes() const { return file_.bytes().size(); }

  struct Block {
    std::vector<std::uint64_t> shape;
    const char* data = nullptr;
    std::uint64_t bytes = 0;
  };
  bool has(std::string_view name) const;
  Block block(std::string_view name, std::string_view type) const;
  /// The numbers of a block that has to have `count` of them.
  template <class T>
  const T* numbers(std::string_view name, std::string_view type, std::uint64_t count) const {
    const Block found = block(name, type);
    if (found.bytes != count * sizeof(T)) fail("a store whose blocks do not fit together");
    return reinterpret_cast<const T*>(found.data);
  }

  void will_need(const Block& block) const { file_.will_need({block.data, block.bytes}); }
  void release(std::string_view part) const { file_.release(part); }

  /// Reads all of it. @throws Error(data) if a byte has changed
  void verify() const;

  /// Refuses the file as damaged.
  [[noreturn]] void fail(std::string_view found) const;
  /// A number of the header that is whole and not negative.
  std::uint64_t to_unsigned(const StoreJson& value) const;

 private:
  void read_header();
  void check_blocks() const;

  std::string path_;
  MappedFile file_;
  StoreJson header_;
};

/// Whether bytes begin like a store (8 suffice).
bool is_store(std::string_view start);

}  // namespace xalign
