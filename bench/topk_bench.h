#pragma once

#include "cases.h"

#include <string>
#include <vector>

namespace xalign::bench {

struct TopkBenchOptions {
  int k = 10;
  int repeat = 3;
  bool others = true;  ///< libraries that search, not only their products
  bool csls = true;
  bool brief = false;  ///< only the best instruction set, and no CSLS: for large cases
  std::vector<std::string> isas = {};  ///< empty = the best, and every other with fast int8
};

struct TopkBenchMode {
  std::string name;
  std::string isa;
  double cpu_s = 0;
  double ratio = 0;  ///< to the reference
  long missed = 0;   ///< neighbours in a brute-force sample that are not in the lists
  double wall_s = 0;
};

struct TopkBenchReference {
  std::string name;
  bool product = false;
  double cpu_s = 0;
};

struct TopkBenchResult {
  std::string name;
  Eigen::Index n = 0, m = 0, d = 0;
  int k = 0;
  TopkBenchReference reference;  ///< the fastest product
  std::vector<TopkBenchReference> others;
  std::vector<TopkBenchMode> modes;
  double checked = 0;   ///< share of rows that `missed` was counted on
  double extra_mb = 0;  ///< largest memory of a search beyond inputs and results
};

/// Times every mode on one case, each on one thread and the fastest on two as well.
TopkBenchResult run_topk_bench(const Case& rows, const TopkBenchOptions& options);

}  // namespace xalign::bench
