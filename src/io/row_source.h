#pragma once

#include <xalign/error.h>
#include <xalign/matrix.h>
#include <xalign/vectors_io.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// A row as it was found: its numbers stand in some row of a matrix, all of them finite.
struct FoundRow {
  std::string_view word;    ///< valid until the next block
  std::uint64_t place = 0;  ///< line of a text file, number of the row (from 1) elsewhere
  Eigen::Index row = 0;     ///< of the matrix
  bool zero = false;        ///< all numbers are zero
  std::uint64_t count = 0;  ///< how often the word was seen in training, where the format knows
};

struct RowBlock {
  std::vector<FoundRow> rows;  ///< in the order of the file
  std::optional<Error> error;  ///< what is wrong behind these rows
};

/// A file of vectors, read block by block: the part of reading that differs between formats. What
/// concerns words (duplicates, selection, UTF-8) is not done here.
class RowSource {
 public:
  virtual ~RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;

  /// Known once the source is made.
  const VectorFileInfo& info() const { return info_; }
  /// What a message calls that row: `FILE:LINE`, or `FILE, row N` where there are no lines.
  virtual std::string where(std::uint64_t place) const;
  /// Rows that are surely there, for which memory may be taken at once.
  virtual std::uint64_t certain_rows() const = 0;
  /// Bytes of the file that are done, for progress.
  virtual std::uint64_t bytes_read() const = 0;

  /// The next rows, into rows of `vectors` from `first` on; it grows where it has too few rows. No
  /// row and no error: the file has ended, and is as long as it says.
  /// @param wanted  rows that will be used; more may be read, or fewer. 0 = all
  /// @throws Error(data) if the file has ended, but not where it says: only who asks for more rows
  ///         than there are is told, so that the first rows can be had of any file
  virtual RowBlock next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) = 0;

  /// Whether rows are left, right or wrong.
  virtual bool has_more() = 0;

 protected:
  RowSource() = default;
  VectorFileInfo info_;
};

}  // namespace xalign
