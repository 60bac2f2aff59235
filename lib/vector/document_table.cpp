#include "vector/document_table.hpp"

#include <algorithm>

#include "sql/vector_documents_after.hpp"
#include "sql/vector_erasures_after.hpp"
#include "sql/vector_erasures_bounds.hpp"

namespace archaeologist {

using sqlite::Connection;
using sqlite::Query;

Result<DocumentTable::State> DocumentTable::state_of(Connection& connection) {
    State state;
    ARCHAEO_ASSIGN(state.next_document, state_value(connection, "next_document"));
    Query erasures(connection, sql::vector_erasures_bounds);
    ARCHAEO_TRY(erasures.step());
    state.oldest_erasure = erasures.integer(0);
    state.newest_erasure = erasures.integer(1);
    return state;
}

bool DocumentTable::is_behind(const State& state) const {
    return state.next_document > seen_.next_document || state.newest_erasure > seen_.newest_erasure;
}

Result<bool> DocumentTable::is_fresh(Connection& connection) const {
    ARCHAEO_ASSIGN(const State state, state_of(connection));
    return !is_behind(state);
}

Status DocumentTable::refresh(Connection& connection) {
    ARCHAEO_ASSIGN(const State state, state_of(connection));
    if (!is_behind(state)) return {};
    const bool missed_erasures = state.oldest_erasure > seen_.newest_erasure + 1;
    if (missed_erasures || 2 * erased_ > ids_.size()) *this = DocumentTable();
    Status done;
    if (!ids_.empty()) done = apply_erasures(connection);
    if (done) done = add_rows(connection);
    if (!done) {
        *this = DocumentTable();
        return done;
    }
    seen_ = state;
    return {};
}

// An erasure that leaves points leaves the document.
Status DocumentTable::apply_erasures(Connection& connection) {
    Query erasures(connection, sql::vector_erasures_after);
    erasures.bind(":after", seen_.newest_erasure);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, erasures.step());
        if (!row) return {};
        const std::size_t index = index_of(erasures.integer(1));
        if (erasures.integer(2) > 0 || index == ids_.size() || documents_[index].id == 0) continue;
        --stemmed_as(documents_[index]);
        documents_[index] = DocumentRow();
        ++erased_;
    }
}

Status DocumentTable::add_rows(Connection& connection) {
    Query rows(connection, sql::vector_documents_after);
    rows.bind(":after", ids_.empty() ? 0 : ids_.back());
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) return {};
        documents_.push_back(document_row(rows));
        ids_.push_back(documents_.back().id);
        ++stemmed_as(documents_.back());
    }
}

std::vector<NaturalLanguage> DocumentTable::languages() const {
    std::vector<NaturalLanguage> languages;
    for (std::size_t i = 0; i < natural_languages; ++i) {
        const auto language = static_cast<NaturalLanguage>(i);
        if (stemmed_in_[i] > 0 && language != NaturalLanguage::english) languages.push_back(language);
    }
    return languages;
}

std::size_t DocumentTable::index_of(std::int64_t id) const {
    const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
    return found != ids_.end() && *found == id ? static_cast<std::size_t>(found - ids_.begin()) : ids_.size();
}

const DocumentRow* DocumentTable::find(std::int64_t id) const {
    const std::size_t index = index_of(id);
    return index == ids_.size() || documents_[index].id == 0 ? nullptr : &documents_[index];
}

}  // namespace archaeologist
