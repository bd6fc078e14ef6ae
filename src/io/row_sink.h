#pragma once

#include <xalign/matrix.h>
#include <xalign/vocabulary.h>

#include <string_view>

namespace xalign {

/// A file of vectors that is being written: the part of writing that differs between formats.
class RowSink {
 public:
  RowSink() = default;
  virtual ~RowSink() = default;  ///< without `commit`, nothing is left behind
  RowSink(const RowSink&) = delete;
  RowSink& operator=(const RowSink&) = delete;

  /// Characters that no word may have.
  virtual std::string_view forbidden() const { return " \t\n\r"; }

  /// Bytes of the longest word that can be read back.
  virtual std::size_t longest_word() const { return std::string_view::npos; }

  /// Some rows, a few million numbers at most: they are finite and have the dimension of the file,
  /// words are neither empty nor too long nor have forbidden characters.
  /// @param first  the word of the first row; the others follow
  virtual void write(const Vocabulary& words, Index first, ConstRows rows) = 0;
  /// Writes what is left; nothing may follow.
  virtual void finish() = 0;
  /// Puts the finished file in place.
  virtual void commit() = 0;
};

}  // namespace xalign
