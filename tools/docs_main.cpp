#include "manual.h"
#include "program.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file << text;
  file.close();
}

}  // namespace

// Writes the manual: xalign-docs --man FOLDER, xalign-docs --markdown FILE.
int main(int argc, char** argv) {
  using namespace xalign::cli;
  try {
    Program program;
    add_commands(program);
    const std::string form = argc == 3 ? argv[1] : "";
    if (form == "--markdown") {
      write(argv[2], commands_markdown(program.parser()));
    } else if (form == "--man") {
      for (const CommandHelp& help : all_help()) {
        std::string name =
            help.path.empty() ? "xalign.1" : "xalign-" + std::string(help.path) + ".1";
        std::ranges::replace(name, ' ', '-');
        write(std::filesystem::path(argv[2]) / name,
              man_page(help, app_of(program.parser(), help)));
      }
    } else {
      std::cerr << "usage: xalign-docs --man FOLDER | --markdown FILE\n";
      return 2;
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "xalign-docs: " << error.what() << '\n';
    return 1;
  }
}
