#pragma once

#include "io/vector_formats.h"

namespace xalign {

// Models of the fasttext program (fasttext_file.h): the vectors of their words, as `fasttext
// print-word-vectors` computes them. They are written by nobody but apply (aligned_model.h).

bool is_fasttext_bin(ByteInput& input);
std::unique_ptr<RowSink> create_fasttext_bin(const SinkRequest& request);
std::unique_ptr<RowSource> open_fasttext_bin(std::unique_ptr<ByteInput> input,
                                             const ReadOptions& options);

}  // namespace xalign
