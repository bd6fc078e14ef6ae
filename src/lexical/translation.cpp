#include <xalign/error.h>
#include <xalign/translation.h>

#include <fmt/format.h>

#include <utility>

namespace xalign {

Space make_space(Embeddings source, Embeddings target) {
  if (source.dimension() != target.dimension())
    throw Error(ErrorKind::data, "vectors",
                fmt::format("{} dimensions on the source side and {} on the target side",
                            source.dimension(), target.dimension()),
                "one space", "map them first");
  normalize_rows(source.vectors);
  normalize_rows(target.vectors);
  return {std::move(source), std::move(target)};
}

Space make_space(const Mapping& mapping, Embeddings source, Embeddings target) {
  mapping.source.apply_in_place(source.vectors);
  mapping.target.apply_in_place(target.vectors);
  return make_space(std::move(source), std::move(target));
}

Translator::Translator(const Space& space, const RetrievalOptions& options)
    : space_(space), ranker_(space.source.vectors, space.target.vectors, options) {}

std::vector<Translation> Translator::translate(std::string_view word, int k) const {
  std::vector<Translation> translations;
  const auto query = space_.source.words.find(word);
  if (!query) return translations;
  const TopkLists lists = ranker_.rank(space_.source.vectors.middleRows(*query, 1), k);
  for (Eigen::Index i = 0; i < lists.k() && lists.index(0, i) >= 0; ++i)
    translations.push_back(
        {std::string(space_.target.words[lists.index(0, i)]), lists.score(0, i)});
  return translations;
}

}  // namespace xalign
