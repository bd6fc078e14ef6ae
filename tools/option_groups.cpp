#include "options.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace xalign::cli {
namespace {

constexpr std::size_t kStoreTypes = 3;
constexpr const char* kCommonGroup = "Common options";

// "4G", "500M", "1.5g" or bytes.
std::uint64_t parse_bytes(const std::string& option, const std::string& text) {
  static const std::string units = "KMGT";
  std::string number = text;
  double unit = 1;
  const auto letter = static_cast<char>(std::toupper(static_cast<unsigned char>(text.back())));
  if (const std::size_t power = units.find(letter); power != std::string::npos) {
    unit = std::pow(1024.0, static_cast<double>(power + 1));
    number.pop_back();
  }
  try {
    return static_cast<std::uint64_t>(parse_real(option, number, 1, 1e15 / unit) * unit);
  } catch (const Error&) {
    throw Error(ErrorKind::config, option, fmt::format("'{}'", printable(text)),
                "a size such as 500M or 4G");
  }
}

void add_format(CLI::App& app, const std::string& option,
                const std::vector<std::string_view>& names, VectorFormat& format,
                const std::string& text) {
  add_choice(
      app, option, {names.begin(), names.end()},
      [&format, names](std::size_t i) { format = parse_vector_format(names[i]); }, text);
}

template <class T>
void push_once(std::vector<T>& values, T value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

void parse_ks(const std::string& text, std::vector<int>& ks) {
  ks.clear();
  for (const std::string& item : split_list(text))
    push_once(ks, static_cast<int>(parse_integer("-k", item, 1, kMaxTopk)));
  std::ranges::sort(ks);
}

void parse_retrievals(const std::string& text, std::vector<Retrieval>& retrievals) {
  retrievals.clear();
  for (const std::string& item : split_list(text))
    push_once(retrievals,
              static_cast<Retrieval>(parse_choice("--retrieval", item, retrieval_names())));
}

}  // namespace

void add_common_options(CLI::App& app, CommonOptions& options) {
  const auto common = [](CLI::Option* option) { option->group(kCommonGroup); };
  common(add_integer(app, "--threads", options.threads, 0,
                     "Threads to use; 0 = all cores the process may use, or OMP_NUM_THREADS "
                     "(default 0)",
                     1024));
  common(add_integer(app, "--seed", options.seed, 0, "Seed of all random choices (default 1)",
                     std::numeric_limits<std::int64_t>::max()));
  common(add_integer(
      app, "--max-vocab", 0, std::numeric_limits<Index>::max(),
      [&options](std::int64_t n) { options.max_vocab = static_cast<Index>(n); },
      "Read the first N words of each vector file only; 0 = all"));
  common(add_parsed(
      app, "--memory", "LIMIT", "Refuse to start when more memory will be needed, e.g. 4G (4 GiB)",
      [&options](const std::string& text) { options.memory = parse_bytes("--memory", text); }));
  common(add_flag(app, "-q,--quiet", options.quiet, "Print errors and warnings only"));
  common(add_flag(app, "-v,--verbose", options.verbose, "Print more about what is done"));
  common(add_choice(
      app, "--color", {"auto", "always", "never"},
      [&options](std::size_t i) { options.color = static_cast<ColorChoice>(i); },
      "Colours on standard error; auto = on a terminal, unless NO_COLOR is set (default auto)"));
}

void add_input_options(CLI::App& app, InputOptions& options) {
  add_format(app, "--format", readable_vector_formats(), options.format,
             "Format of the vector files read; found from their content otherwise");
  add_text(
      app, "--words-file", options.words_file, "FILE",
      "Words, one a line, of vector files that hold none (npy, safetensors, floret); otherwise "
      "the file beside them, NAME.words.txt");
  add_text(app, "--tensor", options.tensor, "NAME", "The matrix of a safetensors file to read");
  add_text(app, "--vocab", options.vocab, "FILE",
           "Read only the words of this file (one a line) from the vector files");
  add_integer(app, "--min-count", options.min_count, 0,
              "Read only words that were seen N times in training (fastText models tell)",
              std::numeric_limits<std::int64_t>::max());
  add_text(app, "--script", options.script, "NAME",
           "Read only words of this script, e.g. Latin or Cyrillic");
  add_flag(app, "--strict", options.strict, "Refuse words that are not UTF-8");
}

void add_dictionary_options(CLI::App& app, DictionaryOptions& options, const std::string& text,
                            bool several) {
  app.add_option("-d,--dictionary", options.files, several ? text + "; may be repeated" : text)
      ->type_name("FILE")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_choice(
      app, "--case", {"exact", "lower"},
      [&options](std::size_t i) { options.case_policy = static_cast<CasePolicy>(i); },
      "Look dictionary words up as written or in lower case (default exact)");
}

void add_weights_option(CLI::App& app, DictionaryOptions& options) {
  add_flag(app, "--ignore-weights", options.ignore_weights,
           "Leave a third column of the dictionary unread: all pairs count alike");
}

std::vector<std::string> retrieval_names() {
  return {"nn", "csls", "isf"};
}

void add_ks_option(CLI::App& app, std::vector<int>& ks, const std::string& text) {
  add_parsed(app, "-k", "N,N,...",
             fmt::format("{}, at most {} (default {})", text, kMaxTopk, fmt::join(ks, ",")),
             [&ks](const std::string& list) { parse_ks(list, ks); });
}

void add_retrievals_option(CLI::App& app, std::vector<Retrieval>& retrievals) {
  add_parsed(app, "--retrieval", "NAME,NAME,...",
             "How candidates are scored: nn (cosine), csls, isf (inverted softmax) (default "
             "nn,csls)",
             [&retrievals](const std::string& text) { parse_retrievals(text, retrievals); });
}

void add_retrieval_option(CLI::App& app, RetrievalOptions& options) {
  add_choice(
      app, "--retrieval", retrieval_names(),
      [&options](std::size_t i) { options.retrieval = static_cast<Retrieval>(i); },
      fmt::format("How candidates are scored: cosine, CSLS or inverted softmax (default {})",
                  to_string(options.retrieval)));
}

void add_scoring_options(CLI::App& app, RetrievalOptions& retrieval) {
  add_integer(app, "--csls-k", retrieval.csls_k, 1,
              fmt::format("Neighbours in the CSLS means, at most {} (default {})", kMaxTopk,
                          retrieval.csls_k),
              kMaxTopk);
  add_integer(app, "--csls-vocab", retrieval.csls_vocab, 0,
              "Only the first N words of each side count in the CSLS means; 0 = all (default 0)");
  add_real(
      app, "--isf-beta", 1e-6, 1000, [&retrieval](double beta) { retrieval.isf_beta = beta; },
      fmt::format("Inverse temperature of the inverted softmax (default: the one the mapping was "
                  "fitted with, else {})",
                  retrieval.isf_beta));
}

void add_output_option(CLI::App& app, std::string& path, const std::string& text) {
  add_text(app, "-o,--output", path, "FILE",
           text +
               "; - = standard output. An existing file is replaced only when the new one is "
               "complete");
}

void add_write_options(CLI::App& app, WriteOptions& options) {
  add_format(app, "--to", writable_vector_formats(), options.format,
             "Format to write; otherwise by the extension of the name");
  add_integer(app, "--precision", options.precision, 0,
              "Digits of text after the point; otherwise the fewest that read back the same", 9);
  add_choice(
      app, "--type", {"f32", "f16", "int8", "f64"},
      [&options](std::size_t i) {
        if (i < kStoreTypes) options.store.type = static_cast<StoreType>(i);
        options.array = i == 1 ? ArrayType::f16 : i == 3 ? ArrayType::f64 : ArrayType::f32;
      },
      "Numbers of a store (.xvec): as they are, 16-bit floats, or 8 bits with a scale for each "
      "row; of npy and safetensors: f32, f16 or f64 (default f32)");
}

void add_style_options(CLI::App& app, OutputStyle& style, bool with_tsv) {
  CLI::Option* json = app.add_flag_callback(
      "--json", [&style] { style = OutputStyle::json; }, "Print the result as one JSON object");
  if (!with_tsv) return;
  CLI::Option* tsv = app.add_flag_callback(
      "--tsv", [&style] { style = OutputStyle::tsv; }, "Print the result as a TSV table");
  json->excludes(tsv);
}

}  // namespace xalign::cli
