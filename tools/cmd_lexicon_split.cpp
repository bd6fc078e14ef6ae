#include "commands.h"
#include "inputs.h"
#include "output.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>
#include <xalign/lexicon_split.h>

#include <fmt/format.h>

#include <optional>

namespace xalign::cli {
namespace {

struct SplitCommandOptions {
  InputOptions input;
  SplitOptions split;
  std::string vectors;
  std::string train_output;
  std::string test_output;
};

void define(CLI::App& app, SplitCommandOptions& o) {
  add_integer(app, "--test", o.split.test_sources, 1, "Source words of the test part");
  add_text(app, "--train-output", o.train_output, "FILE", "Training part to write");
  add_text(app, "--test-output", o.test_output, "FILE", "Test part to write");
  add_text(app, "--vectors", o.vectors, "FILE",
           "Vectors of the source language in order of frequency, to draw evenly from bins");
  add_integer(app, "--bins", o.split.bins, 1,
              fmt::format("Frequency bins, with --vectors (default {})", o.split.bins));
  add_input_options(app, o.input);
}

// The words alone: their vectors are dropped batch by batch.
Vocabulary read_words(const std::string& path, const InputOptions& options, Session& session) {
  VectorInput input(path, options, session);
  MemoryEstimate memory;
  memory.add_streamed(input);
  memory.check(session);
  Vocabulary words;
  for (Embeddings batch; input.next(batch); batch = {})
    for (Index i = 0; i < batch.size(); ++i) words.insert(batch.words[i]);
  return words;
}

int run(const SplitCommandOptions& o, Session& session) {
  session.arguments.require({"DICT"});
  if (o.split.test_sources == 0)
    throw Error(ErrorKind::config, "--test", "not given", "a number of source words",
                "add --test N");
  require_output("--train-output", o.train_output, "a file for the training part");
  require_output("--test-output", o.test_output, "a file for the test part");
  refuse_clashes({o.train_output, o.test_output}, session);
  if (o.vectors.empty())
    session.warn_without_effect({"--bins", "--max-vocab", "--format"}, "without --vectors");
  session.warn_without_effect({"--memory"}, "here");
  check_single_stdin({session.arguments[0], o.vectors}, session);

  const Dictionary dictionary = read_dictionary({{session.arguments[0]}}, o.input.strict, session);
  std::optional<Vocabulary> vocabulary;
  if (!o.vectors.empty()) vocabulary = read_words(o.vectors, o.input, session);
  SplitOptions options = o.split;
  options.seed = session.common.seed;
  const LexiconSplit split =
      split_lexicon(dictionary.lexicon, vocabulary ? &*vocabulary : nullptr, options);
  write_lexicons(o.train_output, split.train, o.test_output, split.test);
  session.terminal.info(fmt::format("{}: {}", o.train_output, counted(split.train.size(), "pair")));
  session.terminal.info(fmt::format("{}: {}", o.test_output, counted(split.test.size(), "pair")));
  return kDone;
}

}  // namespace

void add_lexicon_split(Program& program) {
  program.add<SplitCommandOptions>("lexicon split", define, run);
}

}  // namespace xalign::cli
