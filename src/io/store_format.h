#pragma once

#include "io/vector_formats.h"

namespace xalign {

// The store as one of the formats of vector files.

bool is_xvec(ByteInput& input);
std::unique_ptr<RowSource> open_xvec(std::unique_ptr<ByteInput> input, const ReadOptions& options);
std::unique_ptr<RowSink> create_xvec(const SinkRequest& request);

}  // namespace xalign
