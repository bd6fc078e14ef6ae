// Builds a method of its own from steps, learns with it and saves the mapping.
#include <xalign/learn.h>
#include <xalign/lexicon_io.h>
#include <xalign/mapping_io.h>
#include <xalign/vectors_io.h>

#include <iostream>

int main() {
  using namespace xalign;
  auto english = read_vectors("en.vec.gz").embeddings;
  auto french = read_vectors("fr.vec.gz").embeddings;
  const auto seeds =
      index_lexicon(read_lexicon("en-fr.train.tsv").lexicon, english.words, french.words);

  const SelfLearning rounds{
      {{.repeat = 2, .cutoff = 3000, .matching = Matching::concatenated, .ridge = 0.3},
       {.repeat = 2, .cutoff = 5000, .spelling = true, .seed_weight = 3}}};
  const Method method{"mine",
                      {NormalizeVectors{parse_normalize_recipe("unit,abtt:1,unit")},
                       MapMultistep{{.ridge = 0.5}},
                       rounds,
                       RefineContrastive{{.steps = 10, .words = 5000}}}};

  const auto learned = learn_mapping(english, french, seeds.pairs, method);
  for (const auto& step : learned.mapping.steps) std::cout << step << '\n';
  write_mapping("mine.xmap", learned.mapping);
}
