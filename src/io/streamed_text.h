#pragma once

#include "io/compression.h"
#include "io/file_descriptor.h"
#include "io/text_input.h"

#include <span>
#include <vector>

namespace xalign {

/// A pipe, a device or a compressed file, read piece by piece.
class StreamedText final : public TextInput {
 public:
  StreamedText(const std::string& path, FileDescriptor file, std::uint64_t file_bytes);

  std::uint64_t bytes_read() const override { return bytes_read_; }

 private:
  struct Start;
  StreamedText(const std::string& path, Start start, std::uint64_t file_bytes);
  std::string_view take_lines(std::size_t bytes) override;
  std::size_t read(std::span<char> space);
  std::size_t read_raw(std::span<char> space);

  FileDescriptor file_;
  std::string start_;  // looked at, not yet read
  std::uint64_t bytes_read_ = 0;
  std::vector<char> raw_;  // compressed bytes
  std::unique_ptr<Decompressor> decompressor_;
  std::vector<char> buffer_;  // [begin_, end_) is text that was not handed out
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace xalign
