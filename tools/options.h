#pragma once

#include "session.h"

#include <xalign/lexicon.h>
#include <xalign/retrieval.h>
#include <xalign/vectors_io.h>

#include <CLI/App.hpp>

#include <functional>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace xalign::cli {

// Adders of options by kind. A value that does not fit is an Error(config) that names the option.

CLI::Option* add_flag(CLI::App& app, const std::string& names, bool& value,
                      const std::string& text);
/// A metavar of FILE (or STORE) says that the value names a file: outputs are held against those.
CLI::Option* add_text(CLI::App& app, const std::string& names, std::string& value,
                      const std::string& metavar, const std::string& text);

/// A value that `parse` reads; `parse` may throw.
CLI::Option* add_parsed(CLI::App& app, const std::string& names, const std::string& metavar,
                        const std::string& text, std::function<void(const std::string&)> parse);

/// The same for an option that may be given several times; `parse` reads each value.
CLI::Option* add_repeated(CLI::App& app, const std::string& names, const std::string& metavar,
                          const std::string& text, std::function<void(const std::string&)> parse);

CLI::Option* add_integer(CLI::App& app, const std::string& names, std::int64_t low,
                         std::int64_t high, std::function<void(std::int64_t)> set,
                         const std::string& text);
template <class T>
CLI::Option* add_integer(CLI::App& app, const std::string& names, T& value, std::int64_t low,
                         const std::string& text,
                         std::int64_t high = std::numeric_limits<T>::max()) {
  return add_integer(
      app, names, low, high, [&value](std::int64_t v) { value = static_cast<T>(v); }, text);
}
CLI::Option* add_real(CLI::App& app, const std::string& names, double low, double high,
                      std::function<void(double)> set, const std::string& text);

/// One of a few names. The text should not list them: it is done here.
CLI::Option* add_choice(CLI::App& app, const std::string& names, std::vector<std::string> choices,
                        std::function<void(std::size_t)> set, const std::string& text);

// Readers of values, for lists and the like. `option` is the name for messages.

std::int64_t parse_integer(const std::string& option, const std::string& text, std::int64_t low,
                           std::int64_t high);
double parse_real(const std::string& option, const std::string& text, double low, double high);
std::size_t parse_choice(const std::string& option, const std::string& text,
                         const std::vector<std::string>& choices);
std::vector<std::string> split_list(const std::string& text);

// Groups of options that several commands share.

void add_common_options(CLI::App& app, CommonOptions& options);

struct InputOptions {
  VectorFormat format = VectorFormat::automatic;
  std::string words_file;  ///< for files without words
  std::string tensor;      ///< of safetensors files
  std::string vocab;       ///< a file of the words to read; empty = all
  std::uint64_t min_count = 0;
  std::string script;
  bool strict = false;
};
void add_input_options(CLI::App& app, InputOptions& options);

struct DictionaryOptions {
  std::vector<std::string> files;
  CasePolicy case_policy = CasePolicy::exact;
  bool ignore_weights = false;
};
/// @param several  the option may be repeated
void add_dictionary_options(CLI::App& app, DictionaryOptions& options, const std::string& text,
                            bool several = true);
/// `--ignore-weights`, for dictionaries of word pairs.
void add_weights_option(CLI::App& app, DictionaryOptions& options);

/// `--csls-k`, `--csls-vocab` and `--isf-beta`.
void add_scoring_options(CLI::App& app, RetrievalOptions& options);
std::vector<std::string> retrieval_names();
/// `-k` for several ranks, ascending.
void add_ks_option(CLI::App& app, std::vector<int>& ks, const std::string& text);
/// `--retrieval` for several.
void add_retrievals_option(CLI::App& app, std::vector<Retrieval>& retrievals);
/// `--retrieval` for one.
void add_retrieval_option(CLI::App& app, RetrievalOptions& options);

/// `-o/--output`.
void add_output_option(CLI::App& app, std::string& path, const std::string& text);
/// `--to` and `--precision`.
void add_write_options(CLI::App& app, WriteOptions& options);

enum class OutputStyle { text, tsv, json };
/// `--json`, and `--tsv` where there is a table.
void add_style_options(CLI::App& app, OutputStyle& style, bool with_tsv = true);

}  // namespace xalign::cli
