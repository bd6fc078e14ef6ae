#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace xalign {

/// The bytes of a file from front to back, with a view of what comes next. Whether it is mapped
/// into memory, comes through a pipe or has to be decompressed is of no concern outside.
class ByteInput {
 public:
  /// @param path  "-" is standard input
  /// @throws Error(io) if the file cannot be opened
  static std::unique_ptr<ByteInput> open(const std::string& path);
  virtual ~ByteInput() = default;
  ByteInput(const ByteInput&) = delete;
  ByteInput& operator=(const ByteInput&) = delete;

  /// What comes next: at least `bytes` of it, less only where the input ends. Valid until the next
  /// call.
  /// @throws Error(io), Error(data) if the compression is damaged
  virtual std::string_view peek(std::size_t bytes) = 0;
  /// Goes on behind bytes that were looked at. They stay readable until the next `peek`.
  virtual void take(std::size_t bytes) = 0;
  /// Goes on behind any number of bytes; false if the input ends before.
  bool skip(std::uint64_t bytes);

  /// As it stands in messages.
  const std::string& name() const { return name_; }
  /// "gzip", "bzip2", "xz", "zstd" or empty.
  std::string_view compression() const { return compression_; }
  /// Size as it lies on the disk; 0 when unknown.
  std::uint64_t file_bytes() const { return file_bytes_; }
  /// How many of these have been read.
  virtual std::uint64_t bytes_read() const = 0;
  /// How many bytes are left; nothing for what is compressed or no regular file.
  virtual std::optional<std::uint64_t> bytes_left() const { return std::nullopt; }

 protected:
  ByteInput(std::string name, std::string_view compression, std::uint64_t file_bytes)
      : name_(std::move(name)), compression_(compression), file_bytes_(file_bytes) {}

 private:
  std::string name_;
  std::string_view compression_;
  std::uint64_t file_bytes_;
};

}  // namespace xalign
