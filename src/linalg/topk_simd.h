#pragma once

// The loops that all instruction sets share, written once with the compiler's vector types. Each
// variant includes them in a file with compiler flags of its own. Nothing here may be visible to
// the linker, and nothing of the standard library may be used: a function compiled for a newer
// processor must never be picked for an older one.
#include "linalg/topk_kernels.h"

namespace xalign {
namespace {

/// Vectors of `kBytes` bytes. An instruction set derives from it and adds
/// `mask(w, floor)`, the bits of the lanes where w is not less than floor,
/// `load_floats(from, count)` and `load_part(from, count)`, a whole and a half vector of `count`
/// floats and zeros, and `widen(floats)`.
template <int kBytes>
struct Vectors {
  static constexpr int kFloats = kBytes / 4;
  static constexpr int kDoubles = kBytes / 8;
  typedef float Float __attribute__((vector_size(kBytes)));
  typedef std::int32_t Int __attribute__((vector_size(kBytes)));
  typedef double Double __attribute__((vector_size(kBytes)));
  typedef std::int8_t Bytes __attribute__((vector_size(kBytes / 4)));
  typedef float HalfFloat __attribute__((vector_size(kBytes / 2)));
};

typedef double Pair __attribute__((vector_size(16)));
typedef double Quad __attribute__((vector_size(32)));
typedef double Octet __attribute__((vector_size(64)));

template <class V, class T>
inline V load(const T* from) {
  V v;
  __builtin_memcpy(&v, from, sizeof(V));
  return v;
}

template <class V, class T>
inline void store(const V& v, T* to) {
  __builtin_memcpy(to, &v, sizeof(V));
}

/// x in all lanes. Written as 0 + x it would cost an addition, which turns -0 into 0.
template <class V>
inline V broadcast(float x) {
  return x - V{};
}

template <class Isa>
inline typename Isa::Double widen(const float* from) {
  return Isa::widen(load<typename Isa::HalfFloat>(from));
}

/// The first `count` numbers and zeros.
template <class Isa>
inline typename Isa::Double widen_part(const float* from, int count) {
  return Isa::widen(Isa::load_part(from, count));
}

inline double add_lanes(Pair v) {
  return v[0] + v[1];
}
inline double add_lanes(Quad v) {
  return add_lanes(__builtin_shufflevector(v, v, 0, 1) + __builtin_shufflevector(v, v, 2, 3));
}
inline double add_lanes(Octet v) {
  return add_lanes(__builtin_shufflevector(v, v, 0, 1, 2, 3) +
                   __builtin_shufflevector(v, v, 4, 5, 6, 7));
}

// Every sum has 32 lanes, lane l taking the elements l, l + 32, ..., which are then added pairwise
// from far to near. Products of two floats are exact in double, so that fused and separate
// multiply-adds agree, and adding the zeros of the padding changes nothing.
template <class Isa>
double dot(const float* a, const float* b, std::ptrdiff_t dimension) {
  using Double = typename Isa::Double;
  constexpr int kWidth = Isa::kDoubles;
  constexpr int kSums = 32 / kWidth;
  Double sum[kSums] = {};
  std::ptrdiff_t i = 0;
  for (; i + 32 <= dimension; i += 32)
    for (int s = 0; s < kSums; ++s)
      sum[s] += widen<Isa>(a + i + s * kWidth) * widen<Isa>(b + i + s * kWidth);
  for (int s = 0; s < kSums && i < dimension; ++s, i += kWidth) {
    const int left = dimension - i < kWidth ? static_cast<int>(dimension - i) : kWidth;
    sum[s] += widen_part<Isa>(a + i, left) * widen_part<Isa>(b + i, left);
  }
  for (int half = kSums / 2; half > 0; half /= 2)
    for (int s = 0; s < half; ++s) sum[s] += sum[s + half];
  return add_lanes(sum[0]);
}

template <class V>
inline float add_floats(V v) {
  constexpr int kFloats = sizeof(V) / sizeof(float);
  if constexpr (kFloats == 16)
    return add_floats(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                      __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
  else if constexpr (kFloats == 8)
    return add_floats(__builtin_shufflevector(v, v, 0, 1, 2, 3) +
                      __builtin_shufflevector(v, v, 4, 5, 6, 7));
  else
    return (v[0] + v[2]) + (v[1] + v[3]);
}

template <class Isa>
float dot_float(const float* a, const float* b, std::ptrdiff_t dimension) {
  using Float = typename Isa::Float;
  constexpr int kSums = 4, kWidth = Isa::kFloats;
  Float sum[kSums] = {};
  std::ptrdiff_t i = 0;
  for (; i + kSums * kWidth <= dimension; i += kSums * kWidth)
    for (int s = 0; s < kSums; ++s)
      sum[s] += load<Float>(a + i + s * kWidth) * load<Float>(b + i + s * kWidth);
  for (int s = 0; s < kSums && i < dimension; ++s, i += kWidth) {
    const int left = dimension - i < kWidth ? static_cast<int>(dimension - i) : kWidth;
    sum[s] += Isa::load_floats(a + i, left) * Isa::load_floats(b + i, left);
  }
  return add_floats((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/// Listed rows lie anywhere: they are asked for before they are needed.
inline void fetch_ahead(const RowList& list, std::ptrdiff_t i) {
  constexpr std::ptrdiff_t kAhead = 4, kLine = 16;
  if (i + kAhead >= list.count) return;
  const float* row = list.matrix + list.listed[i + kAhead] * list.stride;
  for (std::ptrdiff_t j = 0; j < list.dimension; j += kLine) __builtin_prefetch(row + j);
}

template <class Isa>
void dot_rows(const float* row, const RowList& list, float* products) {
  for (std::ptrdiff_t i = 0; i < list.count; ++i) {
    fetch_ahead(list, i);
    products[i] = dot_float<Isa>(row, list.matrix + list.listed[i] * list.stride, list.dimension);
  }
}

/// kSums vectors of columns from `begin` on, the sums of which stay in registers.
template <class Isa, int kSums>
inline void add_slice(const float* factors, const RowList& list, std::ptrdiff_t begin, float* sum) {
  using Float = typename Isa::Float;
  constexpr int kWidth = Isa::kFloats;
  Float sums[kSums];
  for (int s = 0; s < kSums; ++s) sums[s] = load<Float>(sum + begin + s * kWidth);
  for (std::ptrdiff_t i = 0; i < list.count; ++i) {
    if (begin == 0) fetch_ahead(list, i);
    const float* from = list.matrix + list.listed[i] * list.stride + begin;
    for (int s = 0; s < kSums; ++s) sums[s] += factors[i] * load<Float>(from + s * kWidth);
  }
  for (int s = 0; s < kSums; ++s) store(sums[s], sum + begin + s * kWidth);
}

template <class Isa>
void add_rows(const float* factors, const RowList& list, float* sum) {
  constexpr int kWidth = Isa::kFloats;
  std::ptrdiff_t begin = 0;
  for (; begin + 8 * kWidth <= list.dimension; begin += 8 * kWidth)
    add_slice<Isa, 8>(factors, list, begin, sum);
  for (; begin + kWidth <= list.dimension; begin += kWidth)
    add_slice<Isa, 1>(factors, list, begin, sum);
  for (std::ptrdiff_t i = 0; i < list.count && begin < list.dimension; ++i) {
    const float* from = list.matrix + list.listed[i] * list.stride;
    for (std::ptrdiff_t j = begin; j < list.dimension; ++j) sum[j] += factors[i] * from[j];
  }
}

template <class Isa>
inline float largest(const float* row, std::ptrdiff_t dimension) {
  using Float = typename Isa::Float;
  Float most = {};
  std::ptrdiff_t i = 0;
  for (; i + Isa::kFloats <= dimension; i += Isa::kFloats) {
    const Float x = load<Float>(row + i);
    const Float size = x < 0 ? -x : x;
    most = size > most ? size : most;
  }
  float lanes[Isa::kFloats];
  store(most, lanes);
  float result = 0;
  for (const float lane : lanes) result = lane > result ? lane : result;
  for (; i < dimension; ++i) {
    const float size = row[i] < 0 ? -row[i] : row[i];
    result = size > result ? size : result;
  }
  return result;
}

template <class Isa>
QuantizedRow quantize(const float* row, std::ptrdiff_t dimension, int levels, std::int8_t* values) {
  using Float = typename Isa::Float;
  using Int = typename Isa::Int;
  using Bytes = typename Isa::Bytes;
  constexpr int kWidth = Isa::kFloats;
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
  QuantizedRow result;
  const float most = largest<Isa>(row, dimension);
  result.scale = most / static_cast<float>(levels);
  const float inverse = static_cast<float>(levels) / most;
  // Rows of (almost) zeros: everything is an error, and it is tiny.
  if (!(most > 1e-30f)) {
    result.scale = 0;
    for (std::ptrdiff_t i = 0; i < dimension; ++i) values[i] = 0;
    double sum = 0;
    for (std::ptrdiff_t i = 0; i < dimension; ++i)
      sum += static_cast<double>(row[i]) * static_cast<double>(row[i]);
    result.error = static_cast<float>(__builtin_sqrt(sum) * 1.000001);
    return result;
  }
  Float squares = {};
  for (std::ptrdiff_t i = 0; i < dimension; i += kWidth) {
    float last[kWidth] = {};
    const float* from = row + i;
    const std::ptrdiff_t left = dimension - i;
    if (left < kWidth) {
      for (std::ptrdiff_t j = 0; j < left; ++j) last[j] = from[j];
      from = last;
    }
    // Lengths are measured in steps: they cannot overflow, nor get lost, whatever the row's size.
    const Float steps = load<Float>(from) * inverse;
    const Float whole = (steps + kRound) - kRound;
    const Float error = steps - whole;
    squares += error * error;
    const Bytes numbers = __builtin_convertvector(__builtin_convertvector(whole, Int), Bytes);
    if (left >= kWidth)
      store(numbers, values + i);
    else
      for (int j = 0; j < left; ++j) values[i + j] = numbers[j];
  }
  float lanes[kWidth];
  store(squares, lanes);
  double sum = 0;
  for (const float lane : lanes) sum += static_cast<double>(lane);
  // The caller adds what float32 rounds away, in proportion to the row's length.
  result.error = static_cast<float>(__builtin_sqrt(sum) * static_cast<double>(result.scale));
  return result;
}

template <class Isa, class T>
std::uint64_t scan(const T* scores, std::ptrdiff_t stride, int count, const ScanSide& rows,
                   const ScanSide& columns, std::uint64_t* masks) {
  using Float = typename Isa::Float;
  typedef T Raw __attribute__((vector_size(sizeof(Float))));
  constexpr int kVectors = kSegmentColumns / Isa::kFloats;
  Float scale[kVectors], offset[kVectors], floor[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    scale[v] = load<Float>(columns.scale + v * Isa::kFloats);
    offset[v] = load<Float>(columns.offset + v * Isa::kFloats);
    floor[v] = load<Float>(columns.floor + v * Isa::kFloats);
  }
  std::uint64_t found = 0;
  for (int r = 0; r < count; ++r) {
    const Float row_floor = broadcast<Float>(rows.floor[r]);
    std::uint64_t bits = 0;
    for (int v = 0; v < kVectors; ++v) {
      const Float score =
          __builtin_convertvector(load<Raw>(scores + r * stride + v * Isa::kFloats), Float);
      const Float bound = score * scale[v] * rows.scale[r] + (offset[v] + rows.offset[r]);
      const Float lower = floor[v] < row_floor ? floor[v] : row_floor;
      bits |= static_cast<std::uint64_t>(Isa::mask(bound, lower)) << (v * Isa::kFloats);
    }
    masks[r] = bits;
    found |= static_cast<std::uint64_t>(bits != 0) << r;
  }
  return found;
}

template <class Isa>
void raise(const std::int32_t* scores, float row_scale, float row_offset, const float* column_scale,
           const float* column_offset, std::ptrdiff_t count, float* best) {
  using Float = typename Isa::Float;
  for (std::ptrdiff_t c = 0; c < count; c += Isa::kFloats) {
    const Float score = __builtin_convertvector(load<typename Isa::Int>(scores + c), Float);
    const Float bound = score * load<Float>(column_scale + c) * row_scale +
                        (load<Float>(column_offset + c) + row_offset);
    const Float before = load<Float>(best + c);
    store(Float(before < bound ? bound : before), best + c);
  }
}

/// The product with 4-byte steps in depth: `Isa::dot4(sums, row, columns)` adds to each 32-bit lane
/// the product of four bytes of the row (the same in all lanes) and four of its column.
template <class Isa, int kRows, int kVectors>
inline void multiply_block(const std::int8_t* rows, std::ptrdiff_t depth,
                           const std::int8_t* columns, const std::int32_t* start,
                           std::int32_t* scores, std::ptrdiff_t stride) {
  using Int = typename Isa::Int;
  constexpr int kVectorsPerPanel = kPanelColumns / Isa::kFloats;
  const std::int8_t* vector[kVectors];
  Int sum[kRows][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    vector[v] = columns + (v / kVectorsPerPanel) * depth * kPanelColumns +
                (v % kVectorsPerPanel) * static_cast<std::ptrdiff_t>(sizeof(Int));
    for (int r = 0; r < kRows; ++r) sum[r][v] = load<Int>(start + v * Isa::kFloats);
  }
  for (std::ptrdiff_t k = 0; k < depth; k += 4) {
    Int column[kVectors];
    for (int v = 0; v < kVectors; ++v) column[v] = load<Int>(vector[v] + k * kPanelColumns);
    for (int r = 0; r < kRows; ++r) {
      std::int32_t four;
      __builtin_memcpy(&four, rows + r * depth + k, 4);
      const Int row = Int{} + four;
      for (int v = 0; v < kVectors; ++v) Isa::dot4(sum[r][v], row, column[v]);
    }
  }
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) store(sum[r][v], scores + r * stride + v * Isa::kFloats);
}

/// kRows x kVectors registers of sums at a time; kRows divides kStripRows, and kVectors the vectors
/// of a segment.
template <class Isa, int kRows, int kVectors>
void multiply(const std::int8_t* rows, std::ptrdiff_t depth, const std::int8_t* columns,
              const std::int32_t* start, std::ptrdiff_t panels, std::int32_t* scores,
              std::ptrdiff_t stride) {
  static_assert(kStripRows % kRows == 0 && kVectors * Isa::kFloats % kPanelColumns == 0);
  constexpr int kPanels = kVectors * Isa::kFloats / kPanelColumns;
  for (std::ptrdiff_t p = 0; p < panels; p += kPanels)
    for (int r = 0; r < kStripRows; r += kRows)
      multiply_block<Isa, kRows, kVectors>(
          rows + r * depth, depth, columns + p * depth * kPanelColumns, start + p * kPanelColumns,
          scores + r * stride + p * kPanelColumns, stride);
}

template <class Isa, int kRows, int kVectors>
inline void multiply_float_block(const float* rows, std::ptrdiff_t row_stride, std::ptrdiff_t depth,
                                 const float* columns, float* scores, std::ptrdiff_t stride) {
  using Float = typename Isa::Float;
  constexpr int kVectorsPerPanel = kPanelColumns / Isa::kFloats;
  const float* vector[kVectors];
  Float sum[kRows][kVectors] = {};
  for (int v = 0; v < kVectors; ++v)
    vector[v] = columns + (v / kVectorsPerPanel) * depth * kPanelColumns +
                (v % kVectorsPerPanel) * Isa::kFloats;
  for (std::ptrdiff_t k = 0; k < depth; ++k) {
    Float column[kVectors];
    for (int v = 0; v < kVectors; ++v) column[v] = load<Float>(vector[v] + k * kPanelColumns);
    for (int r = 0; r < kRows; ++r) {
      const Float row = broadcast<Float>(rows[r * row_stride + k]);
      for (int v = 0; v < kVectors; ++v) sum[r][v] += row * column[v];
    }
  }
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) store(sum[r][v], scores + r * stride + v * Isa::kFloats);
}

/// kRows x kVectors registers of sums at a time, as in `multiply`.
template <class Isa, int kRows, int kVectors>
void multiply_float(const float* rows, std::ptrdiff_t row_stride, std::ptrdiff_t depth,
                    const float* columns, std::ptrdiff_t panels, float* scores,
                    std::ptrdiff_t stride) {
  static_assert(kFloatStripRows % kRows == 0 && kVectors * Isa::kFloats % kPanelColumns == 0);
  constexpr int kPanels = kVectors * Isa::kFloats / kPanelColumns;
  for (std::ptrdiff_t p = 0; p < panels; p += kPanels)
    for (int r = 0; r < kFloatStripRows; r += kRows)
      multiply_float_block<Isa, kRows, kVectors>(rows + r * row_stride, row_stride, depth,
                                                 columns + p * depth * kPanelColumns,
                                                 scores + r * stride + p * kPanelColumns, stride);
}

}  // namespace
}  // namespace xalign
