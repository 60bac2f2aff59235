// One project's documents in memory: what filters ask and hits name.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sqlite/connection.hpp"
#include "text/natural_language.hpp"
#include "vector/document_rows.hpp"

namespace archaeologist {

// Documents stand in the order of their ids; one that was erased leaves its place. Not thread-safe: its owner reads under
// a shared lock and refreshes alone.
class DocumentTable {
public:
    // Brings it to what the connection's transaction sees, or leaves it where it is newer.
    [[nodiscard]] Status refresh(sqlite::Connection& connection);
    // Whether refresh() would do nothing.
    [[nodiscard]] Result<bool> is_fresh(sqlite::Connection& connection) const;

    // Null where there is none.
    [[nodiscard]] const DocumentRow* find(std::int64_t id) const;
    // Calls visit(const DocumentRow&) for each, by id.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const DocumentRow& document : documents_) {
            if (document.id != 0) visit(document);
        }
    }
    // What its documents are stemmed in beside English.
    [[nodiscard]] std::vector<NaturalLanguage> languages() const;
    // Above every id.
    [[nodiscard]] std::int64_t next_id() const { return seen_.next_document; }

private:
    struct State {
        std::int64_t next_document = 1;
        std::int64_t oldest_erasure = 0;
        std::int64_t newest_erasure = 0;
    };
    [[nodiscard]] static Result<State> state_of(sqlite::Connection& connection);
    [[nodiscard]] bool is_behind(const State& state) const;
    [[nodiscard]] Status apply_erasures(sqlite::Connection& connection);
    [[nodiscard]] Status add_rows(sqlite::Connection& connection);
    [[nodiscard]] std::size_t index_of(std::int64_t id) const;
    [[nodiscard]] std::size_t& stemmed_as(const DocumentRow& document) {
        return stemmed_in_[static_cast<std::size_t>(stemming_of(document.language))];
    }

    State seen_;
    std::size_t erased_ = 0;
    std::vector<std::int64_t> ids_;  // those of erased ones stay
    std::vector<DocumentRow> documents_;
    std::array<std::size_t, natural_languages> stemmed_in_{};  // how many of them
};

}  // namespace archaeologist
