// What libFuzzer calls, for the target that the build names.
#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const xalign::fuzz::Target* const target = xalign::fuzz::find_target(XALIGN_FUZZ_TARGET);
  target->run(data, size);
  return 0;
}
