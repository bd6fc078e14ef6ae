#include "io/array_vectors.h"
#include "io/binary_rows.h"
#include "io/row_names.h"
#include "io/vector_header.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace xalign {
namespace {

class ArrayVectors final : public RowSource {
 public:
  ArrayVectors(std::unique_ptr<ByteInput> input, VectorFormat format, const ArrayLayout& layout,
               const std::string& words_file, std::size_t block_bytes)
      : input_(std::move(input)), layout_(layout), names_(words_file) {
    info_.name = input_->name();
    info_.format = format;
    info_.compression = input_->compression();
    info_.file_bytes = input_->file_bytes();
    info_.words_file = words_file;
    check_shape();
    info_.rows = info_.estimated_rows = layout.rows;
    info_.dimension = static_cast<Eigen::Index>(layout.columns);
    row_bytes_ = layout.columns * size_of(layout.type);
    rows_per_block_ = std::max<std::size_t>(block_bytes / row_bytes_, 1);
    check_size();
    if (layout.columns_first) {
      const std::uint64_t bytes = layout.rows * row_bytes_;
      columns_ = input_->peek(bytes);
      if (columns_.size() < bytes) throw cut_short();
      columns_ = columns_.substr(0, bytes);
      if (!input_->bytes_left()) info_.held_bytes = bytes;
    }
  }

  std::uint64_t certain_rows() const override { return input_->bytes_left() ? rows_left() : 0; }
  std::uint64_t bytes_read() const override {
    return layout_.columns_first ? done_ * row_bytes_ : input_->bytes_read();
  }

  RowBlock next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) override {
    const auto rows = static_cast<std::size_t>(
        std::min({std::uint64_t{rows_per_block_}, rows_left(),
                  wanted == 0 ? std::numeric_limits<std::uint64_t>::max() : wanted}));
    if (rows == 0) {
      check_end();
      return {};
    }
    const std::string_view ahead =
        layout_.columns_first ? columns_ : input_->peek(rows * row_bytes_);
    if (!layout_.columns_first && ahead.size() < rows * row_bytes_) throw cut_short();
    const auto names = names_.next(rows);
    if (names.size() < rows) throw words_differ(done_ + names.size());
    RowBlock block = make_block(
        names, *this, done_ + 1, vectors, first,
        [&](std::size_t i, float* numbers) { read_row(ahead.data(), i, numbers); },
        [&](std::size_t i, Eigen::Index j) { return number_text(ahead.data(), i, j); });
    if (!layout_.columns_first) input_->take(rows * row_bytes_);
    done_ += rows;
    return block;
  }

  bool has_more() override { return rows_left() > 0; }

 private:
  std::uint64_t rows_left() const { return layout_.rows - done_; }

  /// Nothing may stand behind the last row and the last word.
  void check_end() {
    if (!names_.file().empty() && !names_.next(1).empty()) throw words_differ(std::nullopt);
    if (layout_.columns_first && !columns_.empty()) {
      input_->take(columns_.size());
      columns_ = {};
    }
    if (!input_->skip(layout_.bytes_after)) throw cut_short_behind();
    if (!input_->peek(1).empty()) throw too_long();
  }

  void read_row(const char* block, std::size_t i, float* numbers) const {
    const std::size_t number_bytes = size_of(layout_.type);
    if (layout_.columns_first)
      read_numbers(layout_.type, layout_.big_endian, block + (done_ + i) * number_bytes,
                   layout_.rows * number_bytes, layout_.columns, numbers);
    else
      read_numbers(layout_.type, layout_.big_endian, block + i * row_bytes_, number_bytes,
                   layout_.columns, numbers);
  }

  /// A number as the file has it, which may be too large for a float.
  std::string number_text(const char* block, std::size_t i, Eigen::Index j) const {
    const auto column = static_cast<std::size_t>(j);
    const std::size_t number =
        layout_.columns_first ? column * layout_.rows + done_ + i : i * layout_.columns + column;
    return fmt::format("{}", read_number(layout_.type, layout_.big_endian,
                                         block + number * size_of(layout_.type)));
  }

  void check_shape() const {
    constexpr auto kMostRows = static_cast<std::uint64_t>(std::numeric_limits<Index>::max());
    if (layout_.rows >= 1 && layout_.rows <= kMostRows && layout_.columns >= 1 &&
        layout_.columns <= static_cast<std::uint64_t>(kLargestDimension))
      return;
    throw Error(ErrorKind::data, info_.name,
                fmt::format("an array of {} x {} numbers", layout_.rows, layout_.columns),
                fmt::format("1 to {} rows of 1 to {} numbers", kMostRows, kLargestDimension),
                "save the vectors as rows");
  }

  void check_size() const {
    const auto left = input_->bytes_left();
    if (!left) return;
    if (layout_.rows > *left / row_bytes_) throw cut_short();
    const std::uint64_t behind = *left - layout_.rows * row_bytes_;
    if (behind < layout_.bytes_after) throw cut_short_behind();
    if (behind > layout_.bytes_after) throw too_long();
  }

  Error too_long() const {
    return Error(
        ErrorKind::data, info_.name,
        layout_.bytes_after == 0 ? "more bytes after the array" : "more bytes than the header says",
        fmt::format("the end of the file after {} x {} numbers{}", layout_.rows, layout_.columns,
                    layout_.bytes_after == 0
                        ? std::string()
                        : fmt::format(" and {} bytes of others", layout_.bytes_after)),
        "save one array a file");
  }

  Error cut_short_behind() const {
    return Error(ErrorKind::data, info_.name, "the file is cut short behind the array",
                 fmt::format("{} bytes of others, as the header says", layout_.bytes_after),
                 "get the file again");
  }

  Error cut_short() const {
    return Error(ErrorKind::data, info_.name, "the array is cut short",
                 fmt::format("{} x {} numbers, as the header says", layout_.rows, layout_.columns),
                 "get the file again");
  }

  Error words_differ(std::optional<std::uint64_t> words) const {
    return Error(
        ErrorKind::data, names_.file(),
        words ? fmt::format("{} words", *words) : fmt::format("more than {} words", layout_.rows),
        fmt::format("{}, one for each row of {}", layout_.rows, info_.name),
        "give the words of these rows with --words-file");
  }

  std::unique_ptr<ByteInput> input_;
  ArrayLayout layout_;
  RowNames names_;
  std::size_t row_bytes_ = 0;
  std::size_t rows_per_block_ = 1;
  std::uint64_t done_ = 0;
  std::string_view columns_;  // of Fortran order, all of them
};

}  // namespace

std::unique_ptr<RowSource> open_array(std::unique_ptr<ByteInput> input, VectorFormat format,
                                      const ArrayLayout& layout, const ReadOptions& options) {
  const std::string words = options.words_file.empty()
                                ? find_words_beside(input->name()).value_or(std::string())
                                : options.words_file;
  return std::make_unique<ArrayVectors>(std::move(input), format, layout, words,
                                        options.block_bytes);
}

}  // namespace xalign
