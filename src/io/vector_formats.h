#pragma once

#include "io/byte_input.h"
#include "io/row_sink.h"
#include "io/row_source.h"

#include <xalign/vectors_io.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace xalign {

/// What a sink is told about its file.
struct SinkRequest {
  std::string path;
  Eigen::Index dimension = 0;
  VectorFormat format = VectorFormat::vec;
  WriteOptions options;
  bool exact = false;  ///< `options.expected_rows` is certain
};

/// A format of vector files: all that the rest of the program knows of it. To add one, write its
/// file beside this one and enter it in vector_formats.cpp.
struct VectorFormatEntry {
  VectorFormat format;
  std::string_view name;                         ///< on the command line
  std::span<const std::string_view> extensions;  ///< of files that are written in it: ".vec"

  /// Whether a file is of this format, by its beginning.
  bool (*recognise)(ByteInput& input);
  /// nullptr = cannot be read row by row
  std::unique_ptr<RowSource> (*open)(std::unique_ptr<ByteInput> input, const ReadOptions& options);
  /// nullptr = cannot be written
  std::unique_ptr<RowSink> (*create)(const SinkRequest& request);
};

/// In the order in which they are tried; the last one takes what no other wants.
std::span<const VectorFormatEntry> vector_formats();

const VectorFormatEntry& entry_of(VectorFormat format);

/// The format of a file that was opened and not read from.
const VectorFormatEntry& recognise_format(ByteInput& input);

/// The format that the extension of an output asks for; vec where there is none.
/// @throws Error(config) for an extension that no format has
const VectorFormatEntry& format_of_name(const std::string& path);

}  // namespace xalign
