#include "vector/postings.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "sql/vector_words_postings.hpp"
#include "vector/bm25.hpp"
#include "vector/index_terms.hpp"

namespace archaeologist {

namespace {

std::string quoted(std::string_view term) {
    std::string text = "\"";
    for (const char c : term) text.append(c == '"' ? 2 : 1, c);
    return text += '"';
}

Result<IndexRows> chunks_matching(sqlite::Connection& connection, const std::string& expression) {
    IndexRows rows;
    sqlite::Query query(connection, sql::vector_words_postings);
    query.bind(":collector", sqlite::Pointer{&rows, index_rows_pointer_type}).bind(":term", expression);
    ARCHAEO_TRY(query.run());
    return rows;
}

IndexRows united(const IndexRows& one, const IndexRows& other) {
    IndexRows both;
    both.reserve(one.size() + other.size());
    std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(both));
    return both;
}

}  // namespace

Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term) {
    return chunks_matching(connection, quoted(term));
}

Result<IndexRows> chunks_with_any(sqlite::Connection& connection, std::span<const std::string> terms) {
    IndexRows all;
    for (const std::string& term : terms) {
        ARCHAEO_ASSIGN(IndexRows more, chunks_with(connection, term));
        all = all.empty() ? std::move(more) : united(all, more);
    }
    return all;
}

Result<IndexRows> chunks_beginning(sqlite::Connection& connection, std::string_view prefix) {
    return chunks_matching(connection, quoted(prefix) + " *");
}

Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, const PrefixWord& prefix) {
    ARCHAEO_ASSIGN(const IndexRows beginning, chunks_beginning(connection, prefix.begins));
    ARCHAEO_ASSIGN(const IndexRows stems, chunks_with_any(connection, prefix.terms));
    const IndexRows all = united(beginning, stems);
    std::vector<Posting> postings;
    postings.reserve(all.size());
    for (const std::int64_t chunk : all) postings.push_back({chunk, bm25_frequencies[0]});
    return postings;
}

Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, std::string_view term) {
    ARCHAEO_ASSIGN(const IndexRows all, chunks_with(connection, term));
    std::vector<Posting> postings;
    postings.reserve(all.size());
    for (const std::int64_t chunk : all) postings.push_back({chunk, bm25_frequencies[0]});
    // Who reaches a frequency reaches all below it.
    for (std::size_t level = 1; level < bm25_frequencies.size() && !postings.empty(); ++level) {
        ARCHAEO_ASSIGN(const IndexRows rows, chunks_with(connection, index_term(term, level)));
        auto posting = postings.begin();
        for (const std::int64_t chunk : rows) {
            while (posting != postings.end() && posting->chunk < chunk) ++posting;
            if (posting == postings.end()) break;
            if (posting->chunk == chunk) posting->frequency = bm25_frequencies[level];
        }
        if (rows.empty()) break;
    }
    return postings;
}

Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, const QueryWord& word) {
    std::vector<Posting> all;
    for (const std::string& term : word) {
        ARCHAEO_ASSIGN(std::vector<Posting> more, postings_of(connection, std::string_view(term)));
        if (all.empty()) {
            all = std::move(more);
            continue;
        }
        std::vector<Posting> both;
        both.reserve(all.size() + more.size());
        const auto is_before = [](const Posting& a, const Posting& b) { return a.chunk < b.chunk; };
        std::merge(all.begin(), all.end(), more.begin(), more.end(), std::back_inserter(both), is_before);
        all.clear();
        for (const Posting& posting : both) {
            const bool is_again = !all.empty() && all.back().chunk == posting.chunk;
            if (is_again) all.back().frequency = std::max(all.back().frequency, posting.frequency);
            if (!is_again) all.push_back(posting);
        }
    }
    return all;
}

}  // namespace archaeologist
