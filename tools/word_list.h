#pragma once

#include <xalign/vocabulary.h>

#include <string>

namespace xalign::cli {

/// Reads a file with one word a line; repeated words and empty lines do not count. "-" is standard
/// input.
/// @throws Error(io), Error(data) if there is no word
Vocabulary read_word_list(const std::string& path);

}  // namespace xalign::cli
