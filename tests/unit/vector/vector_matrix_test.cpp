#include "vector/vector_matrix.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

#include "vector/int8_vector.hpp"

using namespace archaeologist;

namespace {

using Vector = std::vector<std::int8_t>;

// Most components of a sparse one are zero.
enum class Filling { dense, sparse };
Vector random_vector(std::size_t size, Filling filling, std::mt19937_64& rng) {
    std::uniform_int_distribution<int> component(-127, 127);
    Vector vector(size);
    for (auto& x : vector) {
        x = filling == Filling::dense || rng() % 16 == 0 ? static_cast<std::int8_t>(component(rng)) : std::int8_t{0};
    }
    return vector;
}

void compare(const VectorMatrix& matrix, const std::vector<Vector>& rows, const Vector& query) {
    const MatrixQuery asked(query);
    CHECK(asked.squares() == dot(query, query));
    std::array<std::int32_t, VectorMatrix::tile_rows> products{};
    std::array<std::int32_t, VectorMatrix::tile_rows> scalar{};
    for (std::size_t tile = 0; tile < matrix.tiles(); ++tile) {
        matrix.multiply(asked, tile, products);
        matrix.multiply_scalar(asked, tile, scalar);
        CHECK(products == scalar);
        for (std::size_t i = 0; i < products.size(); ++i) {
            const std::size_t row = tile * products.size() + i;
            CHECK(products[i] == (row < rows.size() ? dot(query, rows[row]) : 0));
        }
    }
}

}  // namespace

TEST_CASE("products of a query with a matrix are those with each of its vectors, whatever their size") {
    std::mt19937_64 rng(1);
    for (const std::size_t size : {1, 3, 4, 7, 8, 33, 384}) {
        VectorMatrix matrix(size);
        std::vector<Vector> rows(300);
        for (auto& row : rows) {
            row = rng() % 10 == 0 ? Vector(size, 0) : random_vector(size, Filling::dense, rng);
            const bool is_zero = std::all_of(row.begin(), row.end(), [](std::int8_t x) { return x == 0; });
            matrix.add(is_zero ? Vector() : row);
        }
        CHECK(matrix.size() == rows.size());
        compare(matrix, rows, random_vector(size, Filling::dense, rng));
        compare(matrix, rows, random_vector(size, Filling::sparse, rng));
        compare(matrix, rows, Vector(size, 0));
    }
}

TEST_CASE("products at the extremes do not overflow") {
    const Vector high(384, 127);
    const Vector low(384, -127);
    VectorMatrix matrix(384);
    matrix.add(high);
    matrix.add(low);
    compare(matrix, {high, low}, high);
    compare(matrix, {high, low}, low);
}
