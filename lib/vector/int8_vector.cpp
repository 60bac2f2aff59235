#include "vector/int8_vector.hpp"

#include <algorithm>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace archaeologist {

std::vector<std::int8_t> quantize(std::span<const float> values) {
    std::vector<std::int8_t> result(values.size(), 0);
    double largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(static_cast<double>(value)));
    if (largest == 0) return result;
    const double scale = 127 / largest;
    std::transform(values.begin(), values.end(), result.begin(), [&](float value) {
        return static_cast<std::int8_t>(std::lround(static_cast<double>(value) * scale));
    });
    return result;
}

std::int32_t dot_scalar(std::span<const std::int8_t> a, std::span<const std::int8_t> b) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<std::int32_t>(a[i]) * static_cast<std::int32_t>(b[i]);
    return sum;
}

double cosine(std::int32_t product, std::int32_t a_squares, std::int32_t b_squares) {
    return static_cast<double>(product) / std::sqrt(static_cast<double>(a_squares) * static_cast<double>(b_squares));
}

#if defined(__x86_64__)

bool has_avx2() {
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}

// |a|·(b with a's sign): maddubs multiplies unsigned by signed. Two products fit 16 bits because no component is -128.
__attribute__((target("avx2"))) std::int32_t dot_avx2(std::span<const std::int8_t> a, std::span<const std::int8_t> b) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sums = _mm256_setzero_si256();
    std::size_t at = 0;
    for (; at + 32 <= a.size(); at += 32) {
        const __m256i left = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a.data() + at));
        const __m256i right = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b.data() + at));
        const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(left), _mm256_sign_epi8(right, left));
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, ones));
    }
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return _mm_cvtsi128_si32(half) + dot_scalar(a.subspan(at), b.subspan(at));
}

#else

bool has_avx2() { return false; }
std::int32_t dot_avx2(std::span<const std::int8_t> a, std::span<const std::int8_t> b) { return dot_scalar(a, b); }

#endif

std::int32_t dot(std::span<const std::int8_t> a, std::span<const std::int8_t> b) {
    return has_avx2() ? dot_avx2(a, b) : dot_scalar(a, b);
}

}  // namespace archaeologist
