#include "interrupt.h"

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace xalign::cli {
namespace {

static_assert(std::atomic<int>::is_always_lock_free, "signal handlers may touch nothing else");
std::atomic<int> open_outputs{0};
std::atomic<int> received{0};

void raise_by_default(int signal) {
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void on_signal(int signal) {
  // A second signal means now, whatever is left behind.
  if (open_outputs.load() == 0 || received.exchange(signal) != 0) raise_by_default(signal);
}

}  // namespace

void install_signal_handlers() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // What the parent chose to ignore (nohup) stays ignored.
    struct sigaction before {};
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
      sigaction(signal, &action, nullptr);
  }
}

OutputGuard::OutputGuard() {
  ++open_outputs;
}
OutputGuard::~OutputGuard() {
  --open_outputs;
}

void check_interrupt() {
  if (const int signal = received.load(); signal != 0) throw Interrupted{signal};
}

void die_of(int signal) {
  raise_by_default(signal);
  std::_Exit(128 + signal);
}

}  // namespace xalign::cli
