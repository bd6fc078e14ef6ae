#include "oov.h"

#include "options.h"

#include <xalign/error.h>
#include <xalign/form_model.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace xalign::cli {

void add_oov_option(CLI::App& app, Oov& oov) {
  add_choice(
      app, "--oov", {"none", "subword", "form"},
      [&oov](std::size_t i) { oov = static_cast<Oov>(i); },
      "Vectors of words that the file does not have: none, from the n-grams of a fastText model, a "
      "floret table or a store that keeps them, or from their form, as learned on the file's own "
      "words (default none)");
}

void check_oov(Oov oov, const std::string& path, VectorFormat format, bool has_ngrams) {
  if (oov != Oov::subword) return;
  if (!has_ngrams)
    throw Error(
        ErrorKind::data, path,
        format == VectorFormat::fasttext_bin ? std::string("a fastText model without n-grams")
                                             : fmt::format("{} has no n-grams", to_string(format)),
        "a fastText model (.bin), a floret table or a store that keeps n-grams for --oov subword",
        "try --oov form");
  if (path == "-" || path == "standard input")
    throw Error(ErrorKind::data, path, "read once only", "a file for --oov subword");
}

std::uint64_t form_memory(Oov oov, std::uint64_t words, Eigen::Index dimension) {
  if (oov != Oov::form) return 0;
  // A word brings fewer than two n-grams that others have too, and some 20 in all.
  constexpr std::uint64_t kNgrams = 2, kNgramsOfWord = 20;
  const auto learned = std::min(words, static_cast<std::uint64_t>(FormOptions().words));
  const std::uint64_t row = static_cast<std::uint64_t>(dimension) * sizeof(float);
  return learned * (kNgrams * row + 3 * kNgramsOfWord * sizeof(std::uint32_t));
}

Guesser guesser(Oov oov, const std::string& path, Guesser form) {
  if (oov == Oov::subword) return [path] { return SubwordModel::open(path); };
  return oov == Oov::form ? std::move(form) : nullptr;
}

std::function<bool(std::string_view, Matrix&)> make_up_with(Guesser guesser,
                                                            std::function<void(Matrix&)> place) {
  if (!guesser) return {};
  return [guesser = std::move(guesser), place = std::move(place),
          model = std::shared_ptr<const SubwordModel>()](std::string_view word,
                                                         Matrix& vector) mutable {
    if (!model) model = guesser();
    vector.resize(1, model->dimension());
    if (!model->find_vector(word, vector.row(0))) return false;
    place(vector);
    return true;
  };
}

std::unique_ptr<SubwordModel> learn_form(const Vocabulary& words, ConstRows vectors,
                                         Session& session) {
  session.terminal.detail("learning vectors from spellings");
  FormOptions options;
  options.progress = session.terminal.progress();
  return FormModel::fit(words, vectors, options);
}

std::unique_ptr<SubwordModel> learn_form(const Store& store,
                                         const std::function<void(Matrix&)>& place,
                                         Session& session) {
  const Index count = std::min(store.size(), FormOptions().words);
  Vocabulary words;
  for (Index row = 0; row < count; ++row) words.insert(store[row]);
  Matrix vectors(count, store.dimension());
  store.read(0, vectors);
  place(vectors);
  return learn_form(words, vectors, session);
}

}  // namespace xalign::cli
