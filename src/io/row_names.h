#pragma once

#include "io/text_input.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// The file of words of a file of vectors that has none: for `en.npy` or `en.npy.gz`, the first
/// that exists of `en.words.txt`, `en.words`, `en.vocab.txt` and `en.vocab`.
std::optional<std::string> find_words_beside(const std::string& path);

/// Where the words of such a file are written: `en.words.txt`.
std::string words_path_beside(const std::string& path);

/// Whether a file is of a format without words of its own. False where it cannot be read.
bool is_without_words(const std::string& path);

/// Another array that would find its words where those of `path` are written: `en.npy` for
/// `en.safetensors`.
std::optional<std::string> find_array_sharing_words(const std::string& path);

/// The words of rows, from a file with one a line, or the rows' numbers (from 0) without a file.
class RowNames {
 public:
  /// @param file  empty = numbers
  /// @throws Error(io), Error(data)
  explicit RowNames(const std::string& file);

  /// The names of the next rows; fewer than asked for where the file ends. Valid until the next
  /// call.
  /// @throws Error(data) for an empty line
  std::span<const std::string_view> next(std::size_t rows);
  /// Name of the file for messages.
  const std::string& file() const { return file_; }

 private:
  void number(std::size_t rows);
  void read_lines(std::size_t rows);

  std::string file_;
  std::unique_ptr<TextInput> text_;
  std::string_view pending_;  // lines that were read and not handed out
  std::string storage_;
  std::vector<std::string_view> names_;
  std::uint64_t done_ = 0;
};

}  // namespace xalign
