// One project's chunks in memory, as far as every query needs them: whose they are, how long, and their vectors.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archaeologist/result.hpp"
#include "sqlite/connection.hpp"
#include "vector/row_list.hpp"
#include "vector/vector_matrix.hpp"

namespace archaeologist {

// Rows stand in the order of their ids. Rows that were erased stay, with document 0, until the table is read anew.
// Not thread-safe: its owner reads under a shared lock and refreshes alone.
class RowCache {
public:
    // Vectors beyond vector_bytes_max are not kept: has_vectors() is false then, and queries read them from the file.
    RowCache(std::size_t dimension, std::size_t vector_bytes_max)
        : dimension_(dimension), vector_bytes_max_(vector_bytes_max), vectors_(dimension) {}

    // Brings it to what the connection's transaction sees, or leaves it where it is newer.
    [[nodiscard]] Status refresh(sqlite::Connection& connection);
    // Whether refresh() would do nothing.
    [[nodiscard]] Result<bool> is_fresh(sqlite::Connection& connection) const;

    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    // Rows that were not erased, and their lengths together.
    [[nodiscard]] std::size_t live_size() const { return ids_.size() - erased_rows_; }
    [[nodiscard]] std::uint64_t live_length() const { return live_length_; }
    [[nodiscard]] std::int64_t id(std::size_t row) const { return ids_[row]; }
    [[nodiscard]] std::int64_t document(std::size_t row) const { return documents_[row]; }  // 0 = erased
    [[nodiscard]] std::uint32_t ordinal(std::size_t row) const { return ordinals_[row]; }
    [[nodiscard]] std::uint32_t length(std::size_t row) const { return lengths_[row]; }
    // The first row at or behind `from` with an id of at least `id`. Quick for a near one.
    [[nodiscard]] std::size_t seek(std::size_t from, std::int64_t id) const;

    // Whether test(row) holds for a row of the same document whose core is fewer than so many bytes away.
    template <class Test>
    [[nodiscard]] bool any_near(std::size_t row, std::uint64_t bytes, Test test) const {
        if (test(row)) return true;
        std::uint64_t between = 0;
        for (std::size_t at = behind(row); at != nowhere && between < bytes; at = behind(at)) {
            if (test(at)) return true;
            between += core_bytes_[at];
        }
        between = 0;
        for (std::size_t at = before(row); at != nowhere && between < bytes; at = before(at)) {
            if (test(at)) return true;
            between += core_bytes_[at];
        }
        return false;
    }

    // Calls visit(row) for those of the chunks that are here.
    template <class Visit>
    void for_each(const RowList& chunks, Visit visit) const {
        std::size_t row = 0;
        chunks.for_each([&](std::int64_t chunk) {
            row = seek(row, chunk);
            if (row < size() && id(row) == chunk) visit(row);
        });
    }

    // By row, whether it is one of the chunks.
    [[nodiscard]] std::vector<bool> marked(const RowList& chunks) const {
        std::vector<bool> marks(size(), false);
        for_each(chunks, [&](std::size_t row) { marks[row] = true; });
        return marks;
    }

    [[nodiscard]] bool has_vectors() const { return has_vectors_; }
    [[nodiscard]] const VectorMatrix& vectors() const { return vectors_; }
    // The vector's product with itself; 0 for the zero vector.
    [[nodiscard]] std::int32_t squares(std::size_t row) const { return squares_[row]; }

private:
    struct State {
        std::int64_t next_chunk = 1;
        std::int64_t oldest_erasure = 0;
        std::int64_t newest_erasure = 0;
    };
    [[nodiscard]] static Result<State> state_of(sqlite::Connection& connection);
    [[nodiscard]] bool is_behind(const State& state) const;
    [[nodiscard]] Status apply_erasures(sqlite::Connection& connection);
    [[nodiscard]] Status add_rows(sqlite::Connection& connection);
    void join_pieces(std::size_t row);
    [[nodiscard]] bool follows(std::size_t row, std::size_t before) const;
    // Its neighbours in its document.
    static constexpr std::size_t nowhere = SIZE_MAX;
    [[nodiscard]] std::size_t behind(std::size_t row) const;
    [[nodiscard]] std::size_t before(std::size_t row) const;
    void add_vector(std::string_view bytes);
    void drop_vectors();
    void clear();

    std::size_t dimension_;
    std::size_t vector_bytes_max_;
    State seen_;
    std::size_t erased_rows_ = 0;
    std::uint64_t live_length_ = 0;
    std::vector<std::int64_t> ids_;
    std::vector<std::int64_t> documents_;
    std::vector<std::uint32_t> ordinals_;
    std::vector<std::uint32_t> lengths_;
    std::vector<std::uint32_t> core_bytes_;
    // From a row to another where a document's do not stand side by side.
    std::unordered_map<std::size_t, std::size_t> next_pieces_;
    std::unordered_map<std::size_t, std::size_t> previous_pieces_;
    std::vector<std::int32_t> squares_;
    VectorMatrix vectors_;
    bool has_vectors_ = true;
};

}  // namespace archaeologist
