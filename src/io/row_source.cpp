#include "io/row_source.h"

#include <fmt/format.h>

namespace xalign {

std::string RowSource::where(std::uint64_t place) const {
  return fmt::format("{}, row {}", info_.name, place);
}

}  // namespace xalign
