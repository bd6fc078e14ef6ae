#pragma once

#include <xalign/error.h>
#include <xalign/vectors_io.h>

#include <string>
#include <vector>

namespace xalign::test {

/// Numbers as binary files hold them.
inline std::string bytes_of(const std::vector<float>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
}

/// What reading a file ends with.
inline std::string message_of(const std::string& path, const ReadOptions& options = {}) {
  try {
    read_vectors(path, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace xalign::test
