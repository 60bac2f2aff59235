// Vectors as stored: eight bits a dimension. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace archaeologist {

inline constexpr std::size_t dimension_max = 65'536;  // dot() of more could overflow

// Scaled so that the largest component is ±127. The scale is not kept: cosine does not need it. Zero stays zero.
[[nodiscard]] std::vector<std::int8_t> quantize(std::span<const float> values);

// Of two vectors of equal size with components in -127 to 127. With AVX2 where the machine has it.
[[nodiscard]] std::int32_t dot(std::span<const std::int8_t> a, std::span<const std::int8_t> b);

// What dot() chooses from; the results are equal. dot_avx2 only where has_avx2() is true.
[[nodiscard]] bool has_avx2();
[[nodiscard]] std::int32_t dot_scalar(std::span<const std::int8_t> a, std::span<const std::int8_t> b);
[[nodiscard]] std::int32_t dot_avx2(std::span<const std::int8_t> a, std::span<const std::int8_t> b);

// From a dot product and both vectors' products with themselves, which must not be 0.
[[nodiscard]] double cosine(std::int32_t product, std::int32_t a_squares, std::int32_t b_squares);

}  // namespace archaeologist
