#include "commands.h"
#include "inputs.h"
#include "interrupt.h"
#include "oov.h"
#include "output.h"
#include "word_list.h"

#include <xalign/block_ranker.h>
#include <xalign/error.h>
#include <xalign/form_model.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace xalign::cli {
namespace {

struct ConvertOptions {
  InputOptions input;
  WriteOptions write;
  std::string words;
  std::vector<std::string> labels;
  Oov oov = Oov::none;
  bool ngrams = false;
  std::string csls_with;
  int csls_k = RetrievalOptions{}.csls_k;
};

void define(CLI::App& app, ConvertOptions& o) {
  add_write_options(app, o.write);
  add_text(app, "--words", o.words, "FILE",
           "Keep only the words of this file (one a line), in the order of the vector file");
  add_oov_option(app, o.oov);
  add_flag(app, "--ngrams", o.ngrams,
           "Keep the n-grams of a fastText model in the store, for --oov subword");
  add_text(app, "--csls-with", o.csls_with, "STORE",
           "Keep the CSLS means of these vectors over those of another store of the same space, so "
           "that translating from there to here needs no pass over all pairs");
  add_integer(app, "--csls-k", o.csls_k, 1,
              fmt::format("Neighbours in these means, at most {} (default {})", kMaxTopk, o.csls_k),
              kMaxTopk);
  app.add_option("--label", o.labels,
                 "Label of a store: language, source, licence or normalization; may be repeated")
      ->type_name("NAME=TEXT")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_input_options(app, o.input);
}

/// Labels of the input, if it has any, and those that were given.
StoreLabels labels_of(const VectorFileInfo& input, const std::vector<std::string>& given) {
  StoreLabels labels;
  if (input.store) labels = input.store->labels;
  for (const std::string& label : given) {
    const std::size_t end = label.find('=');
    if (end == std::string::npos)
      throw Error(ErrorKind::config, "--label", fmt::format("'{}'", printable(label)), "NAME=TEXT");
    try {
      labels[label.substr(0, end)] = label.substr(end + 1);
    } catch (const Error&) {
      throw Error(ErrorKind::config, "--label", fmt::format("'{}'", printable(label)),
                  "language, source, licence or normalization before the =");
    }
  }
  return labels;
}

/// The model whose n-grams a store is to keep.
std::shared_ptr<const SubwordModel> open_ngrams(const std::string& path,
                                                const VectorFileInfo& input) {
  std::shared_ptr<const SubwordModel> model;
  if (path != "-" && input.has_ngrams) model = SubwordModel::open(path);
  if (!model || !model->ngram_table())
    throw Error(ErrorKind::data, input.name,
                path == "-" ? "read once only" : "no n-grams that a store can hold",
                "a fastText model (.bin) with n-grams for --ngrams", "leave --ngrams out");
  return model;
}

/// Means over the rows of another store.
StoreNeighborhoods neighborhoods_with(const ConvertOptions& o, Eigen::Index dimension,
                                      const Session& session) {
  const auto other = std::make_shared<const Store>(o.csls_with);
  if (other->dimension() != dimension)
    throw Error(ErrorKind::data, o.csls_with, fmt::format("{} dimensions", other->dimension()),
                fmt::format("{}, as the vectors have", dimension),
                "give a store of the same space, as apply writes them");
  RetrievalOptions options;
  options.csls_k = o.csls_k;
  options.isa = session.isa;
  return {o.csls_k, other->kept_fingerprints().all, [other, options](ConstRows rows) {
            return find_neighborhood_means(rows, other->unit_rows(), options);
          }};
}

/// The words of a list, and which of them were met.
class Wanted {
 public:
  explicit Wanted(const std::string& path)
      : path_(path),
        words_(read_word_list(path)),
        met_(static_cast<std::size_t>(words_.size()), false) {}

  /// The rows whose words are wanted.
  Embeddings select(const Embeddings& batch) {
    Embeddings kept;
    std::vector<Index> rows;
    for (Index i = 0; i < batch.size(); ++i) {
      const auto found = words_.find(batch.words[i]);
      if (!found) continue;
      kept.words.insert(batch.words[i]);
      rows.push_back(i);
      met_[static_cast<std::size_t>(*found)] = true;
    }
    kept.vectors = batch.vectors(rows, Eigen::all);
    return kept;
  }

  /// The words that were not met but have a vector made up, in the order of the list.
  Embeddings make_up(const Guesser& guesser, Eigen::Index dimension) {
    const auto make_up = make_up_with(guesser, [](Matrix&) {});
    Embeddings made;
    std::vector<Matrix> rows;
    Matrix row;
    for (Index i = 0; i < words_.size(); ++i) {
      if (met_[static_cast<std::size_t>(i)] || !make_up(words_[i], row)) continue;
      met_[static_cast<std::size_t>(i)] = true;
      made.words.insert(words_[i]);
      rows.push_back(row);
    }
    made.vectors.resize(made.words.size(), dimension);
    for (std::size_t i = 0; i < rows.size(); ++i)
      made.vectors.row(static_cast<Eigen::Index>(i)) = rows[i];
    return made;
  }

