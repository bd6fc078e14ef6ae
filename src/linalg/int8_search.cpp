#include "linalg/int8_search.h"

#include "core/parallel_for.h"
#include "linalg/int8_dot.h"
#include "linalg/topk_dispatch.h"
#include "linalg/topk_kernels.h"
#include "linalg/topk_lists.h"
#include "linalg/topk_pack.h"
#include "linalg/unit_row.h"

#include <xalign/error.h>

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <string_view>

namespace xalign {
namespace {

// Searched by one thread at a time; long enough to make starting it cheap.
constexpr std::size_t kBlockRows = 8192;
// Their numbers stay in the second-level cache for the next query.
constexpr Eigen::Index kStrip = 512;
// Roundings of a decoded row, of its length, of the unit row and of the bound that a scan computes,
// in relation to the lengths.
constexpr double kRounding = 0x1p-19;

struct Query {
  Int8Query numbers;
  const float* row = nullptr;
  double term = 0;
  float scale = 0;
  float slack = 0;  ///< term and error of the screened score
};

Query prepare(const TopkKernels& kernels, ConstRows queries, Eigen::Index q, double term) {
  Query query;
  const Eigen::Index dimension = queries.cols();
  query.row = queries.row(q).data();
  query.term = term;
  const double length = std::sqrt(exact_dot(query.row, query.row, dimension));
  if (!std::isfinite(length) || !std::isfinite(term))
    throw Error(ErrorKind::data, "neighbour search",
                "query " + std::to_string(q) + " has a value that is not finite", "finite numbers");
  std::vector<std::int8_t> values(static_cast<std::size_t>(dimension));
  const QuantizedRow quantized = kernels.quantize(query.row, dimension, 127, values.data());
  query.numbers.dimension = dimension;
  query.numbers.values.assign(values.begin(), values.end());
  query.numbers.values.resize((values.size() + kInt8Reach - 1) / kInt8Reach * kInt8Reach, 0);
  query.scale = quantized.scale;
  const double growth = 1 + static_cast<double>(dimension) * 0x1p-22;
  query.slack =
      round_up(term + std::abs(term) * kTermError + static_cast<double>(quantized.error) * growth +
               length * kRounding + kTiny);
  return query;
}

/// The strip of rows that is searched, as a scan wants to see them.
struct Strip {
  std::array<float, kStrip> scale{}, offset{}, floor{};
  std::array<std::int32_t, kStrip> dots{};
};

class Search {
 public:
  Search(ConstRows queries, const Int8Rows& rows, const TopkOptions& options)
      : rows_(rows),
        column_terms_(options.column_terms),
        kernels_(topk_kernels(options.isa)),
        avx2_(std::string_view(kernels_.name) != kTopkGeneric.name),
        skip_(options.skip_pairs.begin(), options.skip_pairs.end()),
        lists_(queries.rows(), options.row_k) {
    std::sort(skip_.begin(), skip_.end());
    for (Eigen::Index q = 0; q < queries.rows(); ++q)
      queries_.push_back(
          prepare(kernels_, queries, q,
                  options.row_terms.empty()
                      ? 0.0
                      : static_cast<double>(options.row_terms[static_cast<std::size_t>(q)])));
  }

  TopkLists run() {
    const Blocks blocks{static_cast<std::size_t>(rows_.count), kBlockRows};
    parallel_for(blocks.count(), [&](std::size_t block) {
      Strip strip;
      std::vector<float> row(static_cast<std::size_t>(rows_.dimension));
      const auto begin = static_cast<Eigen::Index>(blocks.begin(block));
      const Eigen::Index end = begin + static_cast<Eigen::Index>(blocks.length(block));
      for (Eigen::Index first = begin; first < end; first += kStrip)
        search(first, std::min(kStrip, end - first), strip, row);
    });
    return lists_.finish();
  }

 private:
  double column_term(Eigen::Index row) const {
    return column_terms_.empty()
               ? 0.0
               : static_cast<double>(column_terms_[static_cast<std::size_t>(row)]);
  }

  void search(Eigen::Index first, Eigen::Index count, Strip& strip, std::vector<float>& row) {
    for (Eigen::Index j = 0; j < kStrip; ++j) {
      const auto at = static_cast<std::size_t>(j);
      const bool real = j < count;
      const float length = real ? rows_.lengths[first + j] : 0;
      strip.scale[at] = length > 0 ? rows_.scales[first + j] / length : 0;
      const double term = real ? column_term(first + j) : 0;
      strip.offset[at] = round_up(term + std::abs(term) * kTermError);
      strip.floor[at] = std::numeric_limits<float>::infinity();
    }
    for (std::size_t q = 0; q < queries_.size(); ++q) {
      int8_dots(rows_.values + first * rows_.dimension, count, queries_[q].numbers, avx2_,
                strip.dots.data());
      scan(first, count, strip, static_cast<Index>(q), row);
    }
  }

  void scan(Eigen::Index first, Eigen::Index count, const Strip& strip, Index q,
            std::vector<float>& row) {
    const Query& query = queries_[static_cast<std::size_t>(q)];
    float floor = floor_of(q);
    const ScanSide side{&query.scale, &query.slack, &floor};
    for (Eigen::Index begin = 0; begin < count; begin += kSegmentColumns) {
      const ScanSide columns{strip.scale.data() + begin, strip.offset.data() + begin,
                             strip.floor.data() + begin};
      std::uint64_t mask = 0;
      if (kernels_.scan_int(strip.dots.data() + begin, kStrip, 1, side, columns, &mask) == 0)
        continue;
      for (; mask != 0; mask &= mask - 1) {
        const Eigen::Index j = begin + std::countr_zero(mask);
        if (j >= count) break;
        const auto index = static_cast<Index>(first + j);
        if (std::binary_search(skip_.begin(), skip_.end(), std::pair{q, index})) continue;
        decode_int8(rows_.values + index * rows_.dimension, rows_.scales[index], rows_.dimension,
                    row.data());
        make_unit(row.data(), rows_.dimension);
        const double score = kernels_.dot(query.row, row.data(), rows_.dimension) +
                             (query.term + column_term(index));
        const std::lock_guard lock(mutex_);
        lists_.offer(q, score, index);
        floor = round_down(lists_.floor(q));
      }
    }
  }

  float floor_of(Index q) {
    const std::lock_guard lock(mutex_);
    return round_down(lists_.floor(q));
  }

  const Int8Rows& rows_;
  std::span<const float> column_terms_;
  const TopkKernels& kernels_;
  bool avx2_;
  std::vector<std::pair<Index, Index>> skip_;
  std::vector<Query> queries_;
  std::mutex mutex_;
  CandidateLists lists_;
};

}  // namespace

void decode_int8(const std::int8_t* values, float scale, Eigen::Index dimension, float* row) {
  for (Eigen::Index j = 0; j < dimension; ++j) row[j] = static_cast<float>(values[j]) * scale;
}

TopkLists find_topk_int8(ConstRows queries, const Int8Rows& rows, const TopkOptions& options) {
  options.validate();
  if (queries.cols() != rows.dimension)
    throw Error(ErrorKind::data, "neighbour search",
                "queries of " + std::to_string(queries.cols()) + " numbers",
                std::to_string(rows.dimension));
  return Search(queries, rows, options).run();
}

}  // namespace xalign
