#include "help.h"

#include "session.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace xalign::cli {
namespace {

const std::vector<CommandHelp> kHelp = {
    {"",
     "aligns word vectors of different languages into one space",
     "COMMAND ARGUMENTS... [OPTIONS]",
     "xalign learns, from two files of word vectors and a small bilingual dictionary, a mapping "
     "that brings both languages into one space, and puts that space to use: translation, "
     "evaluation, dictionaries.\n\n"
     "Vector files are text as fastText, word2vec (with header) or GloVe (without) write it, plain "
     "or compressed (gzip, bzip2, xz, zstd), recognised by content. The name - stands for standard "
     "input or output. Results go to standard output, everything else to standard error.\n\n"
     "Environment: OMP_NUM_THREADS limits the threads, XALIGN_ISA forces an instruction set (see "
     "--version), NO_COLOR switches colours off.",
     {{"xalign map en.vec fr.vec -d en-fr.train.tsv -o en-fr.xmap",
       "Learn a mapping from a seed dictionary."},
      {"xalign eval en-fr.xmap en.vec fr.vec -d en-fr.test.tsv",
       "See how many words it translates right."}}},
    {"map",
     "learns a mapping of two languages into one space",
     "SOURCE TARGET [-d SEEDS] -o MAP.xmap",
     "Reads the vectors of a source and a target language and a seed dictionary, and saves a "
     "mapping that all other commands accept. The dictionary holds one pair a line: source word, "
     "target word and optionally a weight, separated by tabs, blanks or commas.\n\n"
     "From 2,000 pairs on, the automatic method tries the multi-step map, self-learning (the "
     "mapping and a larger dictionary are made of each other in turns, by geometry and spelling) "
     "and a refinement of it: each translates the rarest fifth of the seeds, held out, and the "
     "multi-step map is left for a clear win only. With fewer, self-learning and a "
     "refinement go on from the pairs. Without a dictionary, or with fewer than 50 pairs, pairs of "
     "words that are spelt alike in any script are found first. What the automatic method, vecmap "
     "or --self-learning have learned of few pairs or none is held against random starts; if it is "
     "no better, status 1 says that no alignment was found. Other methods are not judged.\n\n"
     "Methods: procrustes (orthogonal), multistep (whitening, rotation, re-weighting, "
     "de-whitening), cca (canonical correlation analysis), ridge (linear regression, source to "
     "target), rcsls and contrastive (slower; refined for retrieval), c1 and vecmap (published "
     "settings for comparison: minutes to hours) and auto, the best choice for most data.",
     {{"xalign map en.vec fr.vec -d en-fr.train.tsv -o en-fr.xmap",
       "Learn a mapping with the default method."},
      {"xalign map ru.vec fr.vec -o ru-fr.xmap --checkpoint run.xmap",
       "Learn without a dictionary; the same command goes on after Ctrl-C."},
      {"xalign map en.vec.gz fr.vec.gz -d seeds.tsv --method procrustes --write-source en.fr.vec "
       "--write-target fr.en.vec",
       "Write the vectors of both languages in the shared space."}}},
    {"eval",
     "scores a mapping on a test dictionary (bilingual lexicon induction)",
     "[bli] MAP SOURCE TARGET -d TEST\n[bli] MAPPED_SOURCE MAPPED_TARGET -d TEST",
     "Translates the source words of the test dictionary and tells how many have a right "
     "translation among the best 1, 5 and 10 candidates, out of all words of the target file. "
     "Takes a mapping with the original vectors, or two files of vectors that share a space.\n\n"
     "A query is a different source word of the dictionary. It is covered when its vector and that "
     "of at least one of its translations were read. Rates are given over covered queries (as in "
     "most publications), over all queries, and over covered queries that the mapping was not "
     "trained on.",
     {{"xalign eval en-fr.xmap en.vec fr.vec -d en-fr.test.tsv",
       "Compare nearest neighbours and CSLS."},
      {"xalign eval en-fr.xmap en.vec fr.vec -d en-fr.test.tsv --json --require csls:p@1=0.35",
       "Fail with status 1 when CSLS finds fewer than 35 % at the first place."},
      {"xalign eval en-fr.xmap en.vec fr.vec -d en-fr.test.tsv --breakdown --compare other.xmap",
       "Where it succeeds and fails, and whether another mapping differs."},
      {"xalign eval en.vec fr.vec -d en-fr.train.tsv --folds 5 --method multistep",
       "What a method is worth, by cross-validation on the training dictionary."}}},
    {"eval similarity",
     "correlates cosines of word pairs with the judgement of people",
     "VECTORS -d FILE\nMAP SOURCE TARGET -d FILE\nMAPPED_SOURCE MAPPED_TARGET -d FILE",
     "Reads lines of two words and a score, for example those of SemEval-2017, Multi-SimLex, "
     "SimLex-999 or WordSim-353 as they are, and prints Spearman's and Pearson's correlation of "
     "the scores with the cosines, and their harmonic mean. With one file of vectors both words "
     "are looked up in it; with a space the first word is of the source language and the second "
     "of the target language.\n\n"
     "A fourth column, such as a part of speech, makes groups that are scored one by one, too.",
     {{"xalign eval similarity en.vec -d multisimlex/ENG.tsv", "Word similarity in one language."},
      {"xalign eval similarity en-de.xmap en.vec de.vec -d en-de.test.txt --case lower --json",
       "Across languages, as SemEval-2017 does."}}},
    {"eval analogy",
     "answers analogies: a is to b as c is to which word?",
     "VECTORS -d FILE",
     "Reads lines of four words and looks for the fourth among all words but the other three, by "
     "3CosAdd and by 3CosMul. Lines ': NAME' or '# NAME' begin a category. The most frequent N "
     "words alone are candidates, and known, with --max-vocab N.",
     {{"xalign eval analogy en.vec -d questions-words.txt --case lower --max-vocab 200000",
       "Answer the questions that came with word2vec."},
      {"xalign eval analogy fr.vec -d fr-semantic.tsv -d fr-syntactic.tsv --per-question "
       "answers.tsv",
       "Two files at once, and what was answered."}}},
    {"eval retrieval",
     "scores retrieval between the paired rows of two files",
     "MAP SOURCE TARGET\nMAPPED_SOURCE MAPPED_TARGET",
     "Row i of one file belongs to row i of the other: sentences and their translations, or images "
     "and captions. Prints how often the partner is the best or among the best of all rows of the "
     "other file, in both directions, and the similarity-search error xsim with its three margins: "
     "absolute, distance and ratio.",
     {{"xalign eval retrieval en.sentences.vec fr.sentences.vec",
       "Two files that share a space already."},
      {"xalign eval retrieval en-fr.xmap en.sentences.vec fr.sentences.vec -k 1,10 --json",
       "The same through a mapping."}}},
    {"eval clustering",
     "clusters vectors and holds the clusters against classes",
     "VECTORS --labels FILE",
     "Clusters the labelled rows, brought to unit length, by k-means from k-means++ starts and "
     "prints the V-measure, which is the harmonic mean of homogeneity and completeness, and "
     "purity. The same seed gives the same clusters.",
     {{"xalign eval clustering en.vec --labels word-classes.tsv",
       "As many clusters as there are classes."},
      {"xalign eval clustering sentences.vec --labels topics.txt --clusters 20 --tsv",
       "One label a line for the rows in order, 20 clusters."}}},
    {"report",
     "writes an evaluation as one page to read and to search",
     "MAP SOURCE TARGET -d TEST -o REPORT.html\nMAPPED_SOURCE MAPPED_TARGET -d TEST -o REPORT.html",
     "Scores lexicon induction as `eval --breakdown` does and writes one HTML file that needs "
     "nothing else, neither a network nor other files: scores with intervals, CSLS scores of right "
     "and wrong translations, frequency bins, a picture of both languages, hubs, every translation "
     "of the test dictionary, and the induced lexicon with a search box. It can be printed, "
     "follows the reader's light or dark colours, and a link such as report.html#q=house opens it "
     "with a search.",
     {{"xalign report en-fr.xmap en.vec fr.vec -d en-fr.test.tsv -o report.html",
       "Write the page, then open it in a browser."},
      {"xalign report en-fr.xmap en.vec fr.vec -d en-fr.test.tsv --reverse -o fr-en.html",
       "The other direction."}}},
    {"apply",
     "maps any vocabulary through one side of a mapping",
     "MAP --side source|target IN -o OUT",
     "Streams a vector file of the same space as the one that side was learned on, for example the "
     "full vocabulary of which only the frequent words were used, in constant memory.",
     {{"xalign apply en-fr.xmap --side source en.full.vec -o en.mapped.vec",
       "Map a full vocabulary."},
      {"xz -dc fr.full.vec.xz | xalign apply en-fr.xmap --side target - --to glove -o - | head "
       "-1000",
       "Map in a pipe."}}},
    {"translate",
     "translates words through the shared space",
     "MAP SOURCE TARGET [WORD...]\nSOURCE.xvec TARGET.xvec [WORD...]",
     "Prints the best translations of each word, one a line: word, translation and score, "
     "separated by tabs. Words come from the command line or, if there are none, from standard "
     "input, one a line. Stores (.xvec) are searched where they lie, without being read into "
     "memory; two stores that share a space need no mapping.",
     {{"xalign translate en-fr.xmap en.vec fr.vec house garden -k 3",
       "The three best translations of two words."},
      {"xalign translate en-fr.xmap en.vec fr.vec --reverse < french-words.txt",
       "Translate a list of words of the target language."},
      {"xalign translate en-fr.xmap en.vec fr.vec gardenless --oov form",
       "Translate a word that has no vector, from those of words spelled alike."}}},
    {"neighbors",
     "finds the nearest words, within a language or across",
     "VECTORS [WORD...]\nMAP SOURCE TARGET [WORD...]",
     "Prints the words with the most similar vectors, one a line: word, neighbour and cosine, "
     "separated by tabs. With a mapping the neighbours of a source word are target words. A store "
     "(.xvec) answers at once: it is not read into memory.",
     {{"xalign neighbors en.vec house garden", "Neighbours in the same language."},
      {"xalign neighbors en.xvec house", "The same from a store, in milliseconds."},
      {"xalign neighbors en-fr.xmap en.vec fr.vec house", "Neighbours in the other language."}}},
    {"lexicon",
     "induces and splits dictionaries",
     "induce|split ARGUMENTS... [OPTIONS]",
     "Makes dictionaries out of a mapping, and parts out of dictionaries.",
     {{"xalign lexicon induce en-fr.xmap en.vec fr.vec -o en-fr.tsv",
       "Write a dictionary of mutual nearest neighbours."},
      {"xalign lexicon split en-fr.tsv --test 500 --train-output train.tsv --test-output test.tsv",
       "Set the pairs of 500 source words aside."}}},
    {"lexicon induce",
     "writes the dictionary that a mapping implies",
     "MAP SOURCE TARGET -o OUT.tsv",
     "Pairs each source word with its best target word and keeps the pairs that are each other's "
     "best. Lines are source word, target word and score, separated by tabs, in the order of the "
     "source file. The 20,000 first words of each file are used unless --max-vocab says otherwise.",
     {{"xalign lexicon induce en-fr.xmap en.vec fr.vec -o en-fr.tsv",
       "Mutual pairs of the 20,000 most frequent words."},
      {"xalign lexicon induce en-fr.xmap en.vec fr.vec --all --max-vocab 50000 -o -",
       "The best target word of every source word, to standard output."}}},
    {"lexicon split",
     "splits a dictionary into a training and a test part",
     "DICT --test N --train-output FILE --test-output FILE",
     "Draws N source words and puts all their pairs into the test part, all others into the "
     "training part: no source word stands on both sides. With --vectors the words are drawn "
     "evenly from frequency bins, the order of the vector file being the order of frequency.",
     {{"xalign lexicon split en-fr.tsv --test 500 --train-output train.tsv --test-output test.tsv",
       "Set the pairs of 500 source words aside."},
      {"xalign lexicon split en-fr.tsv --test 500 --vectors en.vec --bins 5 --train-output "
       "train.tsv --test-output test.tsv",
       "The same, 100 words from each of five frequency bins."}}},
    {"convert",
     "converts vectors between formats",
     "IN OUT",
     "Copies vectors to another format, fewer digits or fewer words, in constant memory. The "
     "output is compressed when its name ends in .gz, .bz2, .xz or .zst.",
     {{"xalign convert glove.txt.gz glove.vec", "Give GloVe vectors a header."},
      {"xalign convert cc.fr.300.vec fr.xvec --type int8 --label language=fr",
       "Make a store: a quarter of the size in memory, and it opens in milliseconds."},
      {"xalign convert cc.fr.vec small.vec --words words.txt --precision 4",
       "Keep the words of a list, in the order of the vector file, with four digits."},
      {"xalign convert cc.fr.bin list.vec --words words.txt --oov subword",
       "The same, and the words that the model never saw, from their n-grams, after them."}}},
    {"info",
     "tells what a vector file, mapping or dictionary holds",
     "FILE...",
     "Recognises each file by its content and reads all of it, so that it also serves as a check.",
     {{"xalign info en.vec fr.vec en-fr.tsv", "Check the inputs of a mapping."},
      {"xalign info en-fr.xmap --json", "Method, training dictionary and inputs of a mapping."}}},
    {"analyze",
     "measures what a space, two spaces or a mapping are like",
     "SOURCE TARGET\nMAP SOURCE TARGET\nVECTORS\nMAP",
     "Tells, before a mapping, whether two languages are alike enough for one, and after it, what "
     "the "
     "shared space is like: isometry, isotropy, hubness before and after CSLS, similarity of "
     "paired "
     "rows, separation of the languages. Every measure has its equation and its paper in "
     "docs/analysis.md; the last lines say in plain words what the figures mean.\n\n"
     "Some measures need word pairs (-d, or --pairs rows), some a shared space (a mapping, or "
     "--shared). The first words of each file are looked at; the options say how many.",
     {{"xalign analyze en.vec fr.vec -d en-fr.train.tsv",
       "Are the languages alike enough for a linear map?"},
      {"xalign analyze en-fr.xmap en.vec fr.vec -d en-fr.test.tsv --json",
       "The shared space of a mapping."},
      {"xalign analyze sentences.en.vec sentences.de.vec --pairs rows --shared",
       "Sentence vectors of one multilingual model, row by row."}}},
    {"normalize",
     "normalises vectors by a recipe",
     "IN -o OUT",
     "Fits the steps of a recipe on the vectors, writes the normalised vectors and prints how "
     "isotropic they were before and are after. map does the same with its option --normalize: use "
     "this command for vectors that go elsewhere, or that hold several languages.",
     {{"xalign normalize en.vec -o en.unit.vec --steps unit,center,unit", "The default of map."},
      {"xalign normalize all.vec -o all.centered.vec --center-by prefix",
       "Words such as en:house and fr:maison: center each language by itself."},
      {"xz -dc cc.fr.300.vec.xz | xalign normalize - -o - --to glove --steps abtt:3 --fit-vocab "
       "200000 > fr.txt",
       "Fit on the first words, treat the rest alike in constant memory."}}},
};

constexpr std::array<ExitStatus, 5> kStatuses = {{
    {kDone, "done (also when the reader of a pipe has gone)"},
    {kCheckFailed, "a requested check failed (--require)"},
    {kUsageError, "the command line makes no sense"},
    {kInputError, "an input is bad, or a file cannot be read or written"},
    {kNumericError, "a computation failed"},
}};

}  // namespace

std::span<const CommandHelp> all_help() {
  return kHelp;
}

const CommandHelp& help_of(std::string_view path) {
  const auto found = std::ranges::find(kHelp, path, &CommandHelp::path);
  if (found == kHelp.end()) throw std::logic_error("no help for " + std::string(path));
  return *found;
}

std::span<const ExitStatus> exit_statuses() {
  return kStatuses;
}

}  // namespace xalign::cli
