#pragma once

namespace xalign {

/// Threads that a call into xalign made from this thread will use. At first the cores that the
/// process may use (`OMP_NUM_THREADS` is obeyed). Results never depend on it.
int thread_count() noexcept;

/// Limits the threads of xalign calls made from this thread while it lives. 0 = no change.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_;
};

}  // namespace xalign
