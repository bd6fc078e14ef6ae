#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace xalign {

/// "OpenMP 201511", the date of the standard that was compiled for.
std::string thread_library();

/// Calls `body(0) ... body(count - 1)`, each once, spread over `thread_count()` threads in no
/// particular order. The first exception is thrown again here after all threads have stopped.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body);

/// Blocks of equal size (the last may be smaller) that cover [0, size). Sums that are made block by
/// block and then added in block order do not depend on the number of threads.
struct Blocks {
  std::size_t size = 0;
  std::size_t block = 1;

  std::size_t count() const { return (size + block - 1) / block; }
  std::size_t begin(std::size_t index) const { return index * block; }
  std::size_t length(std::size_t index) const {
    return index + 1 < count() ? block : size - index * block;
  }
};

}  // namespace xalign
