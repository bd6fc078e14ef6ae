// Trains small models with the fasttext program and holds its vectors against ours. Skipped (77)
// where there is no such program.
#include "support/temporary_folder.h"

#include <xalign/aligned_model.h>
#include <xalign/error.h>
#include <xalign/random.h>
#include <xalign/subword.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using xalign::test::TemporaryFolder;

namespace {

constexpr int kSkip = 77;
// The program prints five digits, and the trained numbers are below 1.
constexpr double kTolerance = 1e-5;
const std::vector<std::string> kSyllables = {"ka", "lé", "mo", "ßu", "ти", "の", "ra", "nö", "x"};
const std::vector<std::string> kUnseen = {"kakaka", "日本語", "a",       "лети", "zzzzzzzzzzzz",
                                          "mo-mo",  "😀",      "Katalog", "é",    "ab"};

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"),
                                                             &::pclose);
  std::string text;
  for (int c = 0; (c = std::fgetc(pipe.get())) != EOF;) text += static_cast<char>(c);
  return text;
}

/// Sentences of invented words in several scripts; labels at their beginning if asked for.
std::string corpus(bool labels) {
  xalign::Random random(1);
  std::string text;
  for (int line = 0; line < 400; ++line) {
    if (labels) text += fmt::format("__label__{} ", random.below(3));
    for (int word = 0; word < 8; ++word) {
      for (std::uint64_t i = 0, count = 1 + random.below(3); i < count; ++i)
        text += kSyllables[random.below(kSyllables.size())];
      text += ' ';
    }
    text += '\n';
  }
  return text;
}

struct Case {
  const char* name;
  const char* command;
  bool labels = false;
};

const std::vector<Case> kCases = {
    {"skipgram", "skipgram -dim 10"},
    {"cbow", "cbow -dim 7 -minn 2 -maxn 4 -bucket 1000"},
    {"one-letter n-grams", "skipgram -dim 5 -minn 1 -maxn 3 -bucket 77"},
    {"no n-grams", "skipgram -dim 6 -maxn 0"},
    {"softmax", "cbow -dim 4 -loss softmax -minn 3 -maxn 3 -bucket 50"},
    {"hierarchical", "skipgram -dim 4 -loss hs -minn 5 -maxn 9 -bucket 333"},
    {"supervised", "supervised -dim 8", true},
    {"supervised with n-grams", "supervised -dim 8 -minn 2 -maxn 3 -bucket 100 -wordNgrams 2",
     true},
};

/// The largest difference to what the program prints for these words.
double largest_difference(const std::string& model, const std::vector<std::string>& words,
                          const TemporaryFolder& folder) {
  std::string list;
  for (const std::string& word : words) list += word + '\n';
  std::istringstream printed(
      output_of(fmt::format("fasttext print-word-vectors {} < {}", model, folder.file("w", list))));
  const auto ours = xalign::SubwordModel::open(model);
  double largest = 0;
  for (const std::string& word : words) {
    std::string printed_word;
    printed >> printed_word;
    if (printed_word != word) return HUGE_VAL;
    const xalign::RowVector vector = ours->vector(word);
    for (Eigen::Index i = 0; i < vector.size(); ++i) {
      double number = HUGE_VAL;
      printed >> number;
      largest = std::max(largest, std::abs(number - static_cast<double>(vector[i])));
    }
  }
  return largest;
}

bool check(const Case& the, const TemporaryFolder& folder) {
  const std::string text = folder.file("corpus", corpus(the.labels)), out = folder / "model";
  if (!run(fmt::format("fasttext {} -input {} -output {} -minCount 2 -epoch 2 -thread 1",
                       the.command, text, out)))
    return fmt::print("{}: training failed\n", the.name), false;
  const std::string model = out + ".bin";
  const auto read = xalign::read_vectors(model).embeddings;
  std::vector<std::string> words;
  for (xalign::Index i = 0; i < read.size(); ++i) words.emplace_back(read.words[i]);
  double difference = largest_difference(model, words, folder);
  const double unseen = largest_difference(model, kUnseen, folder);
  // What is read row by row is what is looked up.
  const auto subwords = xalign::SubwordModel::open(model);
  for (xalign::Index i = 0; i < read.size(); ++i)
    if ((subwords->vector(words[static_cast<std::size_t>(i)]) - read.vectors.row(i)).norm() > 0)
      difference = HUGE_VAL;
  const bool good = difference <= kTolerance && unseen <= kTolerance;
  fmt::print("{:<24} {} words, largest difference {:.2g} seen, {:.2g} unseen{}\n", the.name,
             words.size(), difference, unseen, good ? "" : "  FAILED");
  return good;
}

bool check_quantised(const TemporaryFolder& folder) {
  if (!run(fmt::format("fasttext quantize -output {} -input {}", folder / "model",
                       folder / "corpus")))
    return fmt::print("quantising failed\n"), false;
  try {
    xalign::read_vectors(folder / "model.ftz");
  } catch (const xalign::Error& error) {
    fmt::print("{}\n", error.what());
    return std::string(error.what()).find("quantised fastText model") != std::string::npos;
  }
  return false;
}

