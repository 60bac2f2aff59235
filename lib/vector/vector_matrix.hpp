// Vectors of eight bits a dimension, laid out for products of one query with all of them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace archaeologist {

// A query's vector as far as it is not zero: what the built-in embedder makes of a few words is zero nearly everywhere.
class MatrixQuery {
public:
    // Components in -127 to 127.
    explicit MatrixQuery(std::span<const std::int8_t> vector);

    // Four components that follow each other, of which one at least is not zero.
    struct Group {
        std::size_t index;  // of all groups
        std::uint32_t values;
        std::uint32_t magnitudes;
    };
    [[nodiscard]] std::span<const Group> groups() const { return groups_; }
    // Its product with itself.
    [[nodiscard]] std::int32_t squares() const { return squares_; }

private:
    std::vector<Group> groups_;
    std::int32_t squares_;
};

// Rows in tiles. Within a tile the first four components of all its rows stand together, then the next four, so that a
// query reads only where it is not zero itself.
class VectorMatrix {
public:
    static constexpr std::size_t tile_rows = 256;
    using Products = std::span<std::int32_t, tile_rows>;

    explicit VectorMatrix(std::size_t dimension) : groups_((dimension + group_size - 1) / group_size) {}

    // The next row; no bytes: a zero vector.
    void add(std::span<const std::int8_t> vector);
    [[nodiscard]] std::size_t size() const { return rows_; }
    [[nodiscard]] std::size_t tiles() const { return tiles_.size(); }
    // Of the query with each row of a tile; 0 for rows that are not there. With AVX2 where the machine has it.
    void multiply(const MatrixQuery& query, std::size_t tile, Products products) const;
    // What multiply() chooses from; the results are equal.
    void multiply_scalar(const MatrixQuery& query, std::size_t tile, Products products) const;
    void multiply_avx2(const MatrixQuery& query, std::size_t tile, Products products) const;

    static constexpr std::size_t group_size = 4;

private:
    std::size_t groups_;  // of a row
    std::size_t rows_ = 0;
    std::vector<std::unique_ptr<std::int8_t[]>> tiles_;
};

}  // namespace archaeologist
