#include "analysis.h"

#include "core/median.h"

#include <xalign/concept_alignment.h>
#include <xalign/csls.h>
#include <xalign/error.h>
#include <xalign/graph_similarity.h>
#include <xalign/hubness.h>
#include <xalign/isotropy.h>
#include <xalign/language_separation.h>
#include <xalign/local_geometry.h>
#include <xalign/mexa.h>
#include <xalign/outlier_dimensions.h>
#include <xalign/persistence.h>
#include <xalign/representation_similarity.h>
#include <xalign/script.h>
#include <xalign/script_neighbors.h>
#include <xalign/spectrum.h>
#include <xalign/subspace_distance.h>
#include <xalign/topk.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace xalign::cli {
namespace {

constexpr int kLocalNeighbors = 20;
constexpr int kScriptNeighbors = 50;  // as Wen-Yi 2023
constexpr double kOutlierThreshold = 5;

auto first_rows(const Matrix& rows, Index count) {
  return rows.topRows(std::min<Eigen::Index>(rows.rows(), count));
}

void add_hubness(const std::string& section, const std::vector<Index>& occurrences,
                 Figures& figures) {
  const Hubness hubness = score_hubness(occurrences);
  figures.push_back({section, "skewness", hubness.skewness});
  figures.push_back({section, "antihubs", hubness.antihubs});
  figures.push_back({section, "robin_hood", hubness.robin_hood});
  figures.push_back({section, "largest", static_cast<double>(hubness.largest)});
}

double harmonic_mean(double a, double b) {
  return a + b > 0 ? 2 / (1 / a + 1 / b) : 0;
}

/// The singular value gap, and how many directions one space alone lacks where that is infinite.
void add_gap(Spectrum source, Spectrum target, Index rows, Figures& figures) {
  // Centering costs the last direction of rows that are no more than the dimensions.
  const std::size_t count = std::min({source.singular_values.size(), target.singular_values.size(),
                                      static_cast<std::size_t>(std::max<Index>(rows, 1) - 1)});
  source.singular_values.resize(count);
  target.singular_values.resize(count);
  const double gap = singular_value_gap(source, target);
  figures.push_back({"isometry", "singular_value_gap", gap});
  if (std::isinf(gap))
    figures.push_back(
        {"isometry", "lacking_directions",
         static_cast<double>(std::abs(measured_rank(source) - measured_rank(target)))});
}

/// CSLS lists of rows among themselves, from their lists by cosine.
TopkLists csls_within(const Matrix& rows, const TopkLists& by_cosine, int k, Session& session) {
  const auto length = std::min<Eigen::Index>(k, by_cosine.k());
  std::vector<float> terms;
  for (Eigen::Index i = 0; i < by_cosine.rows(); ++i) {
    const Eigen::Index count = (by_cosine.index.row(i).head(length).array() >= 0).count();
    terms.push_back(count > 0 ? -by_cosine.score.row(i).head(count).mean() / 2 : 0);
  }
  return find_topk(rows, rows,
                   {.row_k = k,
                    .row_terms = terms,
                    .column_terms = terms,
                    .skip_same_index = true,
                    .isa = session.isa,
                    .progress = session.terminal.progress()})
      .rows;
}

}  // namespace

std::optional<double> value_of(const Figures& figures, std::string_view section,
                               std::string_view measure) {
  for (const Figure& figure : figures)
    if (figure.section == section && figure.measure == measure) return figure.value;
  return std::nullopt;
}

