#include "io/binary_rows.h"

#include "core/parallel_for.h"

#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kNumbersPerTask = std::size_t{1} << 15;

Error not_finite(const std::string& where, std::string_view word, const float* numbers,
                 Eigen::Index count) {
  const float* bad =
      std::find_if(numbers, numbers + count, [](float x) { return !std::isfinite(x); });
  return Error(ErrorKind::data, where,
               fmt::format("number {} of '{}' is {}", bad - numbers + 1, printable(word), *bad),
               "finite numbers that fit into 32-bit floats", "remove the row or mend the number");
}

}  // namespace

RowBlock make_block(std::span<const std::string_view> words, const RowSource& source,
                    std::uint64_t place, Matrix& vectors, Eigen::Index first,
                    const std::function<void(std::size_t i, float* numbers)>& fill) {
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
  block.error = not_finite(source.where(place + bad), words[bad],
                           vectors.row(first + static_cast<Eigen::Index>(bad)).data(), dimension);
  block.rows.resize(bad);
  return block;
}

}  // namespace xalign
