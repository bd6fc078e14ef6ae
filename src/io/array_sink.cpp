#include "io/array_vectors.h"
#include "io/counted_output.h"
#include "io/file_descriptor.h"
#include "io/output_file.h"
#include "io/row_names.h"

#include <xalign/error.h>

namespace xalign {
namespace {

std::string words_path_for(const std::string& path) {
  if (inherited_descriptor(path, 1) >= 0)
    throw Error(ErrorKind::config, path, "no name for the file of words that belongs to it",
                "a file name", "name a file, or write another format with --to");
  return words_path_beside(path);
}

class ArraySink final : public RowSink {
 public:
  ArraySink(const SinkRequest& request, CountedOutput::Header header)
      : words_(words_path_for(request.path)),
        out_(request.path, std::move(header), request.options.expected_rows, request.exact) {}

  // Its words have lines of their own.
  std::string_view forbidden() const override { return "\n\r"; }

  void write(const Vocabulary& words, Index first, ConstRows rows) override {
    for (Index i = 0; i < static_cast<Index>(rows.rows()); ++i) {
      words_.write(words[first + i]);
      words_.write("\n");
      out_.write({reinterpret_cast<const char*>(rows.row(i).data()),
                  static_cast<std::size_t>(rows.cols()) * sizeof(float)});
    }
    rows_ += static_cast<std::uint64_t>(rows.rows());
  }

  void close() override {
    // Both or none.
    words_.finish();
    out_.finish(rows_);
    words_.commit();
    out_.commit();
  }

 private:
  OutputFile words_;
  CountedOutput out_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RowSink> create_array(const SinkRequest& request,
                                      std::function<std::string(std::uint64_t rows)> header) {
  return std::make_unique<ArraySink>(request, std::move(header));
}

}  // namespace xalign
