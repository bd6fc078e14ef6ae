#pragma once

#include <cstddef>
#include <cstdint>

namespace xalign {

/// Types of numbers that matrices in files are made of.
enum class NumberType { f16, bf16, f32, f64 };

/// Bytes of one.
std::size_t size_of(NumberType type);

/// Reads `count` numbers as 32-bit floats, the nearest where they are wider.
/// @param stride  bytes from one to the next; they need not be aligned
/// @param swap    they are big-endian
void read_numbers(NumberType type, bool swap, const char* bytes, std::size_t stride,
                  std::size_t count, float* numbers);

/// A number as it is.
double read_number(NumberType type, bool swap, const char* bytes);

/// The same numbers as `count` of that type, little-endian. What does not fit becomes infinite.
void write_numbers(NumberType type, const float* numbers, std::size_t count, char* bytes);

}  // namespace xalign
