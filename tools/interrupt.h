#pragma once

namespace xalign::cli {

/// Thrown where a run stops after Ctrl-C or a request to end.
struct Interrupted {
  int signal;
};

/// Ctrl-C ends the program at once, except while an `OutputGuard` lives: then the run stops at its
/// next `check_interrupt`, and its unfinished files are removed on the way out. A closed pipe, or
/// a file that outgrows its limit, is told by the write that meets it, not by a signal.
void install_signal_handlers();

/// Lives while files are being written.
class OutputGuard {
 public:
  OutputGuard();
  ~OutputGuard();
  OutputGuard(const OutputGuard&) = delete;
  OutputGuard& operator=(const OutputGuard&) = delete;
};

/// @throws Interrupted if a signal has come
void check_interrupt();

/// Ends the process as the signal would have done.
[[noreturn]] void die_of(int signal);

}  // namespace xalign::cli
