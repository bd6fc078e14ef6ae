#include "core/parallel_for.h"
#include "core/progress_meter.h"

#include <xalign/error.h>
#include <xalign/form_model.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>

namespace xalign {
namespace {

// Columns are solved apart from each other; this many at a time fill a cache line and bound memory.
constexpr Eigen::Index kColumns = 16;
constexpr std::size_t kTask = 1024;
constexpr double kConverged = 1e-3;  // of the residual's length at the beginning

using Part = Eigen::Matrix<float, Eigen::Dynamic, kColumns, Eigen::RowMajor>;
using PartRow = Eigen::Matrix<float, 1, kColumns, Eigen::RowMajor>;
using Sums = Eigen::Array<double, 1, kColumns>;

/// A sparse matrix by rows: the members of each row, ascending.
struct Sparse {
  std::vector<std::size_t> begins{0};
  std::vector<std::uint32_t> members;

  std::size_t rows() const { return begins.size() - 1; }
  std::size_t size(std::size_t row) const { return begins[row + 1] - begins[row]; }
};

/// Different hashes of the n-grams of a word, ascending.
std::vector<std::uint32_t> hashes_of(std::string_view word, const SubwordOptions& options) {
  std::vector<std::uint32_t> hashes;
  for (const std::string& ngram : find_ngrams(word, options)) hashes.push_back(hash_ngram(ngram));
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

/// The hashes that occur in enough words, ascending.
std::vector<std::uint32_t> frequent(std::vector<std::uint32_t> hashes, int min_count) {
  std::sort(hashes.begin(), hashes.end());
  std::vector<std::uint32_t> found;
  for (auto begin = hashes.begin(); begin != hashes.end();) {
    const auto end = std::upper_bound(begin, hashes.end(), *begin);
    if (end - begin >= min_count) found.push_back(*begin);
    begin = end;
  }
  return found;
}

Sparse transposed(const Sparse& matrix, std::size_t columns) {
  Sparse result;
  result.begins.assign(columns + 1, 0);
  for (const std::uint32_t member : matrix.members) ++result.begins[member + 1];
  for (std::size_t i = 0; i < columns; ++i) result.begins[i + 1] += result.begins[i];
  result.members.resize(matrix.members.size());
  std::vector<std::size_t> next(result.begins.begin(), result.begins.end() - 1);
  for (std::size_t row = 0; row < matrix.rows(); ++row)
    for (std::size_t i = matrix.begins[row]; i < matrix.begins[row + 1]; ++i)
      result.members[next[matrix.members[i]]++] = static_cast<std::uint32_t>(row);
  return result;
}

void for_tasks(std::size_t count, const std::function<void(std::size_t)>& body) {
  const Blocks tasks{count, kTask};
  parallel_for(tasks.count(), [&](std::size_t task) {
    for (std::size_t i = tasks.begin(task); i < tasks.begin(task) + tasks.length(task); ++i)
      body(i);
  });
}

/// Column by column a . b.
Sums column_dots(const Part& a, const Part& b) {
  Sums sum = Sums::Zero();
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    sum += a.row(i).array().cast<double>() * b.row(i).array().cast<double>();
  return sum;
}

/// The design of the regression: words by n-grams, each row divided by the root of its size.
class Design {
 public:
  Design(Sparse words, std::size_t ngrams)
      : words_(std::move(words)), ngrams_(transposed(words_, ngrams)) {
    for (std::size_t w = 0; w < words_.rows(); ++w)
      scale_.push_back(words_.size(w) == 0 ? 0.0F
                                           : 1 / std::sqrt(static_cast<float>(words_.size(w))));
    diagonal_.assign(ngrams_.rows(), 0);
    for (std::size_t g = 0; g < ngrams_.rows(); ++g)
      for (std::size_t i = ngrams_.begins[g]; i < ngrams_.begins[g + 1]; ++i)
        diagonal_[g] += scale_[ngrams_.members[i]] * scale_[ngrams_.members[i]];
  }

  Eigen::Index words() const { return static_cast<Eigen::Index>(words_.rows()); }
  Eigen::Index ngrams() const { return static_cast<Eigen::Index>(ngrams_.rows()); }

  void multiply(const Part& weights, Part& out) const { gather(words_, weights, scale_, {}, out); }
  void multiply_transposed(const Part& rows, Part& out) const {
    gather(ngrams_, rows, {}, scale_, out);
  }

  /// Diagonal of A' A.
  const std::vector<float>& diagonal() const { return diagonal_; }

 private:
  /// out row = own scale * sum of (member's scale * member's row).
  static void gather(const Sparse& matrix, const Part& rows, std::span<const float> own,
                     std::span<const float> members, Part& out) {
    for (std::size_t r = 0; r < matrix.rows(); ++r) {
      PartRow sum = PartRow::Zero();
      for (std::size_t i = matrix.begins[r]; i < matrix.begins[r + 1]; ++i) {
        const std::uint32_t member = matrix.members[i];
        const auto row = rows.row(static_cast<Eigen::Index>(member));
        if (members.empty())
          sum += row;
        else
          sum += members[member] * row;
      }
      if (!own.empty()) sum *= own[r];
      out.row(static_cast<Eigen::Index>(r)) = sum;
    }
  }

  Sparse words_, ngrams_;
  std::vector<float> scale_;  // of the words
  std::vector<float> diagonal_;
};

/// (A' A + ridge) B = A' X by conjugate gradients, preconditioned by the diagonal.
Part solve(const Design& design, const Part& targets, const FormOptions& options) {
  const Eigen::Index n = design.ngrams();
  const auto ridge = static_cast<float>(options.ridge);
  const Eigen::Map<const Eigen::VectorXf> diagonal(design.diagonal().data(), n);
  const auto precondition = [&](Eigen::Index row, const auto& from) {
    return from / (diagonal[row] + ridge);
  };
  Part solution = Part::Zero(n, kColumns), residual(n, kColumns), image(n, kColumns),
       near(n, kColumns), rows(design.words(), kColumns);
  design.multiply_transposed(targets, residual);
  for (Eigen::Index i = 0; i < n; ++i) near.row(i) = precondition(i, residual.row(i));
  Part direction = near;
  Sums energy = column_dots(residual, near);
  const Sums enough = energy * (kConverged * kConverged);
  for (int round = 0; round < options.iterations && (energy > enough).any(); ++round) {
    design.multiply(direction, rows);
    design.multiply_transposed(rows, image);
    image += ridge * direction;
    const Sums curvature = column_dots(direction, image);
    // A column that is solved, or empty, stays as it is.
    const auto ratio = [](const Sums& a, const Sums& b) -> PartRow {
      return (b > 0).select(a / (b > 0).select(b, 1), 0).cast<float>().matrix();
    };
    const PartRow step = ratio(energy, curvature);
    for (Eigen::Index i = 0; i < n; ++i) {
      solution.row(i) += direction.row(i).cwiseProduct(step);
      residual.row(i) -= image.row(i).cwiseProduct(step);
      near.row(i) = precondition(i, residual.row(i));
    }
    const Sums next = column_dots(residual, near);
    const PartRow turn = ratio(next, energy);
    for (Eigen::Index i = 0; i < n; ++i)
      direction.row(i) = near.row(i) + direction.row(i).cwiseProduct(turn);
    energy = next;
  }
  return solution;
}

}  // namespace

void FormOptions::validate() const {
  ngrams.validate();
  const auto check = [](bool good, const char* name, double value, const char* expected) {
    if (!good) throw Error(ErrorKind::config, name, fmt::format("{}", value), expected);
  };
  check(ngrams.max_length > 0, "max_length", ngrams.max_length, "1 or more");
  check(min_count >= 1, "min_count", min_count, "1 or more");
  check(words >= 0, "words", words, "0 (all) or a number of words");
  check(ridge > 0 && std::isfinite(ridge), "ridge", ridge, "a number above 0");
  check(iterations >= 1, "iterations", iterations, "1 or more");
}

std::unique_ptr<FormModel> FormModel::fit(const Vocabulary& words, ConstRows vectors,
                                          const FormOptions& options) {
  options.validate();
  if (vectors.rows() != words.size())
    throw Error(ErrorKind::config, "rows", fmt::format("{}", vectors.rows()),
                fmt::format("{}, one for each word", words.size()));
  const Index count = options.words == 0 ? words.size() : std::min(options.words, words.size());
  std::unique_ptr<FormModel> model(new FormModel);
  model->options_ = options.ngrams;

  std::vector<std::vector<std::uint32_t>> hashes(static_cast<std::size_t>(count));
  for_tasks(hashes.size(), [&](std::size_t i) {
    hashes[i] = hashes_of(words[static_cast<Index>(i)], options.ngrams);
  });
  std::vector<std::uint32_t> all;
  for (const auto& some : hashes) all.insert(all.end(), some.begin(), some.end());
  model->hashes_ = frequent(std::move(all), options.min_count);
  if (model->hashes_.empty())
    throw Error(ErrorKind::data, "form model",
                fmt::format("no n-gram in {} of {} words", options.min_count, count),
                "words that share parts of their spelling", "learn from more words");
  Sparse members;
  for (const auto& some : hashes) {
    for (const std::uint32_t hash : some) {
      const auto found = std::lower_bound(model->hashes_.begin(), model->hashes_.end(), hash);
      if (found != model->hashes_.end() && *found == hash)
        members.members.push_back(static_cast<std::uint32_t>(found - model->hashes_.begin()));
    }
    members.begins.push_back(members.members.size());
  }
  hashes = {};
  const Design design(std::move(members), model->hashes_.size());

  // The vectors at length 1, and their mean; rows of zeros say nothing.
  const Eigen::Index dimension = vectors.cols();
  std::vector<float> inverse(static_cast<std::size_t>(count));
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(dimension);
  double length_sum = 0;
  Index used = 0;
  for (Index i = 0; i < count; ++i) {
    const double length =
        std::sqrt(exact_dot(vectors.row(i).data(), vectors.row(i).data(), dimension));
    if (!(length > 0)) continue;
    inverse[static_cast<std::size_t>(i)] = static_cast<float>(1 / length);
    mean += vectors.row(i).cast<double>() / length;
    length_sum += length;
    ++used;
  }
  if (used == 0)
    throw Error(ErrorKind::data, "form model", "zero vectors only", "vectors to learn from");
  model->mean_ = (mean / used).cast<float>();
  model->length_ = static_cast<float>(length_sum / used);
  model->weights_.resize(design.ngrams(), dimension);
  const Blocks parts{static_cast<std::size_t>(dimension), static_cast<std::size_t>(kColumns)};
  ProgressMeter meter(options.progress, "learn from spellings", parts.count());
  parallel_for(parts.count(), [&](std::size_t part) {
    const auto begin = static_cast<Eigen::Index>(parts.begin(part));
    const auto width = static_cast<Eigen::Index>(parts.length(part));
    Part targets = Part::Zero(count, kColumns);
    for (Index i = 0; i < count; ++i)
      if (const float scale = inverse[static_cast<std::size_t>(i)]; scale > 0)
        targets.row(i).leftCols(width) =
            vectors.row(i).segment(begin, width) * scale - model->mean_.segment(begin, width);
    model->weights_.middleCols(begin, width) = solve(design, targets, options).leftCols(width);
    meter.add(1);
  });
  return model;
}

bool FormModel::find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const {
  vector.setZero();
  int known = 0;
  for (const std::uint32_t hash : hashes_of(word, options_)) {
    const auto found = std::lower_bound(hashes_.begin(), hashes_.end(), hash);
    if (found == hashes_.end() || *found != hash) continue;
    vector += weights_.row(found - hashes_.begin());
    ++known;
  }
  if (known == 0) return false;
  vector = mean_ + vector / std::sqrt(static_cast<float>(known));
  if (const float length = vector.norm(); length > 0) vector *= length_ / length;
  return true;
}

}  // namespace xalign
