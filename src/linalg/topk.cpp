#include "core/parallel_for.h"
#include "core/progress_meter.h"
#include "linalg/topk_dispatch.h"
#include "linalg/topk_sample.h"
#include "linalg/topk_search.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/topk.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace xalign {
namespace {

constexpr std::size_t kDefaultMemory = std::size_t{100} << 20;
constexpr Eigen::Index kMaxRowBlock = 2048;
// With fewer rows on a side, preparing the other one costs more than scoring all pairs.
constexpr Eigen::Index kMinScreened = 4;
// Above, sums of 8-bit products could leave 32 bits.
constexpr Eigen::Index kMaxInt8Dimension = 65536;
// Powers of two of lengths for which a float32 product neither overflows nor underflows.
constexpr int kFloatExponent = 30;

double largest(std::span<const double> values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

double largest_size(std::span<const float> values) {
  float most = 0;
  for (const float value : values) most = std::max(most, std::abs(value));
  return static_cast<double>(most);
}

/// e with 2^(e - 1) <= x < 2^e; 0 for 0.
int exponent(double x) {
  int e = 0;
  std::frexp(x, &e);
  return e;
}

TopkScreen choose_screen(const TopkKernels& kernels, TopkMode mode, Eigen::Index rows,
                         Eigen::Index columns, Eigen::Index dimension, bool float_is_safe) {
  if (std::min(rows, columns) < kMinScreened || dimension == 0) return TopkScreen::none;
  if (dimension > kMaxInt8Dimension) mode = TopkMode::float32;
  if (!float_is_safe) return dimension > kMaxInt8Dimension ? TopkScreen::none : TopkScreen::int8;
  if (mode == TopkMode::automatic)
    return kernels.fast_int8 ? TopkScreen::int8 : TopkScreen::float32;
  return mode == TopkMode::int8 ? TopkScreen::int8 : TopkScreen::float32;
}

void check_terms(std::span<const float> terms, Eigen::Index rows, const char* name) {
  if (!terms.empty() && static_cast<Eigen::Index>(terms.size()) != rows)
    throw Error(ErrorKind::config, name, std::to_string(terms.size()) + " values",
                "one for each of " + std::to_string(rows));
  for (const float term : terms)
    if (!std::isfinite(term))
      throw Error(ErrorKind::data, name, "a value that is not finite", "finite numbers");
}

SearchTask make_task(ConstRows source, ConstRows target, const TopkOptions& options) {
  const TopkKernels& kernels = topk_kernels(options.isa);
  SearchTask task{.kernels = kernels,
                  .screen = TopkScreen::none,
                  .source = {source, options.row_terms, row_norms(source, "source")},
                  .target = {target, options.column_terms, row_norms(target, "target")}};
  const int source_exponent = exponent(largest(task.source.norms));
  const int target_exponent = exponent(largest(task.target.norms));
  const int product_exponent = source_exponent + target_exponent;
  const int unit_exponent = std::max({product_exponent, exponent(largest_size(options.row_terms)),
                                      exponent(largest_size(options.column_terms))});
  task.per_unit = std::ldexp(1.0, -unit_exponent);
  task.source.factor = std::ldexp(1.0, product_exponent - unit_exponent - source_exponent);
  task.target.factor = std::ldexp(1.0, -target_exponent);
  task.float_is_safe =
      std::abs(source_exponent) <= kFloatExponent && std::abs(target_exponent) <= kFloatExponent;
  task.screen = choose_screen(kernels, options.mode, source.rows(), target.rows(), source.cols(),
                              task.float_is_safe);
  task.exclusions.same_index = options.skip_same_index;
  task.exclusions.pairs.assign(options.skip_pairs.begin(), options.skip_pairs.end());
  std::sort(task.exclusions.pairs.begin(), task.exclusions.pairs.end());
  return task;
}

/// Rescores lists of a similar search. Their k-th best scores are a lower limit for the new ones.
template <class Score>
void warm_up(CandidateLists& lists, const TopkLists& before, Eigen::Index partners,
             const Score& score) {
  if (lists.k() == 0 || before.k() < lists.k()) return;
  const Blocks blocks{static_cast<std::size_t>(lists.rows()), 256};
  parallel_for(blocks.count(), [&](std::size_t block) {
    std::vector<Index> candidates;
    std::vector<double> scores;
    for (std::size_t r = blocks.begin(block); r < blocks.begin(block) + blocks.length(block); ++r) {
      const auto row = static_cast<Eigen::Index>(r);
      const Index* first = before.index.data() + row * before.k();
      candidates.assign(first, first + before.k());
      std::sort(candidates.begin(), candidates.end());
      candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
      scores.clear();
      for (const Index candidate : candidates)
        if (candidate >= 0 && candidate < partners) score(row, candidate, scores);
      const auto k = static_cast<std::size_t>(lists.k());
      if (scores.size() < k) continue;
      std::nth_element(scores.begin(), scores.begin() + lists.k() - 1, scores.end(),
                       std::greater<>());
      lists.promise(row, scores[k - 1]);
    }
  });
}

void check_warm_start(const TopkResult& before, Eigen::Index rows, Eigen::Index columns) {
  const auto fits = [](const TopkLists& lists, Eigen::Index n) {
    return lists.k() == 0 || lists.rows() == n;
  };
  if (!fits(before.rows, rows) || !fits(before.columns, columns))
    throw Error(ErrorKind::config, "warm_start", "lists of a search of another size",
                "one list for every row and every column");
}

Eigen::Index row_block_size(Eigen::Index rows) {
  // Enough blocks that all threads end at about the same time.
  const Eigen::Index fair = rows / (8 * thread_count());
  const Eigen::Index whole = (fair + kStripRows - 1) / kStripRows * kStripRows;
  return std::clamp<Eigen::Index>(whole, kStripRows, kMaxRowBlock);
}

/// Scores all pairs.
void search_all(const SearchTask& task, CandidateLists& row_lists, CandidateLists& column_lists) {
  for (Eigen::Index row = 0; row < row_lists.rows(); ++row)
    for (Eigen::Index column = 0; column < column_lists.rows(); ++column) {
      if (task.exclusions.has(row, column)) continue;
      const double score = task.score(row, column);
      row_lists.offer(row, score, static_cast<Index>(column));
      column_lists.offer(column, score, static_cast<Index>(row));
    }
}

/// Searches all rows against the packed columns.
void search_columns(const SearchTask& task, const PackedSide& columns, CandidateLists& row_lists,
                    CandidateLists& column_lists, ProgressMeter& progress) {
  const auto size = static_cast<std::size_t>(row_block_size(row_lists.rows()));
  const Blocks row_blocks{static_cast<std::size_t>(row_lists.rows()), size};
  const Blocks column_blocks{static_cast<std::size_t>(columns.count), kColumnBlock};
  CandidatePool pool(task, CandidatePool::Side::columns, column_lists, columns.begin,
                     columns.count);
  std::vector<std::mutex> locks(column_blocks.count());
  parallel_for(row_blocks.count(), [&](std::size_t r) {
    BlockSearch block(task,
                      pack_rows(task.kernels, task.screen, task.source.rows, task.source.norms,
                                task.source.factor, static_cast<Eigen::Index>(row_blocks.begin(r)),
                                static_cast<Eigen::Index>(row_blocks.length(r))),
                      row_lists);
    std::vector<std::size_t> left(column_blocks.count());
    for (std::size_t i = 0; i < left.size(); ++i)
      left[i] = (r * left.size() / row_blocks.count() + i) % left.size();
    // Goes around columns that another thread is at; waits only when all that are left are taken.
    while (!left.empty()) {
      std::vector<std::size_t> busy;
      for (const std::size_t c : left) {
        std::unique_lock lock(locks[c], std::defer_lock);
        const bool last_resort = c == left.back() && busy.size() + 1 == left.size();
        if (last_resort)
          lock.lock();
        else if (!lock.try_lock()) {
          busy.push_back(c);
          continue;
        }
        block.search(columns, pool, static_cast<Eigen::Index>(column_blocks.begin(c)));
      }
      left.swap(busy);
    }
    block.finish();
    progress.add(row_blocks.length(r));
  });
  parallel_for(column_blocks.count(), [&](std::size_t c) {
    for (std::size_t j = 0; j < column_blocks.length(c); ++j)
      pool.finish(static_cast<Eigen::Index>(column_blocks.begin(c) + j));
  });
}

/// Columns that are searched at a time, so that memory stays below the limit.
Eigen::Index chunk_size(const SearchTask& task, const TopkOptions& options, Eigen::Index n,
                        Eigen::Index m) {
  const Eigen::Index dimension = task.source.rows.cols();
  const auto count = [](Eigen::Index rows) { return static_cast<std::size_t>(rows); };
  const std::size_t lists =
      sizeof(double) * (count(n) * static_cast<std::size_t>(options.row_k) +
                        count(m) * static_cast<std::size_t>(options.column_k) + 2 * count(n + m));
  const std::size_t packed = packed_bytes(task.kernels, task.screen, dimension);
  const std::size_t blocks = static_cast<std::size_t>(thread_count()) * count(row_block_size(n)) *
                             (packed + CandidatePool::bytes(options.row_k));
  const std::size_t limit = options.memory_limit > 0 ? options.memory_limit : kDefaultMemory;
  const std::size_t left = limit > lists + blocks ? limit - lists - blocks : 0;
  const std::size_t fitting = left / (packed + CandidatePool::bytes(options.column_k));
  const std::size_t chunks = count(m) / std::max<std::size_t>(fitting, 1) + 1;
  const Blocks blocks_of_columns{count(m), kColumnBlock};
  return static_cast<Eigen::Index>((blocks_of_columns.count() + chunks - 1) / chunks) *
         kColumnBlock;
}

void search(const SearchTask& task, const TopkOptions& options, CandidateLists& row_lists,
            CandidateLists& column_lists) {
  if (task.screen == TopkScreen::none) return search_all(task, row_lists, column_lists);
  const Eigen::Index n = row_lists.rows(), m = column_lists.rows();
  const Eigen::Index chunk = chunk_size(task, options, n, m);
  const auto chunks = static_cast<std::uint64_t>((m + chunk - 1) / chunk);
  ProgressMeter progress(options.progress, "find neighbours",
                         static_cast<std::uint64_t>(n) * chunks);
  for (Eigen::Index begin = 0; begin < m; begin += chunk)
    search_columns(task,
                   pack_columns(task.kernels, task.screen, task.target.rows, task.target.norms,
                                task.target.factor, begin, std::min(chunk, m - begin)),
                   row_lists, column_lists, progress);
}

}  // namespace

void TopkOptions::validate() const {
  const auto check = [](int k, const char* name) {
    if (k < 0 || k > kMaxTopk)
      throw Error(ErrorKind::config, name, std::to_string(k),
                  "a number from 0 to " + std::to_string(kMaxTopk));
  };
  check(row_k, "row_k");
  check(column_k, "column_k");
  topk_kernels(isa);
}

double exact_dot(const float* a, const float* b, Eigen::Index dimension) {
  static const TopkKernels& kernels = topk_kernels();
  return kernels.dot(a, b, dimension);
}

TopkResult find_topk(ConstRows source, ConstRows target, const TopkOptions& options) {
  options.validate();
  const Eigen::Index n = source.rows(), m = target.rows();
  if (source.cols() != target.cols() && n > 0 && m > 0)
    throw Error(ErrorKind::data, "neighbour search",
                "rows of " + std::to_string(source.cols()) + " and of " +
                    std::to_string(target.cols()) + " numbers",
                "one dimension on both sides");
  check_terms(options.row_terms, n, "row_terms");
  check_terms(options.column_terms, m, "column_terms");
  CandidateLists row_lists(n, options.row_k), column_lists(m, options.column_k);
  if (n > 0 && m > 0 && options.row_k + options.column_k > 0) {
    const SearchTask task = make_task(source, target, options);
    if (options.warm_start != nullptr) {
      check_warm_start(*options.warm_start, n, m);
      warm_up(row_lists, options.warm_start->rows, m,
              [&](Eigen::Index row, Index column, std::vector<double>& scores) {
                if (!task.exclusions.has(row, column)) scores.push_back(task.score(row, column));
              });
      warm_up(column_lists, options.warm_start->columns, n,
              [&](Eigen::Index column, Index row, std::vector<double>& scores) {
                if (!task.exclusions.has(row, column)) scores.push_back(task.score(row, column));
              });
    } else if (task.screen != TopkScreen::none && source.cols() <= kMaxInt8Dimension) {
      const auto [of_row, of_column] = task.exclusions.most_left_out();
      promise_from_sample(task.kernels, task.source, task.target, task.per_unit, of_row, row_lists);
      promise_from_sample(task.kernels, task.target, task.source, task.per_unit, of_column,
                          column_lists);
    }
    search(task, options, row_lists, column_lists);
  }
  TopkResult result;
  result.rows = row_lists.finish();
  result.columns = column_lists.finish();
  return result;
}

}  // namespace xalign
