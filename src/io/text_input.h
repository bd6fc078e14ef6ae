#pragma once

#include "io/byte_input.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace xalign {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// The text of an input in pieces of whole lines. A byte order mark is skipped.
class TextInput {
 public:
  /// A file that is to be text throughout: what looks like a binary file is refused as one.
  /// @param path  "-" is standard input
  /// @throws Error(io) if the file cannot be opened
  static std::unique_ptr<TextInput> open(const std::string& path);
  /// A file whose reader tells binary formats and damage apart itself.
  explicit TextInput(std::unique_ptr<ByteInput> bytes) : bytes_(std::move(bytes)) {}

  /// The next lines: about `bytes` of them and at least one; only the last line of the file may
  /// lack its line end. Empty at the end of the file. Valid until the next call, which may give
  /// back its memory.
  /// @throws Error(io), Error(data) if the file is damaged or plainly not text
  std::string_view next_lines(std::size_t bytes);

  /// All lines that are left.
  std::string rest();

  /// As it stands in messages.
  const std::string& name() const { return bytes_->name(); }
  /// "gzip", "bzip2", "xz", "zstd" or empty.
  std::string_view compression() const { return bytes_->compression(); }
  /// Size as it lies on the disk; 0 when unknown.
  std::uint64_t file_bytes() const { return bytes_->file_bytes(); }
  /// How many of these have been read.
  std::uint64_t bytes_read() const { return bytes_->bytes_read(); }

 private:
  std::string_view take_lines(std::size_t bytes);
  /// @throws Error(data) if no line may be as long as this
  void check_line_length(std::size_t bytes) const;

  std::unique_ptr<ByteInput> bytes_;
  bool started_ = false;
  bool all_text_ = false;
};

}  // namespace xalign
