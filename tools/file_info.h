#pragma once

#include "options.h"
#include "output.h"
#include "session.h"

#include <string>

namespace xalign::cli {

/// Recognises a file by its content, reads all of it and tells what it holds: `"file"`, `"type"`
/// ("vectors", "mapping" or "dictionary"), then what that type has.
/// @throws Error(data) if it is none of these or a bad one
Json file_info(const std::string& path, const InputOptions& options, Session& session);

/// The same for reading: a line for each key.
std::string info_text(const Json& info);

}  // namespace xalign::cli
