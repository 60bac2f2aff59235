#include "vector/row_cache.hpp"

#include <algorithm>

#include "sql/vector_chunks_after.hpp"
#include "sql/vector_erasures_after.hpp"
#include "sql/vector_erasures_bounds.hpp"
#include "vector/document_rows.hpp"
#include "vector/int8_vector.hpp"

namespace archaeologist {

using sqlite::Connection;
using sqlite::Query;

Result<RowCache::State> RowCache::state_of(Connection& connection) {
    State state;
    ARCHAEO_ASSIGN(state.next_chunk, state_value(connection, "next_chunk"));
    Query erasures(connection, sql::vector_erasures_bounds);
    ARCHAEO_TRY(erasures.step());
    state.oldest_erasure = erasures.integer(0);
    state.newest_erasure = erasures.integer(1);
    return state;
}

bool RowCache::is_behind(const State& state) const {
    return state.next_chunk > seen_.next_chunk || state.newest_erasure > seen_.newest_erasure;
}

Result<bool> RowCache::is_fresh(Connection& connection) const {
    ARCHAEO_ASSIGN(const State state, state_of(connection));
    return !is_behind(state);
}

Status RowCache::refresh(Connection& connection) {
    ARCHAEO_ASSIGN(const State state, state_of(connection));
    if (!is_behind(state)) return {};
    const bool missed_erasures = state.oldest_erasure > seen_.newest_erasure + 1;
    if (missed_erasures || 2 * erased_rows_ > ids_.size()) clear();
    Status done;
    if (!ids_.empty()) done = apply_erasures(connection);
    if (done) done = add_rows(connection);
    if (!done) {
        clear();
        return done;
    }
    seen_ = state;
    return {};
}

Status RowCache::apply_erasures(Connection& connection) {
    Query erasures(connection, sql::vector_erasures_after);
    erasures.bind(":after", seen_.newest_erasure);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, erasures.step());
        if (!row) return {};
        const std::int64_t document = erasures.integer(1);
        const std::int64_t points = erasures.integer(2);
        for (std::size_t i = 0; i < documents_.size(); ++i) {
            if (documents_[i] != document || ordinals_[i] < points) continue;
            documents_[i] = 0;
            live_length_ -= lengths_[i];
            ++erased_rows_;
        }
    }
}

Status RowCache::add_rows(Connection& connection) {
    Query rows(connection, sql::vector_chunks_after);
    rows.bind(":after", ids_.empty() ? 0 : ids_.back());
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) return {};
        const std::string_view vector = rows.bytes(5);
        if (!vector.empty() && vector.size() != dimension_) {
            return Error{Code::corrupt, connection.path() + ": the vector of chunk " + std::to_string(rows.integer(0)) +
                                            " has " + std::to_string(vector.size()) + " bytes, must have " +
                                            std::to_string(dimension_)};
        }
        ids_.push_back(rows.integer(0));
        documents_.push_back(rows.integer(1));
        ordinals_.push_back(static_cast<std::uint32_t>(rows.integer(2)));
        lengths_.push_back(static_cast<std::uint32_t>(rows.integer(3)));
        live_length_ += lengths_.back();
        core_bytes_.push_back(static_cast<std::uint32_t>(rows.integer(4)));
        join_pieces(ids_.size() - 1);
        if (has_vectors_) add_vector(vector);
    }
}

bool RowCache::follows(std::size_t row, std::size_t before) const {
    return documents_[row] == documents_[before] && ordinals_[row] == ordinals_[before] + 1;
}

// What stands before the row in its document, where others were stored in between.
void RowCache::join_pieces(std::size_t row) {
    if (ordinals_[row] == 0 || follows(row, row - 1)) return;
    for (std::size_t before = row; before-- > 0;) {
        if (!follows(row, before)) continue;
        next_pieces_[before] = row;
        previous_pieces_[row] = before;
        return;
    }
}

std::size_t RowCache::behind(std::size_t row) const {
    if (documents_[row] == 0) return nowhere;
    if (row + 1 < size() && follows(row + 1, row)) return row + 1;
    const auto piece = next_pieces_.find(row);
    return piece != next_pieces_.end() && follows(piece->second, row) ? piece->second : nowhere;
}

std::size_t RowCache::before(std::size_t row) const {
    if (documents_[row] == 0) return nowhere;
    if (row > 0 && follows(row, row - 1)) return row - 1;
    const auto piece = previous_pieces_.find(row);
    return piece != previous_pieces_.end() && follows(row, piece->second) ? piece->second : nowhere;
}

void RowCache::add_vector(std::string_view bytes) {
    if (ids_.size() * dimension_ > vector_bytes_max_) return drop_vectors();
    const std::span vector(reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size());
    vectors_.add(vector);
    squares_.push_back(dot(vector, vector));
}

void RowCache::drop_vectors() {
    has_vectors_ = false;
    vectors_ = VectorMatrix(dimension_);
    squares_.clear();
    squares_.shrink_to_fit();
}

void RowCache::clear() { *this = RowCache(dimension_, vector_bytes_max_); }

std::size_t RowCache::seek(std::size_t from, std::int64_t id) const {
    // Ids ascend, so none stands further on than where no id is left out.
    const auto guess = from < ids_.size() && id >= ids_[from] ? from + static_cast<std::size_t>(id - ids_[from]) : from;
    if (guess < ids_.size() && ids_[guess] == id) return guess;
    std::size_t step = 1;
    std::size_t low = from;
    while (low + step < ids_.size() && ids_[low + step] < id) {
        low += step;
        step *= 2;
    }
    const auto begin = ids_.begin() + static_cast<std::ptrdiff_t>(std::min(low, ids_.size()));
    const auto end = ids_.begin() + static_cast<std::ptrdiff_t>(std::min(low + step + 1, ids_.size()));
    return static_cast<std::size_t>(std::lower_bound(begin, end, id) - ids_.begin());
}

}  // namespace archaeologist
