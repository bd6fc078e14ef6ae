#include "io_references.h"

#include <algorithm>
#include <cstdio>

namespace xalign::bench {
namespace {

// The file is read up to that row only, so that slow readers do not take minutes.
constexpr long kRows = 10'000;

// Reads rows one line at a time; what stands between makes a row of a line.
constexpr const char* kReadBegin = R"(
import sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
path, rows = sys.argv[1], int(sys.argv[2])
start = time.process_time()
with open(path, encoding="utf-8", errors="surrogateescape") as lines:
    dimension = int(next(lines).split()[1])
    matrix, words = np.empty((rows, dimension), dtype="float32"), []
    for i in range(rows):
)";
constexpr const char* kReadEnd = R"(
print(time.process_time() - start)
)";

// As VecMap and MUSE read: split the word off, and have numpy parse the rest of the line.
constexpr const char* kFromString = R"(
        word, numbers = next(lines).split(" ", 1)
        words.append(word)
        matrix[i] = np.fromstring(numbers, sep=" ", dtype="float32")
)";

// As fastText's own script reads: a float made of every field.
constexpr const char* kSplit = R"(
        fields = next(lines).rstrip().split(" ")
        words.append(fields[0])
        matrix[i] = [float(field) for field in fields[1:]]
)";

std::string reader(const char* row) {
  return std::string(kReadBegin) + row + kReadEnd;
}

constexpr const char* kGensim = R"(
import sys, time
from gensim.models import KeyedVectors
path, rows = sys.argv[1], int(sys.argv[2])
start = time.process_time()
KeyedVectors.load_word2vec_format(path, limit=rows)
print(time.process_time() - start)
)";

constexpr const char* kSaveText = R"(
import os, sys, time
import numpy as np
path, rows = sys.argv[1], int(sys.argv[2])
with open(path, encoding="utf-8", errors="surrogateescape") as lines:
    dimension = int(next(lines).split()[1])
matrix = np.random.default_rng(1).standard_normal((rows, dimension)).astype("float32")
start = time.process_time()
with open(os.devnull, "w") as out:
    np.savetxt(out, matrix, fmt="%.6f")
print(time.process_time() - start)
)";

}  // namespace

std::vector<PythonReference> text_readers() {
  return {{"numpy fromstring", reader(kFromString), kRows},
          {"python float", reader(kSplit), kRows},
          {"gensim", kGensim, kRows}};
}

std::vector<PythonReference> text_writers() {
  return {{"numpy savetxt", kSaveText, kRows}};
}

double run_python(const PythonReference& reference, const std::string& file, long rows) {
  const long timed = std::min(reference.rows, rows);
  const std::string command =
      "export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1; for p in python3 "
      "/usr/bin/python3; do $p -c '" +
      reference.script + "' '" + file + "' " + std::to_string(timed) +
      " 2>/dev/null && break; done";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return -1;
  double seconds = -1;
  if (std::fscanf(pipe, "%lf", &seconds) != 1) seconds = -1;
  pclose(pipe);
  return seconds < 0 ? -1 : seconds * static_cast<double>(rows) / static_cast<double>(timed);
}

}  // namespace xalign::bench
