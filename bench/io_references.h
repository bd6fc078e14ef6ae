#pragma once

#include <string>
#include <vector>

namespace xalign::bench {

/// A Python program that does what others do, on a part of the work.
struct PythonReference {
  std::string name;
  std::string script;  ///< arguments: FILE, ROWS; prints the CPU seconds of ROWS rows
  long rows = 0;       ///< that it is timed on
};

/// Readers of text files of vectors.
std::vector<PythonReference> text_readers();
/// Writers of such files.
std::vector<PythonReference> text_writers();

/// CPU seconds of `rows` rows, as many as the reference is timed on make in proportion. Negative
/// where there is no Python, or it lacks what the script imports.
double run_python(const PythonReference& reference, const std::string& file, long rows);

}  // namespace xalign::bench
