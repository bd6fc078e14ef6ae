#pragma once

#include "io/vector_formats.h"

namespace xalign {

// Matrices of .safetensors files: eight bytes of length, a JSON header that names each tensor's
// type, shape and place, then the numbers.

bool is_safetensors(ByteInput& input);
std::unique_ptr<RowSource> open_safetensors(std::unique_ptr<ByteInput> input,
                                            const ReadOptions& options);
std::unique_ptr<RowSink> create_safetensors(const SinkRequest& request);

}  // namespace xalign
