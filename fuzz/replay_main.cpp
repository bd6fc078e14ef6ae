// Feeds every file of a corpus to its target: xalign-fuzz-replay CORPUS, a folder for each target.
// Any file that once broke a reader belongs there.
#include "targets.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: xalign-fuzz-replay CORPUS\n", stderr), 2;
  bool complete = true;
  for (const xalign::fuzz::Target& target : xalign::fuzz::targets()) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / target.name;
    int files = 0;
    if (std::filesystem::is_directory(folder))
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::printf("%s\n", entry.path().c_str());
        std::fflush(stdout);
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        target.run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        ++files;
      }
    if (files == 0) std::printf("%s: no files\n", target.name);
    complete = complete && files > 0;
  }
  return complete ? 0 : 1;
}