void analyze_language(const SideSample& side, const std::string& name, const SampleOptions& options,
                      Session& session, Figures& figures) {
  const std::string isotropy = name + ".isotropy";
  figures.push_back({isotropy, "isoscore", score_isoscore(side.raw)});
  figures.push_back({isotropy, "partition_score", score_partition(side.raw)});
  figures.push_back({isotropy, "mean_cosine", mean_cosine(side.raw)});
  figures.push_back(
      {isotropy, "outlier_dimensions",
       static_cast<double>(find_outlier_dimensions(side.raw, kOutlierThreshold).size())});

  const Matrix& rows = side.normalized;
  const Spectrum spectrum = measure_spectrum(rows);
  figures.push_back({name + ".spectrum", "condition_number", spectrum.condition_number});
  figures.push_back({name + ".spectrum", "effective_rank", spectrum.effective_rank});
  figures.push_back(
      {name + ".spectrum", "effective_condition_number", spectrum.effective_condition_number});

  const auto count = static_cast<Index>(rows.rows());
  const TopkLists near = find_topk(rows, rows,
                                   {.row_k = std::max(options.neighbors, kLocalNeighbors),
                                    .skip_same_index = true,
                                    .isa = session.isa,
                                    .progress = session.terminal.progress()})
                             .rows;
  add_hubness(name + ".hubness.nn", count_occurrences(near, count, options.neighbors), figures);
  add_hubness(name + ".hubness.csls",
              count_occurrences(csls_within(rows, near, options.neighbors, session), count),
              figures);
  const LocalGeometry local = measure_local_geometry(near);
  figures.push_back({name + ".local", "intrinsic_dimension", intrinsic_dimension(local)});
  figures.push_back({name + ".local", "codensity", median(local.codensity)});
}

void analyze_isometry(const SideSample& source, const SideSample& target,
                      const SampleOptions& options, Figures& figures) {
  // Measures that grow with the number of words need the same number on both sides.
  const auto count =
      static_cast<Index>(std::min(source.normalized.rows(), target.normalized.rows()));
  const auto both = [&](Index wanted) { return std::min(wanted, count); };
  const std::string section = "isometry";
  const Index graph = both(options.graph_words);
  figures.push_back(
      {section, "eigenvector_similarity",
       eigenvector_similarity(
           laplacian_spectrum(first_rows(source.normalized, graph), options.neighbors),
           laplacian_spectrum(first_rows(target.normalized, graph), options.neighbors))});
  const Index topology = both(options.topology_words);
  const auto a = merge_distances(first_rows(source.normalized, topology));
  const auto b = merge_distances(first_rows(target.normalized, topology));
  figures.push_back({section, "bottleneck_distance", bottleneck_distance(a, b)});
  figures.push_back({section, "gromov_hausdorff_bound", gromov_hausdorff_bound(a, b)});
  const Spectrum s = measure_spectrum(first_rows(source.normalized, count));
  const Spectrum t = measure_spectrum(first_rows(target.normalized, count));
  add_gap(s, t, count, figures);
  figures.push_back(
      {section, "condition_number", harmonic_mean(s.condition_number, t.condition_number)});
  figures.push_back({section, "effective_condition_number",
                     harmonic_mean(s.effective_condition_number, t.effective_condition_number)});
  if (source.pairs.rows() >= 2)
    if (const double r = relational_similarity(source.pairs, target.pairs); !std::isnan(r))
      figures.push_back({section, "relational_similarity", r});
}

void analyze_pairs(const SideSample& source, const SideSample& target, std::uint64_t seed,
                   Figures& figures) {
  const Matrix& x = source.pairs;
  const Matrix& z = target.pairs;
  const std::string section = "pairs";
  figures.push_back({section, "pairs", static_cast<double>(x.rows())});
  figures.push_back({section, "linear_cka", linear_cka(x, z)});
  figures.push_back({section, "svcca", svcca(x, z)});
  figures.push_back({section, "pwcca", projection_weighted_cca(x, z)});
  ConceptOptions options;
  options.seed = seed;
  if (x.rows() >= 2 * options.min_words) {
    std::vector<WordPair> pairs;
    for (Index i = 0; i < static_cast<Index>(x.rows()); ++i) pairs.push_back({i, i});
    const ConceptAlignment concepts = score_concept_alignment(x, z, pairs, options);
    figures.push_back({section, "calign", concepts.aligned});
    figures.push_back({section, "calign_words", concepts.words});
  }
  if (source.mapped_pairs.rows() > 0)
    figures.push_back({section, "mexa", score_mexa(source.mapped_pairs, target.mapped_pairs)});
}

