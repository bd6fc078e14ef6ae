#include "interrupt.h"
#include "program.h"

int main(int argc, char** argv) {
  xalign::cli::install_signal_handlers();
  try {
    xalign::cli::Program program;
    xalign::cli::add_commands(program);
    return program.run(argc, argv);
  } catch (const xalign::cli::Interrupted& interrupted) {
    xalign::cli::die_of(interrupted.signal);
  }
}
