#include "io/array_vectors.h"
#include "io/counted_output.h"
#include "io/file_descriptor.h"
#include "io/output_file.h"
#include "io/row_names.h"
#include "io/text_input.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace xalign {
namespace {

std::string words_path_for(const std::string& path) {
  if (inherited_descriptor(path, 1) >= 0)
    throw Error(ErrorKind::config, path, "no name for the file of words that belongs to it",
                "a file name", "name a file, or write another format with --to");
  return words_path_beside(path);
}

/// Where another array has its words in the list that is written: both must have the same.
class SharedWords {
 public:
  explicit SharedWords(const std::string& path) : list_(words_path_for(path)) {
    const auto other = find_array_sharing_words(path);
    if (!other) return;
    other_ = *other;
    words_.emplace(find_words_beside(other_).value_or(std::string()));
  }

  void compare(const Vocabulary& words, Index first, Index count) {
    if (!words_) return;
    const auto names = words_->next(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i)
      if (static_cast<std::size_t>(i) >= names.size() ||
          names[static_cast<std::size_t>(i)] != words[first + i])
        throw differ();
  }
  void finish() {
    if (words_ && !words_->file().empty() && !words_->next(1).empty()) throw differ();
  }

 private:
  Error differ() const {
    return Error(ErrorKind::data, list_, "would be taken for the words of " + other_ + ", too",
                 "the same words for both", "write under another name");
  }

  std::string list_, other_;
  std::optional<RowNames> words_;
};

class ArraySink final : public RowSink {
 public:
  ArraySink(const SinkRequest& request, CountedOutput::Header header)
      : path_(request.path),
        type_(array_type(request)),
        shared_(request.path),
        words_(words_path_for(request.path)),
        out_(request.path, std::move(header), request.options.expected_rows, request.exact) {}

  // Its words have lines of their own.
  std::string_view forbidden() const override { return {"\n\r\0", 3}; }

  void write(const Vocabulary& words, Index first, ConstRows rows) override {
    shared_.compare(words, first, static_cast<Index>(rows.rows()));
    for (Index i = 0; i < static_cast<Index>(rows.rows()); ++i) {
      // A mark at the very beginning of the list would not be taken for a part of the word.
      if (is_first_ && words[first + i].starts_with(kByteOrderMark)) words_.write(kByteOrderMark);
      is_first_ = false;
      words_.write(words[first + i]);
      words_.write("\n");
      write_row(words[first + i], rows.row(i).data(), rows.cols());
    }
    rows_ += static_cast<std::uint64_t>(rows.rows());
  }

  // Both or none.
  void finish() override {
    shared_.finish();
    words_.finish();
    out_.finish(rows_);
  }
  void commit() override {
    words_.commit();
    out_.commit();
  }

 private:
  void write_row(std::string_view word, const float* numbers, Eigen::Index count) {
    const auto columns = static_cast<std::size_t>(count);
    if (type_ == NumberType::f32) {
      out_.write({reinterpret_cast<const char*>(numbers), columns * sizeof(float)});
      return;
    }
    constexpr float kLargestHalf = 65504;
    if (type_ == NumberType::f16)
      for (std::size_t j = 0; j < columns; ++j)
        if (std::abs(numbers[j]) > kLargestHalf)
          throw Error(ErrorKind::numeric, path_,
                      fmt::format("number {} of '{}' is {}", j + 1, printable(word), numbers[j]),
                      "numbers that fit into 16-bit floats",
                      "normalise the rows, or write 32-bit floats");
    bytes_.resize(columns * size_of(type_));
    write_numbers(type_, numbers, columns, bytes_.data());
    out_.write(bytes_);
  }

  std::string path_;
  NumberType type_;
  std::string bytes_;  // of one row
  SharedWords shared_;
  OutputFile words_;
  bool is_first_ = true;
  CountedOutput out_;
  std::uint64_t rows_ = 0;
};

}  // namespace

NumberType array_type(const SinkRequest& request) {
  switch (request.options.array) {
    case ArrayType::f16:
      return NumberType::f16;
    case ArrayType::f64:
      return NumberType::f64;
    case ArrayType::f32:
      break;
  }
  return NumberType::f32;
}

std::unique_ptr<RowSink> create_array(const SinkRequest& request,
                                      std::function<std::string(std::uint64_t rows)> header) {
  return std::make_unique<ArraySink>(request, std::move(header));
}

}  // namespace xalign
