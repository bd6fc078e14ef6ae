#pragma once

#include "io/vector_formats.h"

#include <xalign/subword.h>

namespace xalign {

// The store as one of the formats of vector files.

bool is_xvec(ByteInput& input);
std::unique_ptr<RowSource> open_xvec(std::unique_ptr<ByteInput> input, const ReadOptions& options);
std::unique_ptr<RowSink> create_xvec(const SinkRequest& request);
/// @throws Error(data) for a store that holds no n-grams
std::unique_ptr<SubwordModel> open_xvec_model(const std::string& path);

}  // namespace xalign
