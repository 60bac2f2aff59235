#include "vector/postings.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "sql/vector_words_postings.hpp"
#include "vector/bm25.hpp"
#include "vector/doclists.hpp"
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

}  // namespace

Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term) {
    ARCHAEO_ASSIGN(auto rows, read_doclists(connection, term));
    if (rows) return *std::move(rows);
    return chunks_asked(connection, term);
}

Result<IndexRows> chunks_asked(sqlite::Connection& connection, std::string_view term) {
    return chunks_matching(connection, quoted(term));
}

Result<IndexRows> chunks_beginning(sqlite::Connection& connection, std::string_view prefix) {
    return chunks_matching(connection, quoted(prefix) + " *");
}

Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, const PrefixWord& prefix) {
    ARCHAEO_ASSIGN(IndexRows all, chunks_beginning(connection, prefix.begins));
    for (const std::string& term : prefix.terms) {
        ARCHAEO_ASSIGN(const IndexRows more, chunks_with(connection, term));
        IndexRows both;
        both.reserve(all.size() + more.size());
        std::set_union(all.begin(), all.end(), more.begin(), more.end(), std::back_inserter(both));
        all = std::move(both);
    }
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

}  // namespace archaeologist
