#pragma once

#include "io/vector_formats.h"

namespace xalign {

// Arrays of numpy (.npy, format versions 1 to 3) with two axes, words x dimensions, of float16, 32
// or 64 in C or Fortran order.

bool is_npy(ByteInput& input);
std::unique_ptr<RowSource> open_npy(std::unique_ptr<ByteInput> input, const ReadOptions& options);
std::unique_ptr<RowSink> create_npy(const SinkRequest& request);

}  // namespace xalign
