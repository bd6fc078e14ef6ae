#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace xalign::bench {

struct IoBenchOptions {
  long words = 200'000;  ///< of the files that are read and written
  long dimension = 300;
  std::string text = {};          ///< a file of vectors to read instead of random ones
  long index_words = 2'000'000;   ///< of the store whose opening is timed; 0 = none
  long search_words = 1'000'000;  ///< of the int8 store that is searched; 0 = none
  int repeat = 3;
  bool others = true;       ///< references in Python, where there is one
  std::string folder = {};  ///< for the files, removed afterwards; empty = the system's
};

/// What somebody else needs for the same work.
struct IoBenchReference {
  std::string name;
  double cpu_s = 0;
};

struct IoBenchTask {
  std::string name;
  double cpu_s = 0;       ///< one thread
  double wall_s = 0;      ///< one thread
  double wall_s_two = 0;  ///< two threads
  double megabytes = 0;   ///< of the file
  std::vector<IoBenchReference> references = {};
};

struct IoBenchResult {
  long words = 0, dimension = 0;
  bool random = true;
  std::vector<IoBenchTask> tasks;
  double convert_peak_mb = 0;  ///< memory beyond what was held before, text to f32 store
  double convert_output_mb = 0;
  long index_words = 0;
  double open_ms = 0;  ///< CPU time
  long search_words = 0;
  double search_ms = 0;  ///< CPU time of one query, 10 neighbours, one thread
};

IoBenchResult run_io_bench(const IoBenchOptions& options);

nlohmann::ordered_json to_json(const IoBenchResult& result);
void print(const IoBenchResult& result);

}  // namespace xalign::bench
