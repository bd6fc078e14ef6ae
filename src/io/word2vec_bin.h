#pragma once

#include "io/vector_formats.h"

namespace xalign {

// The binary format of the word2vec program: the line "rows dimension" of text, then for each row
// the word, a blank and `dimension` little-endian 32-bit floats. A line end may stand before each
// word, as word2vec writes it, or not, as gensim does.

bool is_word2vec_bin(ByteInput& input);
std::unique_ptr<RowSource> open_word2vec_bin(std::unique_ptr<ByteInput> input,
                                             const ReadOptions& options);
std::unique_ptr<RowSink> create_word2vec_bin(const SinkRequest& request);

}  // namespace xalign
