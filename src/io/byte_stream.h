#pragma once

#include "io/compression.h"
#include "io/file_descriptor.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace xalign {

/// The bytes of a file, a pipe or a device, decompressed where they are compressed.
class ByteStream {
 public:
  /// Looks at the first bytes to see whether they are compressed.
  /// @param name  the file's, for errors
  ByteStream(std::string name, FileDescriptor file);
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  Compression compression() const { return compression_; }
  /// How many bytes of the file itself have been read.
  std::uint64_t bytes_read() const { return bytes_read_; }

  /// Fills `space`; less than all of it only at the end.
  /// @throws Error(io), Error(data) if the compression is damaged
  std::size_t read(std::span<char> space);

 private:
  std::size_t read_raw(std::span<char> space);
  std::size_t read_file(std::span<char> space);

  std::string name_;
  FileDescriptor file_;
  std::string start_;  // looked at, not yet read
  std::uint64_t bytes_read_ = 0;
  Compression compression_ = Compression::none;
  std::vector<char> raw_;  // compressed bytes
  std::unique_ptr<Decompressor> decompressor_;
};

/// The next bytes of a stream; fewer than asked for only at its end. Memory grows with what is
/// there, not with what is asked for.
std::string read_bytes(ByteStream& stream, std::size_t bytes);

}  // namespace xalign
