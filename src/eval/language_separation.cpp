#include "eval/moments.h"
#include "linalg/kmeans.h"

#include <xalign/error.h>
#include <xalign/language_separation.h>

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace xalign {
namespace {

struct Language {
  std::vector<Index> fitted, asked;  // rows, taken in turns
};

std::vector<Language> take_turns(const RowGroups& groups) {
  std::vector<Language> languages(static_cast<std::size_t>(groups.count));
  for (std::size_t i = 0; i < groups.of_row.size(); ++i) {
    Language& language = languages[static_cast<std::size_t>(groups.of_row[i])];
    const bool even = language.fitted.size() == language.asked.size();
    (even ? language.fitted : language.asked).push_back(static_cast<Index>(i));
  }
  return languages;
}

double mean_distance(const MatrixD& means, const std::vector<double>& variances) {
  double sum = 0;
  int pairs = 0;
  for (Eigen::Index a = 0; a < means.rows(); ++a)
    for (Eigen::Index b = 0; b < a; ++b, ++pairs) {
      const double spread =
          (variances[static_cast<std::size_t>(a)] + variances[static_cast<std::size_t>(b)]) / 2;
      const double distance = (means.row(a) - means.row(b)).norm();
      if (spread > 0) sum += distance / std::sqrt(spread);
    }
  return pairs > 0 ? sum / pairs : 0;
}

}  // namespace

LanguageSeparation measure_language_separation(ConstRows rows, const RowGroups& groups) {
  if (groups.of_row.size() != static_cast<std::size_t>(rows.rows()))
    throw Error(ErrorKind::data, "languages",
                fmt::format("{} for {} rows", groups.of_row.size(), rows.rows()),
                "one for every row");
  const std::vector<Language> languages = take_turns(groups);
  Matrix centers(groups.count, rows.cols());
  MatrixD means(groups.count, rows.cols());
  std::vector<double> variances;
  for (Index g = 0; g < groups.count; ++g) {
    const auto& [fitted, asked] = languages[static_cast<std::size_t>(g)];
    if (asked.empty())
      throw Error(ErrorKind::data, "languages",
                  fmt::format("a language with {} rows", fitted.size()), "at least 2 of each");
    std::vector<Index> all = fitted;
    all.insert(all.end(), asked.begin(), asked.end());
    const Matrix own = rows(all, Eigen::all);
    means.row(g) = mean_row(own);
    variances.push_back((own.cast<double>().rowwise() - means.row(g)).squaredNorm() /
                        static_cast<double>(all.size()));
    centers.row(g) = mean_row(rows(fitted, Eigen::all)).cast<float>();
  }
  LanguageSeparation result;
  result.centroid_distance = mean_distance(means, variances);
  for (Index g = 0; g < groups.count; ++g) {
    const std::vector<Index>& asked = languages[static_cast<std::size_t>(g)].asked;
    const Matrix own = rows(asked, Eigen::all);
    const auto nearest = nearest_centers(own, centers);
    result.identification += static_cast<double>(std::ranges::count(nearest, g)) /
                             static_cast<double>(asked.size()) / groups.count;
  }
  return result;
}

}  // namespace xalign
