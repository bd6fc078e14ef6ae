#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace xalign {

/// The text of a file in pieces of whole lines. Whether it is mapped into memory, comes through a
/// pipe or has to be decompressed is of no concern outside. A byte order mark is skipped.
class TextInput {
 public:
  /// @param path  "-" is standard input
  /// @throws Error(io) if the file cannot be opened
  static std::unique_ptr<TextInput> open(const std::string& path);
  virtual ~TextInput() = default;
  TextInput(const TextInput&) = delete;
  TextInput& operator=(const TextInput&) = delete;

  /// The next lines: about `bytes` of them and at least one; only the last line of the file may
  /// lack its line end. Empty at the end of the file. Valid until the next call, which may give
  /// back its memory.
  /// @throws Error(io), Error(data) if the file is damaged or plainly not text
  std::string_view next_lines(std::size_t bytes);

  /// All lines that are left.
  std::string rest();

  /// As it stands in messages.
  const std::string& name() const { return name_; }
  /// "gzip", "bzip2", "xz", "zstd" or empty.
  std::string_view compression() const { return compression_; }
  /// Size as it lies on the disk; 0 when unknown.
  std::uint64_t file_bytes() const { return file_bytes_; }
  /// How many of these have been read.
  virtual std::uint64_t bytes_read() const = 0;

 protected:
  TextInput(std::string name, std::string_view compression, std::uint64_t file_bytes)
      : name_(std::move(name)), compression_(compression), file_bytes_(file_bytes) {}

  /// @throws Error(data) if no line may be as long as this
  void check_line_length(std::size_t bytes) const;

 private:
  virtual std::string_view take_lines(std::size_t bytes) = 0;

  std::string name_;
  std::string_view compression_;
  std::uint64_t file_bytes_;
  bool started_ = false;
};

}  // namespace xalign
