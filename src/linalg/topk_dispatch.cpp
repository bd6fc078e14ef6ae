#include "linalg/topk_dispatch.h"

#include "linalg/cpu.h"

#include <xalign/error.h>
#include <xalign/text.h>
#include <xalign/topk.h>

namespace xalign {
namespace {

std::vector<const TopkKernels*> find_kernels() {
  std::vector<const TopkKernels*> kernels;
#ifdef XALIGN_X86
  const CpuFeatures cpu = detect_cpu();
  if (cpu.avx512vnni && cpu.amx_int8) kernels.push_back(&kTopkAmx);
  if (cpu.avx512vnni) kernels.push_back(&kTopkAvx512Vnni);
  if (cpu.avx2 && cpu.avxvnni) kernels.push_back(&kTopkAvxVnni);
  if (cpu.avx2) kernels.push_back(&kTopkAvx2);
#endif
  kernels.push_back(&kTopkGeneric);
  return kernels;
}

const std::vector<const TopkKernels*>& all_kernels() {
  static const std::vector<const TopkKernels*> kernels = find_kernels();
  return kernels;
}

}  // namespace

std::vector<std::string> topk_isas() {
  std::vector<std::string> names;
  for (const TopkKernels* kernels : all_kernels()) names.emplace_back(kernels->name);
  return names;
}

const TopkKernels& topk_kernels(const std::string& isa) {
  if (isa.empty()) return *all_kernels().front();
  std::string known;
  for (const TopkKernels* kernels : all_kernels()) {
    if (isa == kernels->name) return *kernels;
    known += (known.empty() ? "" : ", ") + std::string(kernels->name);
  }
  throw Error(ErrorKind::config, "isa",
              "\"" + printable(isa) + "\" is not an instruction set of this processor", known);
}

}  // namespace xalign
