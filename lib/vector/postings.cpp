#include "vector/postings.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "sql/vector_words_postings.hpp"
#include "vector/bm25.hpp"
#include "vector/fts5.hpp"
#include "vector/index_terms.hpp"

namespace archaeologist {
namespace {

std::string quoted(std::string_view term) {
    std::string text = "\"";
    for (const char c : term) text.append(c == '"' ? 2 : 1, c);
    return text += '"';
}

Result<RowList> chunks_matching(sqlite::Connection& connection, const std::string& expression) {
    IndexRows rows;
    sqlite::Query query(connection, sql::vector_words_postings);
    query.bind(":collector", sqlite::Pointer{&rows, index_rows_pointer_type}).bind(":term", expression);
    ARCHAEO_TRY(query.run());
    return RowList(rows);
}

Result<Postings> postings_asked(sqlite::Connection& connection, std::string_view term) {
    Postings postings;
    ARCHAEO_ASSIGN(postings.chunks, chunks_asked(connection, term));
    // Who reaches a frequency reaches all below it.
    for (std::size_t level = 1; level < bm25_frequencies.size() && !postings.chunks.empty(); ++level) {
        ARCHAEO_ASSIGN(RowList chunks, chunks_asked(connection, index_term(term, level)));
        if (chunks.empty()) break;
        postings.higher.push_back(std::move(chunks));
    }
    return postings;
}

Postings united(const Postings& one, const Postings& other) {
    Postings both{united(one.chunks, other.chunks), {}};
    const auto higher = [](const Postings& of, std::size_t level) {
        return level < of.higher.size() ? of.higher[level] : RowList();
    };
    for (std::size_t level = 0; level < std::max(one.higher.size(), other.higher.size()); ++level) {
        both.higher.push_back(united(higher(one, level), higher(other, level)));
    }
    return both;
}

std::size_t bytes_of(const Postings& postings) {
    constexpr std::size_t entry_bytes = 256;  // of a map and its objects
    const auto add = [](std::size_t bytes, const RowList& rows) { return bytes + sizeof(rows) + rows.bytes(); };
    return std::accumulate(postings.higher.begin(), postings.higher.end(), entry_bytes + postings.chunks.bytes(), add);
}

}  // namespace

SharedPostings PostingsCache::find(const std::string& version, std::string_view term) {
    const MutexLock lock(mutex_);
    if (version != version_) return nullptr;
    const auto found = terms_.find(term);
    return found == terms_.end() ? nullptr : found->second;
}

void PostingsCache::put(const std::string& version, std::string_view term, SharedPostings postings) {
    const std::size_t bytes = bytes_of(*postings) + term.size();
    if (bytes > bytes_max_) return;
    const MutexLock lock(mutex_);
    // What is left out and asked for again is read again.
    if (version != version_ || bytes_ + bytes > bytes_max_) {
        terms_.clear();
        bytes_ = 0;
        version_ = version;
    }
    if (terms_.emplace(term, std::move(postings)).second) bytes_ += bytes;
}

Result<WordIndex> WordIndex::open(sqlite::Connection& connection, PostingsCache& cache) {
    ARCHAEO_ASSIGN(Doclists doclists, Doclists::open(connection));
    return WordIndex(connection, std::move(doclists), cache);
}

Result<Postings> WordIndex::read(std::string_view term) {
    ARCHAEO_ASSIGN(auto postings, doclists_.read(term));
    if (postings) return *std::move(postings);
    return postings_asked(*connection_, term);
}

Result<SharedPostings> WordIndex::find(std::string_view term) {
    const std::string& version = doclists_.version();
    if (!version.empty()) {
        if (SharedPostings known = cache_->find(version, term)) return known;
    }
    ARCHAEO_ASSIGN(Postings postings, read(term));
    SharedPostings shared = std::make_shared<const Postings>(std::move(postings));
    if (!version.empty()) cache_->put(version, term, shared);
    return shared;
}

Result<SharedPostings> WordIndex::find(const PrefixWord& prefix) {
    ARCHAEO_ASSIGN(const RowList beginning, chunks_beginning(prefix.begins));
    ARCHAEO_ASSIGN(const RowList stems, chunks_with_any(prefix.terms));
    return std::make_shared<const Postings>(Postings{united(beginning, stems), {}});
}

Result<SharedPostings> WordIndex::find(const QueryWord& word) {
    SharedPostings all;
    for (const std::string& term : word) {
        ARCHAEO_ASSIGN(SharedPostings more, find(std::string_view(term)));
        all = all == nullptr || all->chunks.empty() ? std::move(more)
                                                    : std::make_shared<const Postings>(united(*all, *more));
    }
    return all == nullptr ? std::make_shared<const Postings>() : all;
}

Result<RowList> WordIndex::chunks_with_any(std::span<const std::string> terms) {
    RowList all;
    for (const std::string& term : terms) {
        ARCHAEO_ASSIGN(const SharedPostings more, find(std::string_view(term)));
        all = united(all, more->chunks);
    }
    return all;
}

Result<RowList> WordIndex::chunks_beginning(std::string_view prefix) {
    return chunks_matching(*connection_, quoted(prefix) + " *");
}

Result<RowList> chunks_asked(sqlite::Connection& connection, std::string_view term) {
    return chunks_matching(connection, quoted(term));
}

}  // namespace archaeologist
