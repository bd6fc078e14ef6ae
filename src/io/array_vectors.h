#pragma once

#include "io/number_type.h"
#include "io/vector_formats.h"

namespace xalign {

/// A matrix that lies in an input as it is, row after row or column after column.
struct ArrayLayout {
  NumberType type = NumberType::f32;
  bool big_endian = false;
  bool columns_first = false;  ///< Fortran order
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::uint64_t bytes_after = 0;  ///< of other arrays, exactly
};

/// Its rows, with words from a file or numbers for names.
/// @param input   stands at the first number. Plain files and rows that come one after another need
///                no memory; columns of a compressed file are held.
/// @throws Error(data) for sizes that are not there
std::unique_ptr<RowSource> open_array(std::unique_ptr<ByteInput> input, VectorFormat format,
                                      const ArrayLayout& layout, const ReadOptions& options);

/// What `request.options.array` asks for.
NumberType array_type(const SinkRequest& request);

/// Writes such a matrix of `array_type`, row after row behind a header of a length that does not
/// change, and its words into a file beside it.
/// @param header  of that many rows
std::unique_ptr<RowSink> create_array(const SinkRequest& request,
                                      std::function<std::string(std::uint64_t rows)> header);

}  // namespace xalign