/// An aligned model answers as mapping after look-up does, by our reader and by the program.
bool check_aligned(const TemporaryFolder& folder) {
  using Operation = xalign::Normalizer::Operation;
  const std::string model = folder / "model.bin", aligned = folder / "aligned.bin";
  const auto before = xalign::SubwordModel::open(model);
  const Eigen::Index dimension = before->dimension();
  xalign::Random random(3);
  xalign::SideMap side;
  side.matrix.resize(dimension, dimension);
  for (Eigen::Index i = 0; i < side.matrix.size(); ++i)
    side.matrix.data()[i] = static_cast<float>(random.normal());
  xalign::Matrix mean(1, dimension);
  mean.setConstant(0.01F);
  bool good = true;
  for (const bool lengths : {false, true}) {
    std::vector<Operation> operations = {{Operation::Kind::center, mean}};
    if (lengths) operations.push_back({Operation::Kind::unit});
    side.normalizer = xalign::Normalizer({}, operations);
    if (find_model_fit(side) != (lengths ? xalign::ModelFit::directions : xalign::ModelFit::exact))
      return fmt::print("aligned model: wrong fit\n"), false;
    write_aligned_model(side, model, aligned);
    const auto after = xalign::SubwordModel::open(aligned);
    std::vector<std::string> words = kUnseen;
    const auto read = xalign::read_vectors(model).embeddings;
    for (xalign::Index i = 0; i < read.size(); ++i) words.emplace_back(read.words[i]);
    double largest = 0;
    for (const std::string& word : words) {
      xalign::RowVector expected = side.apply(before->vector(word)), found = after->vector(word);
      if (lengths) {
        expected.normalize();
        found.normalize();
      }
      largest = std::max(largest, static_cast<double>((expected - found).cwiseAbs().maxCoeff()));
    }
    const double printed = largest_difference(aligned, words, folder);
    const bool same = largest <= kTolerance && printed <= 10 * kTolerance;
    fmt::print("aligned model, {}: largest difference {:.2g}, as printed {:.2g}{}\n",
               lengths ? "directions" : "exact", largest, printed, same ? "" : "  FAILED");
    good = good && same;
  }
  side.normalizer =
      xalign::Normalizer({}, {{Operation::Kind::unit}, {Operation::Kind::center, mean}});
  try {
    write_aligned_model(side, model, folder / "none.bin");
    return fmt::print("aligned model: not refused\n"), false;
  } catch (const xalign::Error& error) {
    fmt::print("{}\n", error.what());
  }
  return good;
}

/// The program answers for vectors that were written as a model.
bool check_written(const TemporaryFolder& folder) {
  const std::string written = folder / "written.bin";
  const auto vectors = xalign::read_vectors(folder / "model.bin").embeddings;
  xalign::WriteOptions options;
  options.format = xalign::VectorFormat::fasttext_bin;
  write_vectors(written, vectors, options);
  std::vector<std::string> words;
  for (xalign::Index i = 0; i < vectors.size(); ++i) words.emplace_back(vectors.words[i]);
  const double difference = largest_difference(written, words, folder);
  const bool good = difference <= kTolerance &&
                    xalign::read_vectors(written).embeddings.vectors == vectors.vectors;
  fmt::print("written model: largest difference {:.2g}{}\n", difference, good ? "" : "  FAILED");
  return good;
}

/// A store that keeps the n-grams answers as the model does.
bool check_store(const TemporaryFolder& folder) {
  const std::string model = folder / "model.bin";
  const auto vectors = xalign::read_vectors(model).embeddings;
  bool good = true;
  for (const xalign::StoreType type :
       {xalign::StoreType::f32, xalign::StoreType::f16, xalign::StoreType::int8}) {
    const std::string path = folder / fmt::format("{}.xvec", xalign::to_string(type));
    xalign::WriteOptions options;
    options.store.type = type;
    options.store.subwords = xalign::SubwordModel::open(model);
    write_vectors(path, vectors, options);
    const auto expected = xalign::SubwordModel::open(model),
               found = xalign::SubwordModel::open(path);
    std::vector<std::string> words = kUnseen;
    for (xalign::Index i = 0; i < vectors.size(); ++i) words.emplace_back(vectors.words[i]);
    double largest = 0, size = 0;
    for (const std::string& word : words) {
      const xalign::RowVector wanted = expected->vector(word);
      size = std::max(size, static_cast<double>(wanted.cwiseAbs().maxCoeff()));
      largest = std::max(largest,
                         static_cast<double>((wanted - found->vector(word)).cwiseAbs().maxCoeff()));
    }
    const double allowed = type == xalign::StoreType::f32   ? kTolerance
                           : type == xalign::StoreType::f16 ? size / 1000
                                                            : size / 100;
    fmt::print("{} store: largest difference {:.2g}{}\n", xalign::to_string(type), largest,
               largest <= allowed ? "" : "  FAILED");
    good = good && largest <= allowed;
  }
  return good;
}

}  // namespace

int main() {
  if (!run("command -v fasttext")) {
    fmt::print("skipped: no fasttext program\n");
    return kSkip;
  }
  const TemporaryFolder folder;
  bool good = true;
  for (const Case& the : kCases) good = check(the, folder) && good;
  good = check_aligned(folder) && good;
  good = check_written(folder) && good;
  good = check_store(folder) && good;
  good = check_quantised(folder) && good;
  return good ? 0 : 1;
}