  void report(const std::string& input, std::uint64_t made_up, Session& session) const {
    const auto all = static_cast<std::uint64_t>(words_.size());
    const auto missing = static_cast<std::uint64_t>(std::ranges::count(met_, false));
    if (missing == all)
      throw Error(ErrorKind::data, path_,
                  fmt::format("none of its {} is in {}", counted(all, "word"), input),
                  "words of that file", "check the language and the spelling");
    if (made_up > 0)
      session.terminal.info(fmt::format("{}: {} made up", path_, counted(made_up, "vector")));
    if (missing > 0)
      session.terminal.warn(
          fmt::format("{}: {} of {} not found", path_, grouped(missing), counted(all, "word")));
  }

 private:
  std::string path_;
  Vocabulary words_;
  std::vector<bool> met_;
};

/// The first rows, for a model of spelling.
void keep_some(const Embeddings& batch, Embeddings& kept) {
  const Index more = std::min(batch.size(), FormOptions().words - kept.size());
  if (more <= 0) return;
  const Index before = kept.size();
  for (Index i = 0; i < more; ++i) kept.words.insert(batch.words[i]);
  kept.vectors.conservativeResize(before + more, batch.dimension());
  kept.vectors.bottomRows(more) = batch.vectors.topRows(more);
}

int run(const ConvertOptions& o, Session& session) {
  session.arguments.require({"IN", "OUT"});
  check_single_stdin({session.arguments[0], o.words}, session);
  const std::string& output = session.arguments[1];
  session.warn_without_effect({"--seed"}, "here");
  check_vector_outputs({output}, o.write, session);
  refuse_clashes({}, {output}, o.write, session);
  std::optional<Wanted> wanted;
  if (!o.words.empty())
    wanted.emplace(o.words);
  else
    session.warn_without_effect({"--oov"}, "without --words");
  VectorInput input(session.arguments[0], o.input, session);
  check_oov(o.oov, session.arguments[0], input.info().format, input.info().has_ngrams);
  const bool learns = wanted && o.oov == Oov::form;
  MemoryEstimate memory;
  memory.add_streamed(input);
  if (learns) {
    const std::uint64_t words =
        std::min(input.expected_words(), static_cast<std::uint64_t>(FormOptions().words));
    memory.add(form_memory(o.oov, words, input.info().dimension) +
               words * static_cast<std::uint64_t>(input.info().dimension) * sizeof(float));
  }
  memory.check(session);

  const OutputGuard guard;
  WriteOptions write = o.write;
  const bool store = output_format(output, o.write.format) == VectorFormat::xvec;
  if (!store)
    session.warn_without_effect({"--label", "--ngrams", "--csls-with"},
                                "unless a store is written");
  else if (o.ngrams)
    write.store.subwords = open_ngrams(session.arguments[0], input.info());
  if (input.info().has_ngrams &&
      output_format(output, o.write.format) == VectorFormat::fasttext_bin)
    session.terminal.warn(
        fmt::format("{}: a model of whole words, without the n-grams of {}", output, input.path()));
  if (o.csls_with.empty())
    session.warn_without_effect({"--csls-k"}, "without --csls-with");
  else if (store)
    write.store.neighborhoods = neighborhoods_with(o, input.info().dimension, session);
  write.store.labels = labels_of(input.info(), o.labels);
  if (!wanted) write.expected_rows = input.promised_words();
  write.progress = [](const ProgressEvent&) { check_interrupt(); };
  VectorWriter writer(output, input.info().dimension, write);
  Embeddings known;
  for (Embeddings batch; input.next(batch); batch = {}) {
    if (learns) keep_some(batch, known);
    if (wanted) batch = wanted->select(batch);
    writer.write(batch.words, batch.vectors);
  }
  Embeddings made_up;
  if (wanted && o.oov != Oov::none) {
    const auto form = [&] { return learn_form(known.words, known.vectors, session); };
    made_up = wanted->make_up(guesser(o.oov, session.arguments[0], form), input.info().dimension);
    writer.write(made_up.words, made_up.vectors);
  }
  if (wanted) wanted->report(input.path(), static_cast<std::uint64_t>(made_up.size()), session);
  refuse_shortened_words(output, session.arguments[0], input.report(), o.write, session);
  writer.close();
  return kDone;
}

}  // namespace

void add_convert(Program& program) {
  program.add<ConvertOptions>("convert", define, run);
}

}  // namespace xalign::cli
