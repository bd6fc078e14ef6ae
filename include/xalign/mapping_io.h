#pragma once

#include <xalign/mapping.h>

#include <string>

namespace xalign {

/// Writes a `.xmap` file: magic and version, JSON header, little-endian blocks, checksum
/// (docs/formats.md). It appears under its name complete or not at all; compressed when the name
/// ends in .gz, .bz2, .xz or .zst; "-" is standard output. The same mapping gives the same bytes.
void write_mapping(const std::string& path, const Mapping& mapping);

/// Compressed or not; "-" is standard input.
/// @throws Error(io) if it cannot be opened, Error(data) for a file that is not a mapping, is of a
///         later version, is cut short or has changed since it was written
Mapping read_mapping(const std::string& path);

/// Whether the file begins like a `.xmap` file. False for anything else, also if unreadable.
bool is_mapping_file(const std::string& path);

}  // namespace xalign
