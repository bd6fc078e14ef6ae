// Learns a mapping from a seed dictionary, saves it, loads it again and translates.
#include <xalign/learn.h>
#include <xalign/lexicon_io.h>
#include <xalign/mapping_io.h>
#include <xalign/translation.h>
#include <xalign/vectors_io.h>

#include <iostream>

int main() {
  auto english = xalign::read_vectors("en.vec.gz").embeddings;
  auto french = xalign::read_vectors("fr.vec.gz").embeddings;
  const auto seeds = xalign::index_lexicon(xalign::read_lexicon("en-fr.train.tsv").lexicon,
                                           english.words, french.words);
  const auto learned =
      xalign::learn_mapping(english, french, seeds.pairs, xalign::make_method("auto"));
  xalign::write_mapping("en-fr.xmap", learned.mapping);

  const auto space = xalign::make_space(xalign::read_mapping("en-fr.xmap"),
                                        xalign::read_vectors("en.vec.gz").embeddings,
                                        xalign::read_vectors("fr.vec.gz").embeddings);
  const xalign::Translator translator(space);
  for (const auto& [word, score] : translator.translate("house"))
    std::cout << word << ' ' << score << '\n';
}
