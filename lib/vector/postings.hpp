// Looks terms up in a project's index.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "base/mutex.hpp"
#include "sqlite/connection.hpp"
#include "text/analyzer.hpp"
#include "vector/doclists.hpp"

namespace archaeologist {

using SharedPostings = std::shared_ptr<const Postings>;

// What was read lately: a query's words are weighed before they are looked for, and looked for again on its next page.
// Thread-safe.
class PostingsCache {
public:
    explicit PostingsCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    // Null when they are not here, as they are in this version of the index.
    [[nodiscard]] SharedPostings find(const std::string& version, std::string_view term);
    void put(const std::string& version, std::string_view term, SharedPostings postings);

private:
    struct TermHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view term) const { return std::hash<std::string_view>()(term); }
    };

    const std::size_t bytes_max_;
    Mutex mutex_;
    std::string version_ ARCHAEO_GUARDED_BY(mutex_);
    std::size_t bytes_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::unordered_map<std::string, SharedPostings, TermHash, std::equal_to<>> terms_ ARCHAEO_GUARDED_BY(mutex_);
};

// The index as one transaction of the connection sees it, and no longer than that. One thread at a time.
class WordIndex {
public:
    [[nodiscard]] static Result<WordIndex> open(sqlite::Connection& connection, PostingsCache& cache);

    // Empty when no chunk holds the term; never null.
    [[nodiscard]] Result<SharedPostings> find(std::string_view term);
    // Of any word that begins so; each counts once.
    [[nodiscard]] Result<SharedPostings> find(const PrefixWord& prefix);
    // Of a word: of any of its terms, with the frequency of the one that occurs most.
    [[nodiscard]] Result<SharedPostings> find(const QueryWord& word);

    // The chunks alone, in ascending order.
    [[nodiscard]] Result<RowList> chunks_with_any(std::span<const std::string> terms);
    [[nodiscard]] Result<RowList> chunks_beginning(std::string_view prefix);

private:
    WordIndex(sqlite::Connection& connection, Doclists doclists, PostingsCache& cache)
        : connection_(&connection), doclists_(std::move(doclists)), cache_(&cache) {}
    [[nodiscard]] Result<Postings> read(std::string_view term);

    sqlite::Connection* connection_;
    Doclists doclists_;
    PostingsCache* cache_;
};

// The chunks that hold a term of the index, always by asking FTS5.
[[nodiscard]] Result<RowList> chunks_asked(sqlite::Connection& connection, std::string_view term);

}  // namespace archaeologist
