#include "io/number_type.h"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace xalign {
namespace {

template <class Bits>
Bits bits_at(const char* bytes, bool swap) {
  std::array<char, sizeof(Bits)> copy;
  std::memcpy(copy.data(), bytes, sizeof(Bits));
  if (swap) std::reverse(copy.begin(), copy.end());
  return std::bit_cast<Bits>(copy);
}

float f16_value(std::uint16_t bits) {
  return Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(bits));
}

float bf16_value(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

template <class Value>
void read_each(std::size_t stride, std::size_t count, const char* bytes, float* numbers,
               const Value& value) {
  for (std::size_t i = 0; i < count; ++i) numbers[i] = value(bytes + i * stride);
}

}  // namespace

std::size_t size_of(NumberType type) {
  switch (type) {
    case NumberType::f16:
    case NumberType::bf16:
      return 2;
    case NumberType::f32:
      return 4;
    case NumberType::f64:
      break;
  }
  return 8;
}

void read_numbers(NumberType type, bool swap, const char* bytes, std::size_t stride,
                  std::size_t count, float* numbers) {
  if (type == NumberType::f32 && !swap && stride == sizeof(float)) {
    std::memcpy(numbers, bytes, count * sizeof(float));
    return;
  }
  const auto read = [&](const auto& value) { read_each(stride, count, bytes, numbers, value); };
  switch (type) {
    case NumberType::f16:
      return read([&](const char* at) { return f16_value(bits_at<std::uint16_t>(at, swap)); });
    case NumberType::bf16:
      return read([&](const char* at) { return bf16_value(bits_at<std::uint16_t>(at, swap)); });
    case NumberType::f32:
      return read([&](const char* at) { return bits_at<float>(at, swap); });
    case NumberType::f64:
      return read([&](const char* at) { return static_cast<float>(bits_at<double>(at, swap)); });
  }
}

double read_number(NumberType type, bool swap, const char* bytes) {
  if (type == NumberType::f64) return bits_at<double>(bytes, swap);
  float number = 0;
  read_numbers(type, swap, bytes, size_of(type), 1, &number);
  return number;
}

void write_numbers(NumberType type, const float* numbers, std::size_t count, char* bytes) {
  const auto write = [&](const auto& convert) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = convert(numbers[i]);
      std::memcpy(bytes + i * sizeof value, &value, sizeof value);
    }
  };
  switch (type) {
    case NumberType::f16:
      return write([](float x) { return static_cast<Eigen::half>(x).x; });
    case NumberType::bf16:
      return write([](float x) { return static_cast<Eigen::bfloat16>(x).value; });
    case NumberType::f32:
      std::memcpy(bytes, numbers, count * sizeof(float));
      return;
    case NumberType::f64:
      return write([](float x) { return static_cast<double>(x); });
  }
}

}  // namespace xalign
