#pragma once

#include "io/vector_formats.h"

namespace xalign {

// Text, with a line "rows dimension" at its beginning (vec) or without it (glove).

bool is_vec(ByteInput& input);
bool is_glove(ByteInput& input);
std::unique_ptr<RowSource> open_text_vectors(std::unique_ptr<ByteInput> input,
                                             const ReadOptions& options);
std::unique_ptr<RowSink> create_text_vectors(const SinkRequest& request);

}  // namespace xalign
