#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace xalign {

/// A file that appears under its name complete or not at all: it is written beside it under a
/// temporary name and renamed by `close`. "-" is standard output; devices and pipes are written
/// directly. The content is compressed when the name ends in .gz, .bz2, .xz or .zst.
class OutputFile {
 public:
  /// @throws Error(io) if nothing can be written there
  explicit OutputFile(const std::string& path);
  ~OutputFile();  ///< without `close`, nothing is left behind
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) noexcept;

  /// @throws Error(io) e.g. for a full disk; ClosedPipe when the reader has gone away
  void write(std::string_view bytes);
  /// `finish` and `commit`.
  void close();
  /// Writes what is left; nothing may follow. For files that appear together or not at all.
  void finish();
  /// Puts the file in place.
  void commit();

  /// Whether `replace_beginning` can be used: the file is plain, and nobody has seen it yet.
  bool replaceable() const;
  /// Replaces the first `size` bytes, whatever their new number.
  void replace_beginning(std::size_t size, std::string_view bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xalign
