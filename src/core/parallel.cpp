// The only file that knows OpenMP.
#include "core/parallel_for.h"

#include <xalign/parallel.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <omp.h>

namespace xalign {

int thread_count() noexcept {
  return omp_get_max_threads();
}

ThreadLimit::ThreadLimit(int threads) : before_(omp_get_max_threads()) {
  if (threads > 0) omp_set_num_threads(threads);
}

ThreadLimit::~ThreadLimit() {
  omp_set_num_threads(before_);
}

std::string thread_library() {
  return "OpenMP " + std::to_string(_OPENMP);
}

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body) {
  std::exception_ptr error;
  std::mutex error_mutex;
  std::atomic<bool> failed{false};
  const auto signed_count = static_cast<std::ptrdiff_t>(count);
// Waking threads costs more than a single task may take.
#pragma omp parallel for schedule(dynamic, 1) if (count > 1)
  for (std::ptrdiff_t i = 0; i < signed_count; ++i) {
    if (failed.load(std::memory_order_relaxed)) continue;
    try {
      body(static_cast<std::size_t>(i));
    } catch (...) {
      const std::lock_guard lock(error_mutex);
      if (!error) error = std::current_exception();
      failed = true;
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace xalign
