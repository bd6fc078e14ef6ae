#include "io_bench.h"

#include "cases.h"
#include "io_references.h"
#include "peak_memory.h"
#include "timing.h"

#include <xalign/normalize.h>
#include <xalign/parallel.h>
#include <xalign/random.h>
#include <xalign/store.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace xalign::bench {
namespace {

constexpr double kMega = 1e6;
constexpr int kOpenings = 15, kQueries = 15;
constexpr Index kBatch = 8192;

/// A folder that goes when this does.
class Folder {
 public:
  explicit Folder(const std::string& parent) {
    const std::filesystem::path base =
        parent.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(parent);
    std::string name = (base / "xalign-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("no folder can be made in " + base.string());
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

double megabytes_of(const std::string& path) {
  return static_cast<double>(std::filesystem::file_size(path)) / kMega;
}

Embeddings random_words(long words, long dimension, std::uint64_t seed) {
  Embeddings made;
  for (long i = 0; i < words; ++i) made.words.insert(fmt::format("word{}", i));
  // Numbers as wide as those of trained vectors.
  constexpr float kSpread = 0.1F;
  Random random(seed);
  made.vectors.resize(words, dimension);
  for (Eigen::Index i = 0; i < made.vectors.size(); ++i)
    made.vectors.data()[i] = kSpread * static_cast<float>(random.normal());
  return made;
}

/// Random words batch by batch: a store may be larger than memory.
void make_store(const std::string& path, long words, long dimension, StoreType type) {
  StoreWriter writer(path, dimension, {type, {}});
  const Matrix rows = random_words(kBatch, dimension, 1).vectors;
  for (long first = 0; first < words; first += kBatch) {
    const auto count = static_cast<Eigen::Index>(std::min<long>(kBatch, words - first));
    Vocabulary names;
    for (long i = 0; i < count; ++i) names.insert(fmt::format("word{}", first + i));
    // Different rows out of the same numbers: each batch is turned by as many columns.
    Matrix turned(count, dimension);
    const auto turn = static_cast<Eigen::Index>((first / kBatch) % dimension);
    turned.leftCols(dimension - turn) = rows.topRows(count).rightCols(dimension - turn);
    turned.rightCols(turn) = rows.topRows(count).leftCols(turn);
    writer.write(names, turned);
  }
  writer.close();
}

/// The least that a reader of a binary file can do: copy it from where the system holds it.
void map_and_copy(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) throw std::runtime_error(path + " cannot be mapped");
  const std::unique_ptr<char[]> copy(new char[size]);
  std::memcpy(copy.get(), mapped, size);
  // Without a use the copy could be left out.
  asm volatile("" : : "r"(copy.get()) : "memory");
  ::munmap(mapped, size);
}

struct Round {
  IoBenchTask task;
  std::function<void()> run = {};
  std::function<void()> reference = {};  // in this process
  std::string reference_name = {};
};

/// All tasks in turn, so that slow minutes of the machine hit all alike.
void time_all(std::vector<Round>& rounds, int repeat) {
  for (Round& round : rounds) {
    Contestant one{round.run}, two{round.run}, reference{round.reference};
    for (int i = 0; i < repeat; ++i) {
      {
        const ThreadLimit limit(1);
        one.time();
        if (round.reference) reference.time();
      }
      const ThreadLimit limit(2);
      two.time();
    }
    round.task.cpu_s = median(one.cpu);
    round.task.wall_s = median(one.wall);
    round.task.wall_s_two = median(two.wall);
    if (round.reference)
      round.task.references.push_back({round.reference_name, median(reference.cpu)});
  }
}

void add_python(IoBenchTask& task, const std::vector<PythonReference>& references,
                const std::string& file, long rows) {
  for (const PythonReference& reference : references)
    if (const double seconds = run_python(reference, file, rows); seconds > 0)
      task.references.push_back({reference.name, seconds});
}

void measure_convert(const std::string& from, const std::string& to, IoBenchResult& result) {
  const double before = resident_mb();
  reset_peak();
  {
    VectorReader reader(from);
    VectorWriter writer(to, reader.info().dimension);
    for (Embeddings batch; reader.read(batch); batch = {}) writer.write(batch.words, batch.vectors);
    writer.close();
  }
  result.convert_peak_mb = (peak_mb() - before) * 1024 * 1024 / kMega;
  result.convert_output_mb = megabytes_of(to);
}

void measure_opening(const std::string& path, long words, IoBenchResult& result) {
  constexpr long kDimension = 16;
  make_store(path, words, kDimension, StoreType::f16);
  Contestant opening{[&] {
    const Store store(path);
    if (!store.find("word1")) throw std::runtime_error("a word is not found");
  }};
  for (int i = 0; i < kOpenings; ++i) opening.time();
  result.index_words = words;
  result.open_ms = 1000 * median(opening.cpu);
  std::filesystem::remove(path);
}

void measure_search(const std::string& path, const IoBenchOptions& options, IoBenchResult& result) {
  make_store(path, options.search_words, options.dimension, StoreType::int8);
  const Store store(path);
  const ThreadLimit limit(1);
  Index query = 0;
  Contestant search{[&] {
    const Index row = query++ * 997 % store.size();
    Matrix vector = store.gather(std::vector<Index>{row});
    normalize_rows(vector);
    const std::vector<std::pair<Index, Index>> itself{{0, row}};
    store.neighbors(vector, {.row_k = 10, .skip_pairs = itself});
  }};
  search.run();  // brings the file into memory
  for (int i = 0; i < kQueries; ++i) search.time();
  result.search_words = options.search_words;
  result.search_ms = 1000 * median(search.cpu);
}

}  // namespace

IoBenchResult run_io_bench(const IoBenchOptions& options) {
  const Folder folder(options.folder);
  IoBenchResult result;
  result.random = options.text.empty();
  const std::string text = result.random ? folder / "in.vec" : options.text;
  {
    // Six digits after the point, as most tools write.
    Embeddings vectors = result.random ? random_words(options.words, options.dimension, 1)
                                       : read_vectors(text).embeddings;
    if (result.random) write_vectors(text, vectors, {.precision = 6});
    result.words = vectors.size();
    result.dimension = vectors.dimension();
    for (const char* name : {"in.bin", "in.npy", "in.xvec"}) write_vectors(folder / name, vectors);

    std::vector<Round> rounds;
    const auto read = [](const std::string& path) { return [path] { read_vectors(path); }; };
    rounds.push_back({{.name = "read text", .megabytes = megabytes_of(text)}, read(text)});
    for (const char* name : {"in.bin", "in.npy", "in.xvec"}) {
      const std::string path = folder / name;
      rounds.push_back(
          {{.name = fmt::format("read {}", std::filesystem::path(name).extension().string()),
            .megabytes = megabytes_of(path)},
           read(path)});
      rounds.back().reference = [path] { map_and_copy(path); };
      rounds.back().reference_name = "map and copy";
    }
    const std::string out = folder / "out.vec";
    rounds.push_back({{.name = "write text"}, [&] { write_vectors(out, vectors); }});
    rounds.push_back(
        {{.name = "write text, 6 digits"}, [&] { write_vectors(out, vectors, {.precision = 6}); }});
    time_all(rounds, options.repeat);
    for (Round& round : rounds) {
      if (round.task.megabytes == 0) round.task.megabytes = megabytes_of(out);
      if (options.others && round.task.name == "read text")
        add_python(round.task, text_readers(), text, result.words);
      if (options.others && round.task.name.starts_with("write"))
        add_python(round.task, text_writers(), text, result.words);
      result.tasks.push_back(std::move(round.task));
    }
  }
  measure_convert(text, folder / "out.xvec", result);
  if (options.index_words > 0) measure_opening(folder / "index.xvec", options.index_words, result);
  if (options.search_words > 0) measure_search(folder / "search.xvec", options, result);
  return result;
}

nlohmann::ordered_json to_json(const IoBenchResult& result) {
  nlohmann::ordered_json tasks = nlohmann::ordered_json::array();
  for (const IoBenchTask& task : result.tasks) {
    nlohmann::ordered_json references = nlohmann::ordered_json::array();
    for (const IoBenchReference& reference : task.references)
      references.push_back({{"name", reference.name},
                            {"cpu_s", reference.cpu_s},
                            {"ratio", reference.cpu_s / task.cpu_s}});
    tasks.push_back({{"name", task.name},
                     {"megabytes", task.megabytes},
                     {"cpu_s", task.cpu_s},
                     {"wall_s", task.wall_s},
                     {"wall_s_two_threads", task.wall_s_two},
                     {"references", references}});
  }
  return {{"kind", "bench-io"},
          {"vectors", result.random ? "random vectors" : "given vectors"},
          {"words", result.words},
          {"dimension", result.dimension},
          {"tasks", tasks},
          {"convert",
           {{"extra_mb", result.convert_peak_mb},
            {"output_mb", result.convert_output_mb},
            {"ratio", result.convert_peak_mb / result.convert_output_mb}}},
          {"open", {{"words", result.index_words}, {"ms", result.open_ms}}},
          {"neighbors", {{"words", result.search_words}, {"ms", result.search_ms}}}};
}

void print(const IoBenchResult& result) {
  fmt::print("{} words of {} dimensions, {}\n", result.words, result.dimension,
             result.random ? "random" : "from a file");
  fmt::print("  {:<22} {:>8} {:>8} {:>8} {:>12}\n", "", "MB", "CPU s", "wall s", "two threads");
  for (const IoBenchTask& task : result.tasks) {
    fmt::print("  {:<22} {:>8.0f} {:>8.3f} {:>8.3f} {:>8.3f} {:.2f}x\n", task.name, task.megabytes,
               task.cpu_s, task.wall_s, task.wall_s_two, task.wall_s / task.wall_s_two);
    for (const IoBenchReference& reference : task.references)
      fmt::print("    {:<20} {:>8} {:>8.3f}   takes {:.2f} x as long\n", reference.name, "",
                 reference.cpu_s, reference.cpu_s / task.cpu_s);
  }
  fmt::print("text to store: {:.0f} MB of memory for an output of {:.0f} MB, {:.2f} x\n",
             result.convert_peak_mb, result.convert_output_mb,
             result.convert_peak_mb / result.convert_output_mb);
  if (result.index_words > 0)
    fmt::print("a store of {} words opens in {:.2f} ms of one core\n", result.index_words,
               result.open_ms);
  if (result.search_words > 0)
    fmt::print("10 neighbours in an int8 store of {} words: {:.1f} ms of one core\n",
               result.search_words, result.search_ms);
}

}  // namespace xalign::bench
