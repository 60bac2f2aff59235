#include "vector/vector_matrix.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "vector/int8_vector.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace archaeologist {
namespace {

constexpr std::size_t group_size = VectorMatrix::group_size;
constexpr std::size_t group_bytes = VectorMatrix::tile_rows * group_size;  // of a tile

}  // namespace

MatrixQuery::MatrixQuery(std::span<const std::int8_t> vector) : squares_(dot(vector, vector)) {
    for (std::size_t at = 0; at < vector.size(); at += group_size) {
        std::array<std::int8_t, group_size> values{};
        const auto part = vector.subspan(at, std::min(group_size, vector.size() - at));
        std::copy(part.begin(), part.end(), values.begin());
        std::array<std::int8_t, group_size> magnitudes{};
        std::transform(values.begin(), values.end(), magnitudes.begin(),
                       [](std::int8_t value) { return static_cast<std::int8_t>(value < 0 ? -value : value); });
        Group group{at / group_size, 0, 0};
        std::memcpy(&group.values, values.data(), group_size);
        std::memcpy(&group.magnitudes, magnitudes.data(), group_size);
        if (group.values != 0) groups_.push_back(group);
    }
}

void VectorMatrix::add(std::span<const std::int8_t> vector) {
    const std::size_t row = rows_ % tile_rows;
    if (row == 0) tiles_.push_back(std::make_unique<std::int8_t[]>(groups_ * group_bytes));
    ++rows_;
    for (std::size_t at = 0; at < vector.size(); at += group_size) {
        std::int8_t* target = tiles_.back().get() + at / group_size * group_bytes + row * group_size;
        std::memcpy(target, vector.data() + at, std::min(group_size, vector.size() - at));
    }
}

void VectorMatrix::multiply_scalar(const MatrixQuery& query, std::size_t tile, Products products) const {
    std::fill(products.begin(), products.end(), 0);
    for (const MatrixQuery::Group& group : query.groups()) {
        std::array<std::int8_t, group_size> values{};
        std::memcpy(values.data(), &group.values, group_size);
        const std::int8_t* row = tiles_[tile].get() + group.index * group_bytes;
        for (std::int32_t& product : products) {
            product += row[0] * values[0] + row[1] * values[1] + row[2] * values[2] + row[3] * values[3];
            row += group_size;
        }
    }
}

#if defined(__x86_64__)

// |query|·(row with the query's sign): maddubs multiplies unsigned by signed. Two products fit 16 bits because no
// component is -128.
__attribute__((target("avx2"))) inline __m256i products_of_8(const __m256i* rows, __m256i values, __m256i magnitudes) {
    const __m256i pairs = _mm256_maddubs_epi16(magnitudes, _mm256_sign_epi8(_mm256_loadu_si256(rows), values));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// The sums of 32 rows stay in registers.
__attribute__((target("avx2"))) void VectorMatrix::multiply_avx2(const MatrixQuery& query, std::size_t tile,
                                                                 Products products) const {
    for (std::size_t first = 0; first < tile_rows; first += 32) {
        __m256i sums_0 = _mm256_setzero_si256();
        __m256i sums_1 = sums_0;
        __m256i sums_2 = sums_0;
        __m256i sums_3 = sums_0;
        const std::int8_t* rows = tiles_[tile].get() + first * group_size;
        for (const MatrixQuery::Group& group : query.groups()) {
            const __m256i values = _mm256_set1_epi32(static_cast<int>(group.values));
            const __m256i magnitudes = _mm256_set1_epi32(static_cast<int>(group.magnitudes));
            const auto* at = reinterpret_cast<const __m256i*>(rows + group.index * group_bytes);
            sums_0 = _mm256_add_epi32(sums_0, products_of_8(at, values, magnitudes));
            sums_1 = _mm256_add_epi32(sums_1, products_of_8(at + 1, values, magnitudes));
            sums_2 = _mm256_add_epi32(sums_2, products_of_8(at + 2, values, magnitudes));
            sums_3 = _mm256_add_epi32(sums_3, products_of_8(at + 3, values, magnitudes));
        }
        auto* target = reinterpret_cast<__m256i*>(products.data() + first);
        _mm256_storeu_si256(target, sums_0);
        _mm256_storeu_si256(target + 1, sums_1);
        _mm256_storeu_si256(target + 2, sums_2);
        _mm256_storeu_si256(target + 3, sums_3);
    }
}

#else

void VectorMatrix::multiply_avx2(const MatrixQuery& query, std::size_t tile, Products products) const {
    multiply_scalar(query, tile, products);
}

#endif

void VectorMatrix::multiply(const MatrixQuery& query, std::size_t tile, Products products) const {
    return has_avx2() ? multiply_avx2(query, tile, products) : multiply_scalar(query, tile, products);
}

}  // namespace archaeologist
