// Loads two sets of vectors, learns a mapping from a seed dictionary, saves it and translates.
#include <iostream>
#include <xalign/learn.h>
#include <xalign/lexicon_io.h>
#include <xalign/mapping_io.h>
#include <xalign/translation.h>
#include <xalign/vectors_io.h>

int main() {
  auto english = xalign::read_vectors("en.vec.gz").embeddings;
  auto french = xalign::read_vectors("fr.vec.gz").embeddings;
  const auto lexicon = xalign::read_lexicon("en-fr.train.tsv").lexicon;
  const auto seeds = xalign::index_lexicon(lexicon, english.words, french.words);

  const auto method = xalign::make_method("multistep");
  const auto learned = xalign::learn_mapping(english, french, seeds.pairs, method);
  xalign::write_mapping("/dev/null", learned.mapping);

  const auto space = xalign::make_space(std::move(english), std::move(french));
  const xalign::Translator translator(space);
  for (const auto& [word, score] : translator.translate("house"))
    std::cout << word << ' ' << score << '\n';
}