void analyze_space(const SideSample& source, const SideSample& target, const SampleOptions& options,
                   Session& session, Figures& figures) {
  const Matrix& x = source.mapped;
  const Matrix& z = target.mapped;
  const auto n = static_cast<Index>(x.rows()), m = static_cast<Index>(z.rows());
  const CslsResult found = find_csls(x, z,
                                     {.neighbors = options.neighbors,
                                      .row_k = options.neighbors,
                                      .column_k = options.neighbors,
                                      .isa = session.isa,
                                      .progress = session.terminal.progress()});
  add_hubness("space.hubness.nn.target",
              count_occurrences(found.neighbors.rows, m, options.neighbors), figures);
  add_hubness("space.hubness.csls.target", count_occurrences(found.rows, m), figures);
  add_hubness("space.hubness.nn.source",
              count_occurrences(found.neighbors.columns, n, options.neighbors), figures);
  add_hubness("space.hubness.csls.source", count_occurrences(found.columns, n), figures);

  Matrix both(x.rows() + z.rows(), x.cols());
  both << x, z;
  std::vector<Index> of_row(static_cast<std::size_t>(n), 0);
  of_row.resize(static_cast<std::size_t>(n + m), 1);
  analyze_languages(both, {of_row, 2}, figures);

  const SubspaceDistance subspaces = measure_subspace_distance(x, z);
  figures.push_back({"space", "subspace_distance", subspaces.chordal});
  figures.push_back({"space", "covariance_distance", subspaces.riemannian});
  // Concepts of about the words that the sample of the topology has: clusters cost their number.
  const Index words = std::min({n, m, options.topology_words});
  ConceptOptions concepts;
  concepts.seed = session.common.seed;
  figures.push_back(
      {"space", "colap",
       score_concept_overlap(first_rows(x, words), first_rows(z, words), concepts).overlapping});
}

void analyze_scripts(const Matrix& rows, const std::vector<std::string>& words,
                     const SampleOptions&, Session& session, Figures& figures) {
  std::vector<std::string_view> scripts;
  std::set<std::string_view> different;
  for (const std::string& word : words) {
    scripts.push_back(script_of(word));
    if (scripts.back() != "Zyyy" && scripts.back() != "Zzzz") different.insert(scripts.back());
  }
  figures.push_back({"scripts", "scripts", static_cast<double>(different.size())});
  if (different.size() < 2) return;
  const TopkLists near = find_topk(rows, rows,
                                   {.row_k = kScriptNeighbors,
                                    .skip_same_index = true,
                                    .isa = session.isa,
                                    .progress = session.terminal.progress()})
                             .rows;
  const ScriptNeighbors mixed = measure_script_neighbors(near, scripts);
  figures.push_back({"scripts", "per_neighborhood", mixed.scripts});
  figures.push_back({"scripts", "other_script", mixed.other});
  figures.push_back({"scripts", "other_script_by_chance", mixed.expected});
}

void analyze_languages(const Matrix& rows, const RowGroups& groups, Figures& figures) {
  const LanguageSeparation separation = measure_language_separation(rows, groups);
  figures.push_back({"space", "languages", static_cast<double>(groups.count)});
  figures.push_back({"space", "centroid_distance", separation.centroid_distance});
  figures.push_back({"space", "language_identification", separation.identification});
}

void analyze_map(const Mapping& mapping, Figures& figures) {
  for (const auto& [name, matrix] :
       {std::pair<std::string, const Matrix&>{"map.source", mapping.source.matrix},
        {"map.target", mapping.target.matrix}}) {
    const Spectrum spectrum = measure_spectrum(matrix);
    figures.push_back({name, "orthogonality_deviation", orthogonality_deviation(matrix)});
    figures.push_back({name, "largest_singular_value", spectrum.singular_values.front()});
    figures.push_back({name, "median_singular_value", median(spectrum.singular_values)});
    figures.push_back({name, "smallest_singular_value", spectrum.singular_values.back()});
    figures.push_back({name, "condition_number", spectrum.condition_number});
    figures.push_back({name, "effective_rank", spectrum.effective_rank});
  }
}

}  // namespace xalign::cli
