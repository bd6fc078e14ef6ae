#include "core/parallel_for.h"
#include "io/counted_output.h"
#include "io/format_float.h"
#include "io/text_input.h"
#include "io/text_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace xalign {
namespace {

constexpr std::size_t kNumbersPerTask = std::size_t{1} << 14;

/// The text of consecutive rows. Its memory is used again and again.
class RowText {
 public:
  void clear() { used_ = 0; }

  void append(std::string_view word, const float* numbers, std::size_t count, int precision) {
    const std::size_t longest = word.size() + count * (kLongestFloat + 1) + 1;
    if (buffer_.size() < used_ + longest) buffer_.resize(buffer_.size() + used_ + longest);
    char* out = std::copy(word.begin(), word.end(), buffer_.data() + used_);
    for (std::size_t i = 0; i < count; ++i) {
      *out++ = ' ';
      out = precision < 0 ? format_shortest(out, numbers[i])
                          : format_fixed(out, numbers[i], precision);
    }
    *out++ = '\n';
    used_ = static_cast<std::size_t>(out - buffer_.data());
  }

  std::string_view text() const { return std::string_view(buffer_).substr(0, used_); }

 private:
  std::string buffer_;
  std::size_t used_ = 0;
};

CountedOutput::Header header_for(const SinkRequest& request) {
  // Without a header nothing has to be known or replaced.
  if (request.format == VectorFormat::glove) return [](std::uint64_t) { return std::string(); };
  return [dimension = request.dimension](std::uint64_t rows) {
    return fmt::format("{} {}\n", rows, dimension);
  };
}

class TextSink final : public RowSink {
 public:
  explicit TextSink(const SinkRequest& request)
      : precision_(request.options.precision),
        has_header_(request.format != VectorFormat::glove),
        out_(request.path, header_for(request), request.options.expected_rows,
             request.exact || !has_header_) {}

  void write(const Vocabulary& words, Index first, ConstRows rows) override {
    const auto columns = static_cast<std::size_t>(rows.cols());
    const Blocks tasks{static_cast<std::size_t>(rows.rows()),
                       std::max<std::size_t>(kNumbersPerTask / columns, 1)};
    texts_.resize(std::max(texts_.size(), tasks.count()));
    parallel_for(tasks.count(), [&](std::size_t task) {
      RowText& text = texts_[task];
      text.clear();
      for (std::size_t i = tasks.begin(task); i < tasks.begin(task) + tasks.length(task); ++i)
        text.append(words[first + static_cast<Index>(i)],
                    rows.row(static_cast<Eigen::Index>(i)).data(), columns, precision_);
    });
    // A mark at the very beginning of the file would not be taken for a part of the word.
    const bool begins = !has_header_ && rows_ == 0 && rows.rows() > 0;
    if (begins && words[first].starts_with(kByteOrderMark)) out_.write(kByteOrderMark);
    for (std::size_t i = 0; i < tasks.count(); ++i) out_.write(texts_[i].text());
    rows_ += static_cast<std::uint64_t>(rows.rows());
  }

  void finish() override { out_.finish(rows_); }
  void commit() override { out_.commit(); }

 private:
  int precision_;
  bool has_header_;
  CountedOutput out_;
  std::vector<RowText> texts_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RowSink> create_text_vectors(const SinkRequest& request) {
  return std::make_unique<TextSink>(request);
}

}  // namespace xalign
