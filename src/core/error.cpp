#include <xalign/error.h>

namespace xalign {
namespace {

std::string compose(std::string_view where, std::string_view found, std::string_view expected,
                    std::string_view remedy) {
  std::string line{where};
  line += ": ";
  line += found;
  if (!expected.empty()) {
    line += " (expected ";
    line += expected;
    line += ')';
  }
  if (!remedy.empty()) {
    line += "; ";
    line += remedy;
  }
  return line;
}

}  // namespace

Error::Error(ErrorKind kind, std::string_view where, std::string_view found,
             std::string_view expected, std::string_view remedy)
    : std::runtime_error(compose(where, found, expected, remedy)), kind_(kind) {}

}  // namespace xalign
