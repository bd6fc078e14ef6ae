#include "references.h"

#include "timing.h"

#include <xalign/parallel.h>

#include <cstdio>
#include <cstdlib>
#ifdef XALIGN_BENCH_OPENBLAS
#include <cblas.h>
#endif
#ifdef XALIGN_BENCH_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif
#ifdef XALIGN_BENCH_FAISS
#include <faiss/IndexFlat.h>
#endif

namespace xalign::bench {
namespace {

// A block of rows times all columns is what fits: the whole product would take gigabytes.
constexpr Eigen::Index kProductBytes = Eigen::Index{256} << 20;

/// Calls `product(first row, count, out)` for blocks of rows.
template <class Product>
double time_blocks(Eigen::Index rows, Eigen::Index columns, const Product& product) {
  const Eigen::Index block =
      std::clamp<Eigen::Index>(kProductBytes / 4 / columns, 1, std::max<Eigen::Index>(rows, 1));
  std::vector<float> out(static_cast<std::size_t>(block * columns));
  const double before = cpu_seconds();
  for (Eigen::Index i = 0; i < rows; i += block) product(i, std::min(block, rows - i), out.data());
  return cpu_seconds() - before;
}

#ifdef XALIGN_BENCH_OPENBLAS
double openblas(const Matrix& source, const Matrix& target, Eigen::Index rows) {
  openblas_set_num_threads(1);
  const auto m = static_cast<blasint>(target.rows()), d = static_cast<blasint>(target.cols());
  return time_blocks(rows, m, [&](Eigen::Index begin, Eigen::Index count, float* out) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<blasint>(count), m, d, 1,
                source.row(begin).data(), d, target.data(), d, 0, out, m);
  });
}
#endif

#ifdef XALIGN_BENCH_ONEDNN
double onednn(const Matrix& source, const Matrix& target, Eigen::Index rows) {
  const Eigen::Index m = target.rows(), d = target.cols();
  return time_blocks(rows, m, [&](Eigen::Index begin, Eigen::Index count, float* out) {
    dnnl_sgemm('N', 'T', count, m, d, 1, source.row(begin).data(), d, target.data(), d, 0, out, m);
  });
}
#endif

#ifdef XALIGN_BENCH_FAISS
double faiss_flat(const Matrix& source, const Matrix& target, int k, Eigen::Index rows) {
  const double before = cpu_seconds();
  // The other direction in proportion: as many pairs.
  const Eigen::Index columns = std::max<Eigen::Index>(1, target.rows() * rows / source.rows());
  for (const auto& [queries, count, base] :
       {std::tuple{&source, rows, &target}, std::tuple{&target, columns, &source}}) {
    faiss::IndexFlatIP index(base->cols());
    index.add(base->rows(), base->data());
    std::vector<float> scores(static_cast<std::size_t>(count * k));
    std::vector<faiss::Index::idx_t> labels(scores.size());
    index.search(count, queries->data(), k, scores.data(), labels.data());
  }
  return cpu_seconds() - before;
}
#endif

constexpr const char* kNumpyScript =
    "import sys, time, numpy as np; n, m, d, k = map(int, sys.argv[1:]); "
    "r = np.random.default_rng(1); x = r.standard_normal((n, d), dtype=np.float32); "
    "z = r.standard_normal((m, d), dtype=np.float32); b = 500; t = time.process_time(); "
    "[np.argpartition(-(x[i:i+b] @ z.T), k, axis=1)[:, :k] for i in range(0, n, b)]; "
    "print(2 * (time.process_time() - t))";

/// Random rows: the time hardly depends on them. Negative without numpy.
double numpy(Eigen::Index rows, Eigen::Index columns, Eigen::Index dimension, int k) {
  const std::string command =
      "export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1; for p in python3 /usr/bin/python3; do $p "
      "-c '" +
      std::string(kNumpyScript) + "' " + std::to_string(rows) + " " + std::to_string(columns) +
      " " + std::to_string(dimension) + " " + std::to_string(k) + " 2>/dev/null && break; done";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return -1;
  double seconds = -1;
  if (std::fscanf(pipe, "%lf", &seconds) != 1) seconds = -1;
  pclose(pipe);
  return seconds;
}

}  // namespace

std::vector<Reference> make_references(const Matrix& source, const Matrix& target, int k) {
  std::vector<Reference> references;
#ifdef XALIGN_BENCH_OPENBLAS
  references.push_back(
      {"openblas", true, [&](Eigen::Index rows) { return openblas(source, target, rows); }});
#endif
#ifdef XALIGN_BENCH_ONEDNN
  references.push_back(
      {"onednn", true, [&](Eigen::Index rows) { return onednn(source, target, rows); }});
#endif
#ifdef XALIGN_BENCH_FAISS
  references.push_back({"faiss IndexFlatIP", false,
                        [&, k](Eigen::Index rows) { return faiss_flat(source, target, k, rows); }});
#endif
  references.push_back({"numpy argpartition", false, [&, k](Eigen::Index rows) {
                          return numpy(rows, target.rows(), target.cols(), k);
                        }});
  return references;
}

}  // namespace xalign::bench
