#pragma once

#include "session.h"

#include <xalign/store.h>

#include <string>

namespace xalign::cli {

/// Whether a file is a store of which all words are wanted: then it is not read into memory.
bool reads_in_place(const std::string& path, const Session& session);

/// "en.xvec: 200,000 words x 300, int8 store".
std::string describe(const std::string& path, const Store& store);

}  // namespace xalign::cli
