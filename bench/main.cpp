#include "io_bench.h"
#include "topk_bench.h"

#include <xalign/error.h>
#include <xalign/topk.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

namespace {

using namespace xalign::bench;
using nlohmann::ordered_json;

ordered_json to_json(const TopkBenchResult& result) {
  ordered_json modes = ordered_json::array(), others = ordered_json::array();
  for (const TopkBenchMode& mode : result.modes)
    modes.push_back({{"name", mode.name},
                     {"isa", mode.isa},
                     {"cpu_s", mode.cpu_s},
                     {"ratio", mode.ratio},
                     {"missed", mode.missed},
                     {"wall_s", mode.wall_s}});
  for (const TopkBenchReference& other : result.others)
    others.push_back({{"name", other.name}, {"cpu_s", other.cpu_s}});
  return {{"kind", "bench-topk"},
          {"vectors", result.name},
          {"n", result.n},
          {"m", result.m},
          {"d", result.d},
          {"k", result.k},
          {"reference", {{"name", result.reference.name}, {"cpu_s", result.reference.cpu_s}}},
          {"modes", modes},
          {"others", others},
          {"extra_mb", result.extra_mb}};
}

void print(const TopkBenchResult& result) {
  fmt::print("\n{}: {} x {}, {} dimensions, {} best both ways\n", result.name, result.n, result.m,
             result.d, result.k);
  fmt::print("  {:<20} {:<12} {:>9} {:>8} {:>9} {:>7}\n", "", "", "CPU s", "ratio", "wall s",
             "missed");
  for (const TopkBenchReference& other : result.others)
    fmt::print("  {:<20} {:<12} {:>9.3f} {:>8.2f}\n", other.name, other.product ? "product" : "",
               other.cpu_s, other.cpu_s / result.reference.cpu_s);
  for (const TopkBenchMode& mode : result.modes)
    fmt::print("  {:<20} {:<12} {:>9.3f} {:>8.3f} {:>9.3f} {:>7}\n", mode.name, mode.isa,
               mode.cpu_s, mode.ratio, mode.wall_s, mode.missed);
  fmt::print("  memory beyond inputs and results: {:.0f} MB\n", result.extra_mb);
  std::fflush(stdout);
}

// Searches of more pairs are measured in fewer ways, so that a run takes a few minutes.
constexpr Eigen::Index kLargePairs = 1'000'000'000;

struct Arguments {
  std::vector<std::string> source, target;
  Eigen::Index n = 0, m = 0, d = 300;
  bool json = false, large = false;
  TopkBenchOptions options;
};

std::vector<std::string> shared_vectors() {
  const char* folder = std::getenv("XALIGN_SHARED_DATA");
  const std::filesystem::path path =
      std::filesystem::path(folder != nullptr ? folder : "../shared/data") / "vectors";
  std::vector<std::string> files;
  for (const char* name :
       {"fi.web", "ru.web", "de.novels", "en.novels", "es.novels", "it.novels"}) {
    const auto file = path / (std::string(name) + ".vec.xz");
    if (std::filesystem::exists(file)) files.push_back(file.string());
  }
  return files;
}

/// What is run when nothing else is asked for, the most telling case first.
std::vector<std::function<Case()>> default_cases(const Arguments& arguments) {
  const Eigen::Index d = arguments.d;
  std::vector<std::function<Case()>> cases;
  const std::vector<std::string> files = shared_vectors();
  const auto real = [&](Eigen::Index n, Eigen::Index m) {
    if (files.size() < 2) return;
    cases.emplace_back([=] {
      return Case{"real vectors", real_rows({files.front()}, n),
                  real_rows({files.begin() + 1, files.end()}, m)};
    });
  };
  const auto random = [&](Eigen::Index n, Eigen::Index m) {
    cases.emplace_back([=] {
      return Case{"random vectors", random_rows(n, d, 1), random_rows(m, d, 2)};
    });
  };
  if (arguments.large) {
    cases.emplace_back([=] {
      return Case{"clustered vectors", clustered_rows(200'000, d, 1),
                  clustered_rows(200'000, d, 2)};
    });
    return cases;
  }
  real(20'000, 20'000);
  random(20'000, 20'000);
  real(20'000, 200'000);
  random(20'000, 200'000);
  return cases;
}

std::vector<std::function<Case()>> make_cases(const Arguments& arguments) {
  const Eigen::Index n = arguments.n > 0 ? arguments.n : 20'000;
  const Eigen::Index m = arguments.m > 0 ? arguments.m : n;
  if (!arguments.source.empty())
    return {[=] {
      return Case{"given vectors", real_rows(arguments.source, n), real_rows(arguments.target, m)};
    }};
  if (arguments.n == 0 && arguments.m == 0) return default_cases(arguments);
  return {[=, d = arguments.d] {
    return Case{"random vectors", random_rows(n, d, 1), random_rows(m, d, 2)};
  }};
}

void run(const Arguments& arguments) {
  ordered_json all;
  for (const auto& make : make_cases(arguments)) {
    const Case rows = make();
    TopkBenchOptions options = arguments.options;
    if (rows.source.rows() * rows.target.rows() > kLargePairs) options.brief = true;
    const TopkBenchResult result = run_topk_bench(rows, options);
    if (!arguments.json) {
      print(result);
    } else if (all.is_null()) {
      all = to_json(result);
    } else {
      all["more"].push_back(to_json(result));
    }
  }
  if (arguments.json) fmt::print("{}\n", all.dump(2));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Measures xalign against other libraries in the same run. Times are CPU seconds, "
      "medians of the rounds.");
  app.require_subcommand(1);
  Arguments arguments;
  CLI::App* topk = app.add_subcommand("topk", "Exact nearest neighbours, both ways");
  auto* source = topk->add_option("--source", arguments.source, "Files of vectors");
  topk->add_option("--target", arguments.target, "Files of vectors")->needs(source);
  topk->add_option("-n,--rows", arguments.n, "Source rows");
  topk->add_option("-m,--columns", arguments.m, "Target rows");
  topk->add_option("-d,--dimension", arguments.d, "Of random rows")->capture_default_str();
  topk->add_option("-k,--best", arguments.options.k, "Neighbours")->capture_default_str();
  topk->add_option("--repeat", arguments.options.repeat, "Rounds")->capture_default_str();
  topk->add_option("--isa", arguments.options.isas, "Instruction sets")->envname("XALIGN_ISA");
  topk->add_flag("--large", arguments.large, "200,000 x 200,000 clustered vectors");
  topk->add_flag("!--no-others", arguments.options.others, "Products alone as references");
  topk->add_flag("--json", arguments.json, "Print JSON");
  CLI::App* io = app.add_subcommand("io", "Reading and writing vectors, and the store");
  IoBenchOptions files;
  bool json = false;
  io->add_option("--words", files.words, "Of the files")->capture_default_str();
  io->add_option("-d,--dimension", files.dimension, "Of random rows")->capture_default_str();
  io->add_option("--text", files.text, "A text file of vectors in place of random ones");
  io->add_option("--index-words", files.index_words, "Of the store that is opened; 0 = none")
      ->capture_default_str();
  io->add_option("--search-words", files.search_words, "Of the store that is searched; 0 = none")
      ->capture_default_str();
  io->add_option("--repeat", files.repeat, "Rounds")->capture_default_str();
  io->add_option("--folder", files.folder, "For the files, which are removed afterwards");
  io->add_flag("!--no-others", files.others, "No references in Python");
  io->add_flag("--json", json, "Print JSON");
  CLI11_PARSE(app, argc, argv);
  try {
    if (*io) {
      const IoBenchResult result = run_io_bench(files);
      if (json)
        fmt::print("{}\n", to_json(result).dump(2));
      else
        print(result);
      return 0;
    }
    if (!arguments.source.empty() && arguments.target.empty())
      throw xalign::Error(xalign::ErrorKind::config, "--target", "is missing",
                          "files to search in");
    run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "xalign-bench: {}\n", error.what());
    return 3;
  }
  return 0;
}
