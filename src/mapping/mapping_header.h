#pragma once

#include "mapping/xmap_file.h"

#include <xalign/mapping.h>

#include <string>

namespace xalign {

// The parts of reading and writing a mapping, for files that hold more than one.

/// The header; the blocks go into the writer.
Json describe_mapping(const Mapping& mapping, XmapWriter& writer);

/// Throws what XmapReader throws.
Mapping restore_mapping(const XmapReader& reader);

void write_xmap(const std::string& path, const XmapWriter& writer, Json header);

/// All bytes of a `.xmap` file, or the first few of anything else.
std::string read_xmap(const std::string& path);

}  // namespace xalign
