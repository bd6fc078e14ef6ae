#pragma once

#include "io/vector_formats.h"

#include <xalign/subword.h>

namespace xalign {

// Tables of floret and spaCy: text, a line "buckets dimension minn maxn hash_count hash_seed begin
// end", then the number of each row and its numbers. Words are not in them: any word has a vector,
// the mean of hash_count rows for the marked word and for each of its n-grams.

bool is_floret(ByteInput& input);
/// The vectors of a list of words.
std::unique_ptr<RowSource> open_floret(std::unique_ptr<ByteInput> input,
                                       const ReadOptions& options);
std::unique_ptr<SubwordModel> open_floret_model(std::unique_ptr<ByteInput> input);

}  // namespace xalign
