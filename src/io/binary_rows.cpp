#include "io/binary_rows.h"

#include "core/parallel_for.h"

#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kNumbersPerTask = std::size_t{1} << 15;

Eigen::Index find_not_finite(const float* numbers, Eigen::Index count) {
  return std::find_if(numbers, numbers + count, [](float x) { return !std::isfinite(x); }) -
         numbers;
}

}  // namespace

RowBlock make_block(std::span<const std::string_view> words, const RowSource& source,
                    std::uint64_t place, Matrix& vectors, Eigen::Index first,
                    const std::function<void(std::size_t i, float* numbers)>& fill,
                    const std::function<std::string(std::size_t i, Eigen::Index j)>& text) {
  const Eigen::Index dimension = source.info().dimension;
  const Eigen::Index end = first + static_cast<Eigen::Index>(words.size());
  if (vectors.rows() < end) vectors.conservativeResize(end, dimension);
  RowBlock block;
  block.rows.resize(words.size());
  std::vector<char> finite(words.size(), 1);
  const Blocks tasks{words.size(), std::max<std::size_t>(
                                       kNumbersPerTask / static_cast<std::size_t>(dimension), 1)};
  parallel_for(tasks.count(), [&](std::size_t task) {
    for (std::size_t i = tasks.begin(task); i < tasks.begin(task) + tasks.length(task); ++i) {
      auto row = vectors.row(first + static_cast<Eigen::Index>(i));
      fill(i, row.data());
      finite[i] = row.array().isFinite().all() ? 1 : 0;
      block.rows[i] = {words[i], place + i, first + static_cast<Eigen::Index>(i),
                       (row.array() == 0).all()};
    }
  });
  const auto bad = static_cast<std::size_t>(std::ranges::find(finite, 0) - finite.begin());
  if (bad == words.size()) return block;
  const float* numbers = vectors.row(first + static_cast<Eigen::Index>(bad)).data();
  const Eigen::Index at = find_not_finite(numbers, dimension);
  block.error =
      Error(ErrorKind::data, source.where(place + bad),
            fmt::format("number {} of '{}' is {}", at + 1, printable(words[bad]),
                        text ? text(bad, at) : fmt::format("{}", numbers[at])),
            "finite numbers that fit into 32-bit floats", "remove the row or mend the number");
  block.rows.resize(bad);
  return block;
}

}  // namespace xalign
